import { readMigrationFiles } from "drizzle-orm/migrator";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import type { Sql } from "postgres";
import "@/lib/policy";
import { isOurs } from "@/lib/audit/seal";
import { lastBlock } from "@/lib/audit/store";
import { connect, type Database } from "./platform/database";
import { env, environmentProblems } from "./platform/env";
import { institutionProblems } from "./platform/institution";
import { keyProblems } from "./sealed-rows";

const migrationsFolder = new URL("../drizzle/migrations", import.meta.url).pathname;
const migrations = 7_272_740; // advisory lock: any number, the same for every process of ours

/** Checks the environment and brings the database to this version; several processes may do so at once. Answers whether all is well, having said what is not. */
export async function readyToStart(): Promise<boolean> {
  const problems = environmentProblems();
  if (problems.length === 0) problems.push(...institutionProblems());
  if (problems.length > 0) return refused(problems);
  const { db, client } = connect(env().DATABASE_URL, 1);
  try {
    await client`set statement_timeout = 0`;
    await client`set lock_timeout = 0`;
    await client`select pg_advisory_lock(${migrations})`;
    if (!(await isMigrated(client))) await migrate(db, { migrationsFolder });
    problems.push(...(await keyProblems(client)), ...(await signingKeyProblems(db)), ...(await staffDatabaseProblems()));
    return problems.length === 0 || refused([...new Set(problems)]); // what both roles may read is asked twice
  } catch (error) {
    console.error(`The database could not be brought up to date: ${wordsOf(error)}`);
    return false;
  } finally {
    await client.end({ timeout: 5 });
  }
}

function refused(problems: string[]): false {
  console.error(`Ichido does not start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  return false;
}

const wordsOf = (error: unknown) => (error as { cause?: Error }).cause?.message ?? (error as Error).message;

/** The audit log's chains go on under the key that they were signed with, or not at all. */
async function signingKeyProblems(db: Database): Promise<string[]> {
  const sealed = await lastBlock(db);
  return sealed && !isOurs(sealed) ? ["AUDIT_SIGNING_KEY is not the key that signed the last block of this database's audit log, see docs/audit.md"] : [];
}

/** Whether nothing is left to migrate. Only then may a role start that is not the owner. */
const isMigrated = (client: Sql): Promise<boolean> =>
  client`select from drizzle.__drizzle_migrations where created_at >= ${readMigrationFiles({ migrationsFolder }).at(-1)!.folderMillis}`.then(({ length }) => length > 0, () => false);

/** Some of what the console does to tables of its own; the rest came with it, by `drizzle/roles.sql`. */
const consoleNeeds = [["staff", "select"], ["staff_sessions", "insert"], ["cases", "insert"], ["case_targets", "delete"], ["users", "select"], ["audit_events", "insert"]];

/** What is wrong with STAFF_DATABASE_URL, in sentences. Asked while our lock is held: who can take it is in another database. */
async function staffDatabaseProblems(): Promise<string[]> {
  const url = env().STAFF_DATABASE_URL;
  if (url === undefined) return [];
  const { client } = connect(url, 1, "ichido-staff");
  try {
    const [{ elsewhere } = {}] = await client`select pg_try_advisory_lock(${migrations}) as elsewhere`;
    if (elsewhere) return ["STAFF_DATABASE_URL leads to another database than DATABASE_URL"];
    if (!(await isMigrated(client))) return ["STAFF_DATABASE_URL's role cannot see that the database is migrated: the owner applies drizzle/roles.sql, see docs/counter.md"];
    for (const [table, privilege] of consoleNeeds) {
      const [{ may } = {}] = await client`select has_table_privilege(${table!}, ${privilege!}) as may`;
      if (!may) return [`STAFF_DATABASE_URL's role may not ${privilege} on ${table}: the owner applies drizzle/roles.sql, see docs/counter.md`];
    }
    return await keyProblems(client);
  } catch (error) {
    return [`STAFF_DATABASE_URL cannot be reached: ${wordsOf(error)}`];
  } finally {
    await client.end({ timeout: 5 });
  }
}
