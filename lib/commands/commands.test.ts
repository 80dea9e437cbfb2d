import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { sealAll, someEvent } from "@/lib/audit/test-seal";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { serverUrl, testDatabase } from "@/lib/platform/test-database";
import { sealedColumns } from "@/lib/sealed-rows";

/* The commands as an operator types them, by the lines of package.json. What they do is tested beside it; here it is what they need, say and end with. */

const database = testDatabase();
const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** `npm run SCRIPT -- …args`. An empty variable is a missing one. */
const npm = (script: string, args: string[] = [], variables: Record<string, string> = {}) => new Promise<{ code: number; said: string; complained: string }>((resolve) => {
  execFile("npm", ["run", "-s", script, "--", ...args], { env: { ...process.env, DATABASE_URL: database.url, npm_config_update_notifier: "false", ...variables } },
    (error, said, complained) => resolve({ code: error ? Number(error.code) : 0, said, complained }));
});
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

test("from an empty database to an account: db:migrate names what is missing and touches nothing, then makes the tables; staff:create and staff:change say what they did", async () => {
  const name = `ichido_commands_${randomUUID().slice(0, 8)}`;
  const admin = postgres(serverUrl().href, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  onTestFinished(async () => {
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end();
  });
  const DATABASE_URL = Object.assign(serverUrl(), { pathname: `/${name}` }).href;
  const sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} });
  onTestFinished(() => sql.end());
  const tables = async () => (await sql`select from pg_tables where schemaname = 'public'`).length;

  expect(await npm("db:migrate", [], { DATABASE_URL, KEY_RING: "", MAIL_FROM: "" })).toEqual({ code: 1, said: "", complained: "Ichido does not start:\n  - KEY_RING is missing\n  - MAIL_FROM is missing\n" });
  expect(await tables()).toBe(0);
  expect(await npm("db:migrate", [], { DATABASE_URL })).toEqual({ code: 0, said: "", complained: "" });
  expect(await tables()).toBeGreaterThan(15);

  const person = ["--id", "yamada", "--name", "山田太郎", "--branch", "本店営業部"];
  expect(await npm("staff:create", person, { DATABASE_URL })).toEqual({ code: 1, said: "", complained: matching(/--duty is one of[^]*Usage:/) });
  expect(await npm("staff:create", [...person, "--duty", "clerk"], { DATABASE_URL })).toEqual({ code: 0, said: matching(/^yamada is registered\.\n[^]*Temporary password[^]*otpauth:\/\/totp\//), complained: "" });
  expect(await npm("staff:change", ["--id", "yamada", "--duty", "approver"], { DATABASE_URL })).toEqual({ code: 0, said: "yamada is changed.\n", complained: "" });
  expect(await sql`select staff_id, duty from staff`).toEqual([{ staff_id: "yamada", duty: "approver" }]);
}, 120_000);

test("keys:rotate seals everything anew and ends with 0; without a key that rows need, a whole environment or the database it says so, ends with 1 and changes nothing", async () => {
  await putScenario("demo");
  const [older, newer] = [process.env.KEY_RING!, `2027a:${Buffer.alloc(32, 5).toString("base64")}`];
  const keys = async () => [...new Set((await Promise.all(sealedColumns.map(({ table, column }) =>
    database.client<{ key: string }[]>`select distinct split_part(${database.client(column)}, '.', 1) as key from ${database.client(table)} where ${database.client(column)} is not null`))).flat().map(({ key }) => key))];

  const [without, half, away] = await Promise.all([
    npm("keys:rotate", [], { KEY_RING: newer }),
    npm("keys:rotate", [], { KEY_RING: `${newer},${older}`, NEXTAUTH_SECRET: "" }),
    npm("keys:rotate", [], { KEY_RING: `${newer},${older}`, DATABASE_URL: "postgres://someone:a-password@127.0.0.1:1/none" }),
  ]);
  expect(without).toEqual({ code: 1, said: matching(/^Nothing was changed:\n {2}- KEY_RING lacks the key "test", under which rows of tokens are sealed\n/), complained: "" });
  expect(half).toEqual({ code: 1, said: "", complained: "The environment is not whole:\n  - NEXTAUTH_SECRET is missing\n" });
  expect(away).toEqual({ code: 1, said: "", complained: matching(/ECONNREFUSED/) });
  expect(away.complained).not.toContain("a-password");
  expect(await keys()).toEqual(["test"]);

  const rotated = await npm("keys:rotate", [], { KEY_RING: `${newer},${older}` });
  expect(rotated).toEqual({ code: 0, said: matching(/^tokens\.sealed_key: [1-9]\d* sealed anew under "2027a"\n[^]*"test" seals nothing any more\. It may leave KEY_RING/), complained: "" });
  for (const key of [older, newer]) expect(rotated.said).not.toContain(key.split(":")[1]);
  expect(await keys()).toEqual(["2027a"]);
}, 120_000);

test("audit:public-key, audit:export and audit:verify, one after the other: the file is as it was sealed; one that was changed is not, and nothing is written without the key", async () => {
  await putScenario("demo");
  for (const loginId of ["haruki", "nobody", "haruki"]) await someEvent(database.db, loginId);
  await sealAll();
  const [file, key, changed, none] = ["audit.ndjson", "institution.key", "changed.ndjson", "none.ndjson"].map((name) => path.join(directory, name)) as [string, string, string, string];

  const [publicKey, noKey, exported, notExported] = await Promise.all([
    npm("audit:public-key"), npm("audit:public-key", [], { AUDIT_SIGNING_KEY: "" }), npm("audit:export", ["--out", file]), npm("audit:export", ["--out", none], { AUDIT_SIGNING_KEY: "" }),
  ]);
  expect(publicKey).toEqual({ code: 0, said: matching(/^[A-Za-z0-9+/]{43}=\n$/), complained: matching(/^Fingerprint: /) });
  expect(noKey).toEqual({ code: 1, said: "", complained: "AUDIT_SIGNING_KEY is missing, or is not base64 of 32 bytes.\n" });
  expect(exported).toMatchObject({ code: 0, said: matching(/: 2 chains, \d+ blocks, \d+ rows, /) });
  expect([notExported, existsSync(none)]).toEqual([{ code: 1, said: "", complained: "The environment is not whole:\n  - AUDIT_SIGNING_KEY is missing\n" }, false]);

  writeFileSync(key, publicKey.said);
  writeFileSync(changed, readFileSync(file, "utf8").replace("192.0.2.1", "192.0.2.2"));
  const verify = (name: string) => npm("audit:verify", [name, "--public-key-file", key]);
  expect(await Promise.all([file, changed, none].map(verify))).toEqual([
    { code: 0, said: matching(/^OK: 2 chains, \d+ blocks, \d+ rows /), complained: "" }, { code: 1, said: "", complained: matching(/^NOT OK: .*was changed/) }, { code: 1, said: "", complained: matching(/ENOENT/) },
  ]);
}, 120_000);

test("prove:invariants asks the database that it is given, or the service's, and ends with 1 where something is not true or nothing is asked", async () => {
  await putScenario("demo");
  const file = path.join(directory, "database_url");
  writeFileSync(file, `${database.url}\n`);
  const [given, own, nothing] = await Promise.all([npm("prove:invariants", [database.url], { DATABASE_URL: "" }), npm("prove:invariants", [], { DATABASE_URL: "", DATABASE_URL_FILE: file }), npm("prove:invariants", [], { DATABASE_URL: "" })]);
  expect(given).toEqual({ code: 0, said: matching(/^(OK .+\n)+not asked {2}.+\n$/), complained: "" });
  expect(own).toEqual({ code: 0, said: matching(/^(OK .+\n)+$/), complained: "" });
  expect(nothing).toEqual({ code: 1, said: "", complained: matching(/^Usage: npm run prove:invariants/) });
  await database.client`update users set one_time_password_failures = 5 where login_id = 'haruki'`;
  expect(await npm("prove:invariants", [database.url])).toEqual({ code: 1, said: matching(/^VIOLATED {2}suspended at the last failure: /m), complained: "" });
}, 120_000);

test("a launcher that is told nonsense says how it is used, and begins nothing", async () => {
  const said = await Promise.all([["demo", "--instances", "0"], ["dev", "--nonsense"], ["prove:load", "--rounds", "0"], ["prove:model", "--runs", "none"], ["prove:failover", "--rounds", "0"]].map(([script, ...args]) => npm(script!, args)));
  expect(said).toEqual(["demo", "demo", "prove:load", "prove:model", "prove:failover"].map((script) => ({ code: 1, said: "", complained: matching(new RegExp(`Usage: npm run ${script}`)) })));
}, 120_000);

const statements = readdirSync("docs", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"))
  .flatMap((file) => [...readFileSync(path.join("docs", file), "utf8").matchAll(/`((?:select|update|alter|insert|delete) [^`]+)`/g)].map(([, statement]) => [file, statement!] as const));

test.each(statements)("%s tells a statement that the database takes: %s", async (_, statement) => {
  const undone = new Error("undone");
  await expect(database.client.begin(async (tx) => {
    await tx.unsafe(statement);
    throw undone;
  })).rejects.toBe(undone);
});
