// npm run prove:invariants -- [DATABASE_URL]: asks every invariant of lib/invariants/invariants.ts of a database, the service's unless another is named, and changes nothing there.
import { chainsVerify, checkInvariants } from "@/lib/invariants/invariants";
import { connect, useDatabase } from "@/lib/platform/database";
import { environmentProblems } from "@/lib/platform/env";
import { variable } from "@/lib/platform/env-variable.mjs";

async function main(url: string | undefined): Promise<boolean> {
  if (!url) throw new Error("Usage: npm run prove:invariants -- [DATABASE_URL]");
  const connection = connect(url, 2, "ichido-proof");
  useDatabase(connection);
  const chains = environmentProblems().length === 0;
  try {
    const findings = await checkInvariants(connection.client, { chains });
    for (const { name, promise, violations, more } of findings) {
      console.log(`${violations.length === 0 ? "OK      " : "VIOLATED"}  ${name}: ${promise}`);
      for (const row of violations) console.log(`            ${JSON.stringify(row)}`);
      if (more) console.log("            … and more");
    }
    if (!chains) console.log(`not asked  ${chainsVerify.name}: this needs the service's environment, AUDIT_SIGNING_KEY above all.`);
    return findings.every(({ violations }) => violations.length === 0);
  } finally {
    await connection.client.end({ timeout: 5 });
  }
}

const held = await main(process.argv[2] ?? variable("DATABASE_URL")).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return false;
});
process.exitCode = held ? 0 : 1;
