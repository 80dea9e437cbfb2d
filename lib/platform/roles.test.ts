import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { testDatabase } from "./test-database";
import { rolesSql, testRoles } from "./test-roles";

/* drizzle/roles.sql: what each role may not do, asked of PostgreSQL. That they may do enough is shown by `app/roles.test.ts`. */

const database = testDatabase();
const roles = testRoles(database);

let admin: postgres.Sql;
beforeAll(async () => {
  admin = postgres(database.url, { max: 1, onnotice: () => {} });
  await putScenario("demo");
});
afterAll(() => admin.end());

/** What PostgreSQL answers the role: "done", or its error's code. Nothing stays. */
async function answer(role: string, statement: string): Promise<string> {
  const undone = new Error("undone");
  return admin.begin(async (tx) => {
    await tx.unsafe(`set local role ${role}`);
    await tx.unsafe(statement);
    throw undone;
  }).then(() => "done", (error: Error & { code?: string }) => (error === undone ? "done" : error.code ?? error.message));
}
const refused = "42501"; // insufficient_privilege
const tables = async () => (await admin<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public' order by 1`).map(({ name }) => name);
const everyPrivilege = ["select", "insert", "update", "delete", "truncate", "references", "trigger"];
const any = (role: string, table: string, privileges: string[]) => admin<{ privilege: string }[]>`
  select privilege from unnest(${privileges}::text[]) as privilege
  where has_table_privilege(${role}, ${table}, privilege) or (split_part(privilege, ' ', 1) in ('select', 'insert', 'update', 'references') and has_any_column_privilege(${role}, ${table}, privilege))`
  .then((rows) => rows.map(({ privilege }) => privilege));

const consoleOnly = ["staff", "staff_known_browsers", "staff_login_attempts", "staff_sessions", "staff_passkeys", "staff_passkey_challenges", "cases", "case_targets"];

test.each(consoleOnly)("the customers' role has nothing on %s, no column either", async (table) => {
  expect(await any(roles.customers, table, everyPrivilege)).toEqual([]);
  expect(await answer(roles.customers, `select from ${table}`)).toBe(refused);
  expect(await answer(roles.customers, `delete from ${table}`)).toBe(refused);
});

test("every table is somebody's: one that is new has to be named in roles.sql", async () => {
  for (const table of await tables()) {
    const may = [...(await any(roles.customers, table, ["select"])), ...(await any(roles.counter, table, ["select"]))];
    expect([table, may.length > 0]).toEqual([table, true]);
  }
  expect((await tables()).length).toBeGreaterThan(15);
});

describe("the audit log, its triggers taken away", () => {
  const log = ["audit_events", "audit_blocks", "audit_seals"];
  const block = (number: number) => `insert into audit_blocks values ('00000000-0000-0000-0000-000000000000', ${number}, 'x', '1', 1, 1, decode(repeat('00', 32), 'hex'), 'x', 'x', now())`;
  beforeAll(async () => {
    await admin`insert into audit_seals (number, up_to_transaction, up_to_event, events, hash, sealed_at) values (1, '1', 1, 1, 'x', now())`;
    await admin.unsafe(block(1));
    for (const table of log) await admin.unsafe(`alter table ${table} disable trigger user`);
  });
  afterAll(async () => { for (const table of log) await admin.unsafe(`alter table ${table} enable trigger user`); });

  const who = () => [roles.customers, roles.counter];
  test("is read and added to by both roles, and changed by neither", async () => {
    for (const role of who()) {
      expect(await answer(role, "select * from audit_events")).toBe("done");
      expect(await answer(role, `insert into audit_events (at, name, result, actor_kind, request_id, network, browser, details) values (now(), 'x', 'done', 'system', gen_random_uuid(), '', '', '{}')`)).toBe("done");
      for (const table of ["audit_blocks", "audit_seals"]) expect(await answer(role, `select * from ${table}`)).toBe("done");
      expect(await any(role, "audit_seals", ["insert"])).toEqual([]); // of the past
      for (const table of log)
        expect(await any(role, table, ["update", "delete", "truncate", "references", "trigger"])).toEqual([]);
    }
    expect(await answer(roles.customers, block(2))).toBe("done");
    expect(await any(roles.counter, "audit_blocks", ["insert"])).toEqual([]); // the blocks are closed by the customers' side, for both
  });

  test.each(["update audit_events set name = 'x'", "delete from audit_events", "truncate audit_events", "update audit_blocks set hash = 'y'", "delete from audit_blocks", "truncate audit_blocks", "delete from audit_seals",
    "alter table audit_events disable trigger user", "drop trigger audit_events_only_added on audit_events", "drop table audit_blocks"])("%s: refused to both", async (statement) => {
    for (const role of who()) expect([role, await answer(role, statement)]).toEqual([role, refused]);
  });
});

describe("the counter's role", () => {
  test.each([
    "insert into staff (staff_id, name, branch, duty, password_hash, password_temporary, sealed_key, algorithm, created_at) values ('x', 'x', 'x', 'approver', 'x', false, 'x', 'SHA-1', now())",
    "update staff set duty = 'approver'", "update staff set branch = 'x'", "update staff set sealed_key = 'x'", "update staff set ended_at = now()", "delete from staff", "delete from cases",
    "update users set user_class = 'master'", "update users set mail_address = 'x'", "update users set login_id = 'x'", "update users set deleted_at = now()", "delete from users",
    "update corporations set name = 'x'", "update corporations set contract_number = 'x'",
    "insert into tokens default values", "update tokens set confirmed_at = now()", "update tokens set last_time_step = 0", "update tokens set expires_at = now()",
    "insert into sessions default values", "update sessions set secret_hash = 'x'", "update sessions set expires_at = now()", "insert into suspensions default values", "insert into login_attempts default values",
    "select sealed_content from mail_intents", "select recipient from mail_intents", "update mail_intents set due_at = now()", "select from act_results", "update known_browsers set failures = 0",
    "insert into passkeys default values", "update passkeys set public_key = ''", "update passkeys set counter = 0", "update passkeys set user_id = gen_random_uuid()", "delete from passkeys", "select from passkey_challenges", "insert into passkey_challenges default values",
    "delete from staff_passkeys", "update staff_passkeys set public_key = ''", "update staff_passkeys set credential_id = 'x'", "update staff_passkeys set staff_id = gen_random_uuid()",
  ])("may not: %s", async (statement) => {
    expect(await answer(roles.counter, statement)).toBe(refused);
  });
});

describe("the customers' role", () => {
  test.each(["insert into corporations default values", "update corporations set service_applies_from = null", "update corporations set name = 'x'", "delete from corporations", "delete from users", "delete from tokens", "delete from suspensions",
    "delete from stops", "delete from mail_intents", "delete from sessions", "delete from passkeys", "update passkeys set public_key = ''", "update passkeys set credential_id = 'x'", "update passkeys set user_id = gen_random_uuid()"])("may not: %s", async (statement) => {
    expect(await answer(roles.customers, statement)).toBe(refused);
  });
});

test("neither role owns, makes, empties or grants anything", async () => {
  for (const role of [roles.customers, roles.counter]) {
    for (const table of await tables()) expect([table, await any(role, table, ["truncate", "references", "trigger"])]).toEqual([table, []]);
    for (const statement of ["create table mine ()", "create schema mine", "create role another", "alter table users add column x text", "delete from drizzle.__drizzle_migrations", "create or replace function app_now() returns timestamptz language sql as 'select null::timestamptz'"])
      expect([statement, await answer(role, statement)]).toEqual([statement, refused]);
    for (const table of await tables()) expect([table, await any(role, table, everyPrivilege.map((privilege) => `${privilege} with grant option`))]).toEqual([table, []]);
    const [row] = await admin`select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolcanlogin from pg_roles where rolname = ${role}`;
    expect(row).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false, rolcanlogin: true });
    const others = await admin`select from pg_roles where pg_has_role(${role}, oid, 'member') and rolname <> ${role}`;
    expect(others.length).toBe(0);
  }
});

