import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyFile } from "@/lib/commands/audit-verify.mjs";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { testRoles } from "@/lib/platform/test-roles";
import { signerOf } from "./chain.mjs";
import { exportAuditLog } from "./export";
import { auditKey } from "./key";
import { headOf } from "./store";
import { sealAll, someEvent } from "./test-seal";

const database = testDatabase();
const roles = testRoles(database);

const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;
const fileOf = (text: string | Buffer) => {
  const file = path.join(directory, `${files += 1}.ndjson`);
  writeFileSync(file, text);
  return file;
};
const publicKey = () => auditKey().publicKey;
const check = (text: string | Buffer, ...more: string[]) => verifyFile([fileOf(text), "--public-key", publicKey(), ...more]);

async function exported(contractNumber?: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of (await exportAuditLog(contractNumber))!) lines.push(line);
  return lines;
}
const asFile = (lines: string[]) => `${lines.join("\n")}\n`;

let lines: string[];
let heads: Record<"haruki" | "mihon" | "nobody", string>;
beforeAll(async () => {
  await putScenario("demo");
  for (let i = 0; i < 3; i += 1) {
    for (const loginId of ["haruki", "haruki", "mihon", "mihon", "nobody", "haruki"]) await someEvent(database.db, loginId);
    await sealAll();
  }
  const head = async (corporationId: string | null) => headOf(database.db, corporationId).then((of) => `${of!.number}:${of!.hash}`);
  heads = { haruki: await head((await person("haruki").row()).corporationId), mihon: await head((await person("mihon").row()).corporationId), nobody: await head(null) };
  lines = await exported();
});

const at = (kind: string, nth = 0) => lines.findIndex((line, index) => line.startsWith(`{"kind":"${kind}"`) && lines.slice(0, index).filter((before) => before.startsWith(`{"kind":"${kind}"`)).length === nth);
/** Its numbers put right, as a careful thief would; only the signature of the end is missing then. */
const endOf = (those: string[]) => JSON.stringify({ ...(JSON.parse(lines.at(-1)!) as object), ...Object.fromEntries((["chain", "block", "row"] as const).map((kind) => [`${kind}s`, those.filter((line) => line.startsWith(`{"kind":"${kind}"`)).length])) });

describe("an export", () => {
  test("of several companies is as it was sealed, and has the heads that receipts name", async () => {
    const { code, said } = await check(asFile(lines), ...Object.values(heads).flatMap((head) => ["--head", head]));
    expect([code, said]).toEqual([0, expect.stringMatching(/^OK: 3 chains, 9 blocks, \d+ rows of いちど信用組合, .* the 3 heads that you know are there\./)]);
    expect(said).toContain(`institution: 3 blocks`);
    expect(said).toContain(`head ${heads.haruki}`);
  });

  test("of one company has its chain alone", async () => {
    const own = await exported("1000002");
    expect(await check(asFile(own), "--head", heads.mihon)).toMatchObject({ code: 0, said: expect.stringMatching(/^OK: 1 chains, 3 blocks, 6 rows/) as string });
    expect(await check(asFile(own), "--head", heads.haruki)).toMatchObject({ code: 1, said: expect.stringMatching(/Block 3 of the chain of contract 1000002 has not the hash/) as string });
    expect(own.join("")).not.toContain((await person("haruki").row()).corporationId);
    expect(await exportAuditLog("9999999")).toBeUndefined();
  });

  test("may have been sent as a Windows text, and a head typed from paper", async () => {
    const [number, hash] = heads.mihon.split(":");
    expect(await check(lines.map((line) => `${line}\r\n`).join(""), "--head", `${number}: ${hash!.toUpperCase().replace(/(.{8})/g, "$1 ")}`)).toMatchObject({ code: 0 });
  });
});

/** A column of the nth row, changed in the file. */
const rowChanged = (nth: number, changes: object) => lines.map((line, index) => (index === at("row", nth) ? JSON.stringify({ ...(JSON.parse(line) as object), ...changes }) : line));
const without = (...indexes: number[]) => lines.filter((_, index) => !indexes.includes(index));
const swapped = (one: number, other: number) => lines.map((line, index) => (index === one ? lines[other]! : index === other ? lines[one]! : line));
const corrected = (those: string[]) => [...those.slice(0, -1), endOf(those)];

