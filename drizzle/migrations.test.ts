import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serverUrl } from "@/lib/platform/test-database";

/*
 * At an upgrade the tables are migrated first, and until the last process is replaced older ones read and write them: what was there stays as it was, and
 * what is new asks nothing of who does not know it. A column is dropped, narrowed or renamed in two releases: the first stops using it.
 */

/** What older processes could stumble over, each looked at: none of these versions has met an older one, or what is asked is true of what the older one writes. */
const lookedAt: Record<string, string[]> = {
  "0001_rules": ["new trigger"], // of before there was a process
  "0002_time_step_once": ["new trigger"], // refuses what no version writes
  "0003_management": ["new check users_confirmation_suspended"], // of before there was a release
  "0012_passkey_policy": ["new check corporations_passkey_required"], // its two columns are new, and their defaults pass
};

const { entries } = JSON.parse(readFileSync("drizzle/migrations/meta/_journal.json", "utf8")) as { entries: { tag: string }[] };
const statementsOf = (tag: string) => readFileSync(`drizzle/migrations/${tag}.sql`, "utf8").split("--> statement-breakpoint");

let admin: postgres.Sql;
let sql: postgres.Sql;
const found: Record<string, string[]> = {};
const name = `ichido_migrations_${randomUUID().replaceAll("-", "")}`;

beforeAll(async () => {
  const server = serverUrl();
  admin = postgres(server.href, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  sql = postgres(Object.assign(server, { pathname: `/${name}` }).href, { max: 1, onnotice: () => {} });
  for (const { tag } of entries) {
    const before = await shape();
    for (const statement of statementsOf(tag)) await sql.unsafe(statement);
    const problems = narrowed(before, await shape());
    if (problems.length > 0) found[tag] = [...new Set(problems)].sort();
  }
});

afterAll(async () => {
  await sql.end();
  await admin.unsafe(`drop database ${name} with (force)`);
  await admin.end();
});

type Column = { column: string; of: string; type: string; required: boolean; given: boolean };
type Condition = { what: string; of: string };

async function shape() {
  const columns = await sql<Column[]>`select c.relname || '.' || a.attname as column, c.relname as of, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
      a.atthasdef or a.attidentity <> '' as given
    from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`;
  const conditions = await sql<Condition[]>`
    select case contype when 'f' then 'foreign key ' when 'c' then 'check ' else 'key ' end || conname as what, conrelid::regclass::text as of from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
    union all select 'unique index ' || indexrelid::regclass, indrelid::regclass::text from pg_index where indisunique and not indisprimary and indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
    union all select 'trigger ' || tgname, tgrelid::regclass::text from pg_trigger where not tgisinternal`;
  const values = await sql<{ value: string }[]>`select t.typname || ' ' || e.enumlabel as value from pg_enum e join pg_type t on t.oid = e.enumtypid`;
  return { columns, conditions, values: values.map(({ value }) => value) };
}

type Shape = Awaited<ReturnType<typeof shape>>;

/** What a process that knows the shape before would stumble over. */
function narrowed(before: Shape, after: Shape): string[] {
  const tables = new Set(before.columns.map(({ of }) => of));
  const then = new Map(before.columns.map((column) => [column.column, column]));
  const now = new Map(after.columns.map((column) => [column.column, column]));
  const known = new Set(before.conditions.map(({ what, of }) => `${what} ${of}`));
  return [
    ...before.columns.flatMap(({ column, type, required, given }) => {
      const left = now.get(column);
      if (!left) return [`${column} is gone`];
      return [left.type !== type && `${column} is of another type`, left.required && !required && `${column} is required`, given && !left.given && `${column} has lost its default`];
    }),
    ...after.columns.map(({ column, of, required, given }) => tables.has(of) && !then.has(column) && required && !given && `${column} is new and required`),
    ...before.values.map((value) => !after.values.includes(value) && `${value} is gone`),
    ...after.conditions.map(({ what, of }) => tables.has(of) && !known.has(`${what} ${of}`) && `new ${what.replace(/^trigger .*/, "trigger")}`),
  ].filter((problem) => typeof problem === "string");
}

/** What a statement would do to older processes; it is taken back. */
async function narrowedBy(statement: string): Promise<string[]> {
  const before = await shape();
  await sql.unsafe("begin");
  await sql.unsafe(statement);
  const problems = narrowed(before, await shape());
  await sql.unsafe("rollback");
  return problems;
}

test("every migration leaves what older processes read and write, or says in this file why not", () => {
  expect(found).toEqual(lookedAt);
});

describe("what would be noticed", () => {
  test.each<[string, string[]]>([
    ["alter table users drop column confirmation_suspended_at", ["users.confirmation_suspended_at is gone"]],
    ["alter table tokens rename column drift to offset_steps", ["tokens.drift is gone"]],
    ["alter table users rename to customers", ["users.login_id is gone"]],
    ["alter table users add column language text not null", ["users.language is new and required"]],
    ["alter table users alter column confirmation_suspended_at set not null", ["users.confirmation_suspended_at is required"]],
    ["alter table users alter column revision drop default", ["users.revision has lost its default"]],
    ["alter table users alter column revision type bigint", ["users.revision is of another type"]],
    ["alter table users add check (revision >= 0)", ["new check users_revision_check"]],
    ["create unique index users_mail on users (mail_address)", ["new unique index users_mail"]],
  ])("%s", async (statement, problems) => {
    expect(await narrowedBy(statement)).toEqual(expect.arrayContaining(problems));
  });

  test.each(["alter table users add column language text", "alter table users add column language text not null default 'ja'", "create table languages (name text not null)", "create index users_name on users (name)"])(
    "%s is none of it", async (statement) => {
      expect(await narrowedBy(statement)).toEqual([]);
    });
});