test("what was granted by hand is gone once the file is applied again, and what it grants is there", async () => {
  const before = () => admin`select grantee, table_name, column_name, privilege_type from information_schema.column_privileges where grantee in (${roles.customers}, ${roles.counter}) order by 1, 2, 3, 4`;
  const granted = await before();
  await admin.unsafe(`grant select on staff to ${roles.customers}; grant update (duty) on staff to ${roles.counter}; grant delete on audit_events to ${roles.counter}`);
  expect(await answer(roles.customers, "select from staff")).toBe("done");
  await admin.unsafe(rolesSql(roles.suffix));
  expect(await before()).toEqual(granted);
  expect(await any(roles.counter, "audit_events", ["delete"])).toEqual([]);
});

test("an owner who is no superuser migrates and applies it; one who may not even make roles does, where they are there", async () => {
  const owner = `ichido_owner_${roles.suffix}`;
  const suffix = `of_${roles.suffix}`;
  const name = `ichido_test_owned_${randomUUID().slice(0, 8)}`;
  await admin.unsafe(`create role ${owner} login createrole password '${roles.suffix}'`);
  await admin.unsafe(`create database ${name} owner ${owner}`);
  const url = Object.assign(new URL(database.url), { username: owner, password: roles.suffix, pathname: `/${name}` }).href;
  const asOwner = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await migrate(drizzle(asOwner), { migrationsFolder: "drizzle/migrations" });
    await asOwner.unsafe(rolesSql(suffix));
    await admin.unsafe(`alter role ${owner} nocreaterole`);
    await asOwner.unsafe(rolesSql(suffix));
    const [row] = await asOwner`select has_table_privilege(${`ichido_counter_${suffix}`}, 'staff', 'select') as may, has_table_privilege(${`ichido_customers_${suffix}`}, 'staff', 'select') as may_not`;
    expect(row).toEqual({ may: true, may_not: false });
  } finally {
    await asOwner.end();
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.unsafe(`drop owned by ${owner}`);
    await admin.unsafe(`drop role if exists ichido_customers_${suffix}, ichido_counter_${suffix}, ${owner}`);
  }
});


test("who works at the counter is the owner's to say: the operator's command is refused to the console's role, and keeps to itself what it made", async () => {
  const create = (url: string) => spawnSync("node_modules/.bin/tsx", ["lib/commands/staff.ts", "create", "--id", "newcomer", "--name", "窓口冬子", "--branch", "本店", "--duty", "approver"],
    { encoding: "utf8", env: { ...process.env, DATABASE_URL: roles.customersUrl, STAFF_DATABASE_URL: url } });
  const refusedTo = create(roles.counterUrl);
  expect([refusedTo.status, refusedTo.stdout]).toEqual([1, ""]);
  expect(refusedTo.stderr).toContain("OWNER_DATABASE_URL");
  expect(refusedTo.stderr).not.toMatch(/argon2|insert into/);
  expect(create(database.url)).toMatchObject({ status: 0, stdout: expect.stringContaining("newcomer is registered.") as string });
});
