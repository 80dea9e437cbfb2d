import { migrate } from "drizzle-orm/postgres-js/migrator";
import { connect } from "@/lib/platform/database";
import { env, environmentProblems } from "@/lib/platform/env";
import { institutionProblems } from "@/lib/platform/institution";
import "@/lib/policy";

const migrations = 7_272_740; // any number, the same for every process of ours

/** Checks the environment, naming every problem, and brings the database to this version. Several processes may do so at once. */
async function main(): Promise<void> {
  const problems = environmentProblems();
  if (problems.length === 0) problems.push(...institutionProblems());
  if (problems.length > 0) {
    console.error(`Ichido does not start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    process.exitCode = 1;
    return;
  }
  const { db, client } = connect(env().DATABASE_URL, 1);
  try {
    await client`set statement_timeout = 0`;
    await client`set lock_timeout = 0`;
    await client`select pg_advisory_lock(${migrations})`;
    await migrate(db, { migrationsFolder: new URL("../../drizzle/migrations", import.meta.url).pathname });
  } catch (error) {
    console.error(`The database could not be brought up to date: ${(error as { cause?: Error }).cause?.message ?? (error as Error).message}`);
    process.exitCode = 1;
  } finally {
    await client.end({ timeout: 5 });
  }
}

await main();