describe("found in a file:", () => {
  test.each<[string, () => string[], RegExp]>([
    ["a changed column", () => rowChanged(0, { network: "198.51.100.1" }), /^NOT OK: Block 1 of the institution's chain is not as it was sealed: row 1 of 1 was changed \(event \d+\)\.$/],
    ["a column set to nothing", () => rowChanged(4, { userId: null }), /was changed/],
    ["a column more", () => rowChanged(4, { more: "x" }), /is no whole row/],
    ["a column as a number", () => rowChanged(4, { id: 7 }), /is no whole row/],
    ["a row removed", () => corrected(without(at("row", 4))), /Block 1 of the chain of contract 1000001 is not as it was sealed: row 2 of \d+ was removed\.$/],
    ["a row twice", () => corrected([...lines.slice(0, at("row", 4)), lines[at("row", 4)]!, ...lines.slice(at("row", 4))]), /event \d+ was added/],
    ["two rows exchanged", () => swapped(at("row", 4), at("row", 5)), /its rows stand in another order from row 2 of \d+ on \(event \d+\)/],
    ["a block removed", () => corrected(without(...[...lines.keys()].filter((index) => index >= at("block", 4) && index < at("block", 5)))), /Block 2 of the chain of contract 1000001 is missing: block 3 comes in its place/],
    ["a block removed, its rows left", () => corrected(without(at("block", 4))), /Block 1 of the chain of contract 1000001 is not as it was sealed: event \d+ was added/],
    ["two blocks exchanged", () => swapped(at("block", 4), at("block", 5)), /Block 2 of the chain of contract 1000001 is missing/],
    ["a block's moment changed", () => lines.map((line, index) => (index === at("block", 2) ? line.replace(/"sealedAt":"20../, '"sealedAt":"2001') : line)), /was changed: its hash/],
    ["a signature exchanged", () => lines.map((line, index) => (index === at("block", 2) ? JSON.stringify({ ...(JSON.parse(line) as object), signature: (JSON.parse(lines[at("block", 1)]!) as { signature: string }).signature }) : line)), /is not signed by the institution's key/],
    ["a chain under another name", () => lines.map((line, index) => (index === at("chain", 1) ? lines[at("chain", 2)]! : line)), /was sealed for another chain/],
    ["a whole chain removed", () => corrected(without(...[...lines.keys()].filter((index) => index >= at("chain", 2) && index < lines.length - 1))), /its last line is not signed for the lines before it/],
    ["the end of a chain removed, block and all", () => corrected(without(...[...lines.keys()].filter((index) => index >= at("block", 8) && index < lines.length - 1))), /its last line is not signed for the lines before it/],
    ["the same without putting the numbers right", () => without(...[...lines.keys()].filter((index) => index >= at("block", 8) && index < lines.length - 1)), /the export had 3, 9 and \d+, the file has 3, 8 and/],
    ["the institution's name changed", () => [lines[0]!.replace("いちど", "にせ"), ...lines.slice(1)], /its last line is not signed/],
    ["no last line", () => lines.slice(0, -1), /^NOT OK: The file was cut: it ends in the middle, after line \d+\.$/],
    ["only a first line", () => lines.slice(0, 1), /was cut/],
    ["a line behind the end", () => [...lines, lines[at("row")]!], /stands behind the end/],
    ["a line of nobody's", () => [...lines.slice(0, 3), '{"kind":"note"}', ...lines.slice(3)], /Line 4 is nothing of ours/],
    ["an empty line", () => [...lines.slice(0, 3), "", ...lines.slice(3)], /Line 4 cannot be read/],
    ["a row before any block", () => [...lines.slice(0, 2), lines[at("row")]!, ...lines.slice(2)], /Event \d+ in the institution's chain belongs to no block/],
  ])("%s", async (_, change, sentence) => {
    const { code, said } = await check(asFile(change()));
    expect([code, said]).toEqual([1, expect.stringMatching(sentence)]);
    expect(said.split("\n")).toHaveLength(1);
  });

  test("every single row that is missing, and every bit of a row that is another", async () => {
    for (const [index, line] of lines.entries()) {
      if (!line.startsWith('{"kind":"row"')) continue;
      expect((await check(asFile(corrected(without(index))))).code).toBe(1);
      const bytes = Buffer.from(asFile(lines));
      bytes[Buffer.byteLength(asFile(lines.slice(0, index))) + 20 + (index * 37) % (Buffer.byteLength(line) - 30)]! ^= 1 << (index % 7);
      expect((await check(bytes)).code).toBe(1);
    }
  });

  test("a cut anywhere", async () => {
    const whole = asFile(lines);
    for (let end = 0; end < whole.length - 1; end += 997) expect((await check(whole.slice(0, end))).code).toBe(1);
  });

  test("what is not ours, in a plain sentence", async () => {
    for (const [text, sentence] of [["", /^NOT OK: The file is empty\.$/], ["\x89PNG\r\n\x1a\n\0\0", /not an export of the audit log/], ["[]", /not an export/], ["null\n", /not an export/], ['{"kind":"export","format":"ichido audit 2"}\n', /this program reads "ichido audit 1"/]] as const)
      expect(await check(text)).toMatchObject({ code: 1, said: expect.stringMatching(sentence) as string });
  });
});

describe("who checks", () => {
  test("is told that the key is another's, also where the file names the right one", async () => {
    const { publicKey: other, sign } = signerOf(Buffer.alloc(32, 3).toString("base64"));
    expect(await verifyFile([fileOf(asFile(lines)), "--public-key", other])).toMatchObject({ code: 1, said: expect.stringContaining("signed by another key") as string });
    const forged = lines.map((line) => {
      const of = JSON.parse(line) as { kind: string; hash: string };
      return of.kind === "block" ? JSON.stringify({ ...of, signature: sign("head", of.hash) }) : line;
    });
    expect((await check(asFile(forged))).said).toMatch(/Block 1 of the institution's chain is not signed by the institution's key/);
  });

  test("is told where the key came from the file alone", async () => {
    const { code, said } = await verifyFile([fileOf(asFile(lines))]);
    expect([code, said]).toEqual([0, expect.stringContaining("ask the institution whether it is theirs")]);
  });

  test("is told in a sentence what was asked wrongly", async () => {
    const file = fileOf(asFile(lines));
    for (const [args, sentence] of [
      [[], /^Usage: /], [[path.join(directory, "none")], /ENOENT/], [[directory], /EISDIR/], [[file, "--public-key", "AAAA"], /public key is not base64 of 32 bytes/],
      [[file, "--head", "12"], /is not NUMBER:HASH/], [[file, "--nonsense"], /Unknown option/], [[file, "--public-key-file", path.join(directory, "none")], /ENOENT/],
    ] as const) expect(await verifyFile([...args])).toMatchObject({ code: 1, said: expect.stringMatching(sentence) as string });
  });

  test("needs Node, three files, the export and the public key, and nothing else", () => {
    const elsewhere = path.join(directory, "auditor");
    for (const file of ["lib/audit/chain.mjs", "lib/audit/verify.mjs", "lib/commands/audit-verify.mjs"]) {
      mkdirSync(path.join(elsewhere, path.dirname(file)), { recursive: true });
      cpSync(file, path.join(elsewhere, file));
    }
    writeFileSync(path.join(elsewhere, "key.txt"), `${publicKey()}\n`);
    const run = (...args: string[]) => spawnSync(process.execPath, ["lib/commands/audit-verify.mjs", ...args], { cwd: elsewhere, env: {} as NodeJS.ProcessEnv, encoding: "utf8" });
    expect(run(fileOf(asFile(lines)), "--public-key-file", "key.txt", "--head", heads.nobody)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^OK: /) as string, stderr: "" });
    expect(run(fileOf(asFile(rowChanged(3, { name: "x" }))), "--public-key-file", "key.txt")).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(/^NOT OK: .*was changed/) as string });
  });
});

describe("the command", () => {
  const run = (...args: string[]) => spawnSync("node_modules/.bin/tsx", args, { encoding: "utf8", env: { ...process.env, DATABASE_URL: roles.customersUrl } });

  test("writes a file that only its owner reads, as the service's own role; overwrites none unless told to, and leaves nothing half", async () => {
    const folder = path.join(directory, "out");
    mkdirSync(folder);
    const out = path.join(folder, "audit.ndjson");
    const key = run("lib/commands/audit-public-key.ts");
    expect([key.status, key.stdout]).toEqual([0, `${publicKey()}\n`]);
    expect(run("lib/commands/audit-export.ts", "--out", out)).toMatchObject({ status: 0, stdout: expect.stringContaining("3 chains, 9 blocks") as string });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(await check(readFileSync(out))).toMatchObject({ code: 0 });
    const before = readFileSync(out);
    expect(run("lib/commands/audit-export.ts", "--out", out)).toMatchObject({ status: 1, stderr: expect.stringContaining("is there already") as string });
    expect(readFileSync(out).equals(before)).toBe(true);
    expect(run("lib/commands/audit-export.ts", "--out", out, "--force", "--company", "1000002")).toMatchObject({ status: 0, stdout: expect.stringContaining("1 chains") as string });
    expect(run("lib/commands/audit-export.ts", "--out", path.join(folder, "none"), "--company", "77")).toMatchObject({ status: 1, stderr: expect.stringContaining("Nothing is sealed of a contract with the number 77") as string });
    expect(run("lib/commands/audit-export.ts", "--out", path.join(folder, "no", "folder"))).toMatchObject({ status: 1, stderr: expect.stringContaining("ENOENT") as string });
    expect(readdirSync(folder)).toEqual(["audit.ndjson"]);
  }, 120_000);
});
