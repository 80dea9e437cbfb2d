import { migrate } from "drizzle-orm/postgres-js/migrator";
import "@/lib/policy";
import { connect } from "./database";
import { env, environmentProblems } from "./env";
import { institutionProblems } from "./institution";

const migrations = 7_272_740; // advisory lock: any number, the same for every process of ours

/** Checks the environment and brings the database to this version; several processes may do so at once. Answers whether all is well, having said what is not. */
export async function readyToStart(): Promise<boolean> {
  const problems = environmentProblems();
  if (problems.length === 0) problems.push(...institutionProblems());
  if (problems.length > 0) {
    console.error(`Ichido does not start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    return false;
  }
  const { db, client } = connect(env().DATABASE_URL, 1);
  try {
    await client`set statement_timeout = 0`;
    await client`set lock_timeout = 0`;
    await client`select pg_advisory_lock(${migrations})`;
    await migrate(db, { migrationsFolder: new URL("../../drizzle/migrations", import.meta.url).pathname });
    return true;
  } catch (error) {
    console.error(`The database could not be brought up to date: ${(error as { cause?: Error }).cause?.message ?? (error as Error).message}`);
    return false;
  } finally {
    await client.end({ timeout: 5 });
  }
}
