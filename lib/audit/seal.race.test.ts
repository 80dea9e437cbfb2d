import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { auditBlocks, auditEvents } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { testDatabase } from "@/lib/platform/test-database";
import { verifyChains } from "./export";
import { sealOneRound } from "./seal";
import { startSealer } from "./sealer";
import { sealAll, sealAuditLog, someEvent } from "./test-seal";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const sealed = async () => (await database.db.select().from(auditBlocks)).reduce((sum, { events }) => sum + events, 0);
const unsealed = async () => (await database.db.$count(auditEvents)) - (await sealed());

/** Every event stands in one block, and all are as they were. */
async function expectWhole() {
  expect(await sealed()).toBe(await database.db.$count(auditEvents));
  expect(await verifyChains()).toMatchObject({ ok: true, found: { rows: await sealed() } });
}

/** A transaction that has written an event and goes on. */
async function open(loginId: string) {
  let commit = () => {};
  const released = new Promise<void>((resolve) => { commit = resolve; });
  let ended!: Promise<unknown>;
  await new Promise<void>((resolve) => {
    ended = database.db.transaction(async (tx) => { await someEvent(tx, loginId); resolve(); await released; });
  });
  return { commit: () => { commit(); return ended; } };
}

test("an event of a younger transaction waits for the older one, whose event would come in behind it", async () => {
  await sealAll();
  const before = await sealed();
  const older = await open("haruki");
  await someEvent(database.db, "haruki");
  await someEvent(database.db, "mihon");
  await sealAuditLog();
  expect(await sealed()).toBe(before);
  await older.commit();
  await sealAll();
  expect(await sealed()).toBe(before + 3);
  await expectWhole();
});

test("a transaction that is rolled back leaves no gap that matters", async () => {
  await database.db.transaction(async (tx) => { await someEvent(tx, "haruki"); throw new Error("undone"); }).catch(() => {});
  await someEvent(database.db, "haruki");
  await sealAll();
  await expectWhole();
});

test("writers whose transactions overlap and four processes that seal meanwhile: no event slips behind a block, none is in two", async () => {
  let writing = true;
  const write = async (writer: number) => {
    for (let i = 0; i < 25; i += 1) {
      await database.db.transaction(async (tx) => {
        await someEvent(tx, ["haruki", "mihon", "nobody"][(writer + i) % 3]!);
        await pause(((writer * 7 + i * 13) % 5) * 4);
        await someEvent(tx, ["haruki", "mihon", "nobody"][i % 3]!);
        if ((writer + i) % 9 === 0) throw new Error("undone");
      }).catch((error: Error) => { if (error.message !== "undone") throw error; });
    }
  };
  const seal = async () => { while (writing) { await sealOneRound(); await pause(3); } };
  const sealers = [seal(), seal(), seal(), seal()];
  await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
  writing = false;
  await Promise.all(sealers);
  expect(await database.db.$count(auditBlocks)).toBeGreaterThan(6);
  await sealAll();
  await expectWhole();
});

test("eight that seal at once close each block once", async () => {
  for (const loginId of ["haruki", "mihon", "nobody"]) await someEvent(database.db, loginId);
  await Promise.all(Array.from({ length: 8 }, () => sealAuditLog()));
  await sealAll();
  await expectWhole();
});

test("more than a round's events of one transaction are sealed in several blocks", async () => {
  await database.db.execute(sql`insert into audit_events (at, name, result, corporation_id, actor_kind, request_id, network, browser, details)
    select app_now(), 'session.opened', 'done', corporation_id, 'user', gen_random_uuid(), '', '', jsonb_build_object('n', n) from generate_series(1, 12000) n, users where login_id = 'haruki'`);
  await sealAll();
  await expectWhole();
  expect(await database.db.$count(auditBlocks)).toBeGreaterThan(2);
});

const writeThroughLostConnections = () => expect.poll(() => someEvent(database.db, "haruki").then(() => true, () => false), { timeout: 10_000 }).toBe(true);

test("a process that seals: within two seconds, through lost connections, beside another, until it is stopped", async () => {
  const stops = [startSealer(), startSealer()];
  try {
    for (let round = 0; round < 3; round += 1) {
      await writeThroughLostConnections();
      const written = performance.now();
      await expect.poll(unsealed, { timeout: 10_000, interval: 50 }).toBe(0);
      if (round < 2) expect(performance.now() - written).toBeLessThan(5_000); // other test files' transactions count, too
      await database.client`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.catch(() => {});
    }
  } finally {
    const asked = performance.now();
    await Promise.all(stops.map((stop) => stop()));
    expect(performance.now() - asked).toBeLessThan(2_000);
  }
  await writeThroughLostConnections();
  await pause(1_500);
  expect(await unsealed()).toBe(1);
  await sealAll();
  await expectWhole();
});
