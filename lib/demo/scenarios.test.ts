import { expect, test } from "vitest";
import { aBusyTime } from "@/lib/invariants/test-mix";
import { testDatabase } from "@/lib/platform/test-database";
import { putScenario, scenarios, type ScenarioName } from "./scenarios.qa";

const database = testDatabase();

/** How many rows each table of a scenario has; blocks and seals come in their own time. */
async function rows(): Promise<Record<string, number>> {
  const [found] = await database.client<[{ rows: Record<string, number> }]>`
    select jsonb_object_agg(table_name, (xpath('//row/n/text()', query_to_xml(format('select count(*) as n from %I', table_name), false, true, '')))[1]::text::int) as rows
    from information_schema.tables where table_schema = 'public' and table_name not in ('audit_blocks', 'audit_seals', 'database_lives')`;
  return found.rows;
}

test("a scenario takes the place of whatever was there, two busy years or 10,000 users", async () => {
  await putScenario("demo");
  const fresh = await rows();
  expect(fresh.users).toBeGreaterThan(5);
  await aBusyTime(database);
  expect((await rows()).audit_events).toBeGreaterThan(fresh.audit_events! + 100);
  for (const before of ["demo", ...(Object.keys(scenarios) as ScenarioName[])] as const) {
    await putScenario("demo");
    expect([before, await rows()]).toEqual([before, fresh]);
    await putScenario(before);
  }
});
