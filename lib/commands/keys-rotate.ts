import { connect, useDatabase } from "@/lib/platform/database";
import { env, environmentProblems } from "@/lib/platform/env";
import { describe } from "@/lib/platform/log";
import "@/lib/policy";
import { rotateKeys } from "@/lib/rotate-keys";

async function main(): Promise<boolean> {
  const problems = environmentProblems();
  if (problems.length > 0) {
    console.error(`The environment is not whole:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    return false;
  }
  const connection = connect(env().DATABASE_URL, 1, "ichido-keys");
  useDatabase(connection);
  try {
    await connection.client`set statement_timeout = 0`; // counting a large table takes its time
    return await rotateKeys(connection.client, console.log);
  } finally {
    await connection.client.end({ timeout: 5 });
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(describe(error)); // never the statement: it has sealed keys. What was done is done; run it again
  return false;
}) ? 0 : 1;
