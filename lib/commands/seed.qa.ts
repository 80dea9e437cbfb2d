import { sql } from "drizzle-orm";
import { corporations } from "@/drizzle/schema";
import { accounts } from "@/lib/demo/accounts.qa";
import { clockState, installClock, resetClock } from "@/lib/demo/clock.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { createMailbox } from "@/lib/mail/mailbox.qa";
import { connect, useDatabase } from "@/lib/platform/database";
import { env } from "@/lib/platform/env";
import { readyToStart } from "@/lib/ready-to-start";

/** Migrates and prepares a demo database, and says what is in it. What is there already stays, unless `--reset`. */
async function main(): Promise<void> {
  if (!(await readyToStart())) {
    process.exitCode = 1;
    return;
  }
  const connection = connect(env().DATABASE_URL, 2);
  useDatabase(connection);
  const { db, client } = connection;
  await installClock(db);
  await createMailbox(db);

  const [found] = await db.select({ one: sql`1` }).from(corporations).limit(1);
  if (!found || process.argv.includes("--reset")) {
    await resetClock(db);
    await putScenario("demo");
  }
  const { offsetSeconds, scenario } = await clockState(db);
  for (const account of await accounts()) {
    console.log(`  ${account.loginId.padEnd(8)} ${account.name}（${account.userClass}、${account.company}） ${account.state}`);
  }
  if (scenario !== "demo") console.log(`  Scenario: ${scenario}`);
  if (offsetSeconds > 0) console.log(`  The clock is ${offsetSeconds} s ahead; 「時計を戻す」 on /qa puts it back.`);
  await client.end({ timeout: 5 });
}

await main();
