import { sql } from "drizzle-orm";
import postgres from "postgres";
import { expect, test } from "vitest";
import { ourselves } from "./caller";
import { testDatabase } from "./test-database";
import { byTheClock, inOneTransaction } from "./transaction";
import { Unavailable, withinDeadline } from "./database";

const database = testDatabase();

test("backends that are killed inside transactions fail those, and the next twenty queries are answered", async () => {
  const killer = postgres(database.url, { max: 1, onnotice: () => {} });
  const underWay = Array.from({ length: 10 }, () =>
    inOneTransaction(ourselves(), byTheClock, async (work) => {
      await work.tx.execute(sql`select pg_sleep(1)`);
      work.record({ name: "access.refused", reason: "not_permitted" });
    }).then(() => "done", () => "failed"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  await killer`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  await killer.end();
  expect(await Promise.all(underWay)).toContain("failed");

  // Not one of them may inherit the error its connection died of.
  const answers = await Promise.all(Array.from({ length: 20 }, () => withinDeadline(database.db.execute(sql`select 1 as one`), 5_000)));
  expect(answers.every(([row]) => row!.one === 1)).toBe(true);
});

test("a database that does not answer is unavailable after the deadline", async () => {
  await expect(withinDeadline(database.db.execute(sql`select pg_sleep(3)`), 50)).rejects.toBeInstanceOf(Unavailable);
});

test("statements are prepared once a connection", async () => {
  for (let i = 0; i < 5; i += 1) await database.db.execute(sql`select ${i}::int as number`);
  const rows = await Promise.all(Array.from({ length: 20 }, () => database.db.execute(sql`select count(*)::int as found from pg_prepared_statements where statement like '%as number'`)));
  expect(Math.max(...rows.map(([row]) => row!.found as number))).toBeGreaterThan(0);
});

test("the rules' clock is moved for everyone and starts from the database's", async () => {
  const before = await byTheClock(database.db);
  await database.advance(1_800);
  const after = await byTheClock(database.db);
  expect(Math.round((after.now.getTime() - before.now.getTime()) / 1_000)).toBe(1_800);
});

test("a name saved twice in one transaction is a defect", async () => {
  await expect(inOneTransaction(ourselves(), byTheClock, (work) => {
    work.save("once", sql`(select 1)`);
    work.save("once", sql`(select 2)`);
  })).rejects.toThrow("saved twice");
});
