import { migrate } from "drizzle-orm/postgres-js/migrator";
import { isNotNull } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import "@/lib/policy";
import { tokenKey } from "@/lib/token/key";
import { connect, type Database } from "./platform/database";
import { env, environmentProblems } from "./platform/env";
import { institutionProblems } from "./platform/institution";

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
    await migrate(db, { migrationsFolder: new URL("../drizzle/migrations", import.meta.url).pathname });
    if (await keyRingOpens(db)) return true;
    console.error("Ichido does not start:\n  - KEY_RING has not the keys that this database was written with");
    return false;
  } catch (error) {
    console.error(`The database could not be brought up to date: ${(error as { cause?: Error }).cause?.message ?? (error as Error).message}`);
    return false;
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Whether a token's key opens: with a wrong ring every one-time password would be refused, one user at a time. */
async function keyRingOpens(db: Database): Promise<boolean> {
  const [some] = await db.select().from(tokens).where(isNotNull(tokens.sealedKey)).limit(1);
  if (!some) return true;
  try {
    return tokenKey(some).byteLength > 0;
  } catch {
    return false;
  }
}
