import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { auditEvents, auditSeals } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { firstBrokenSeal, sealAuditLog } from "./seal";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

async function threeSeals() {
  for (let i = 0; i < 3; i += 1) {
    await person("haruki").password("x");
    await person("sakuro").password("x");
    await sealAuditLog();
  }
}

/** What a thief with the table's owner's rights could do. */
async function behindTheTrigger(change: ReturnType<typeof sql>) {
  await database.db.execute(sql`alter table audit_events disable trigger user`);
  await database.db.execute(change);
  await database.db.execute(sql`alter table audit_events enable trigger user`);
}

test("rows are only added", async () => {
  await person("haruki").password("x");
  await sealAuditLog();
  for (const change of [sql`update audit_events set name = 'x'`, sql`delete from audit_events`, sql`truncate audit_events`, sql`delete from audit_seals`])
    await expect(database.db.execute(change).then(() => "changed")).rejects.toThrow();
});

test("the seals hold for what was written, and a second look seals nothing twice", async () => {
  await threeSeals();
  await sealAuditLog();
  expect((await database.db.select().from(auditSeals)).length).toBe(3);
  expect(await firstBrokenSeal()).toBeUndefined();
});

test.each([
  ["changed", sql`update audit_events set network = '198.51.100.7' where id = (select max(id) - 2 from audit_events)`],
  ["deleted", sql`delete from audit_events where id = (select max(id) - 2 from audit_events)`],
  ["put in behind", sql`insert into audit_events (transaction, at, name, result, actor_kind, request_id, network, browser, details)
    select transaction, at, name, result, actor_kind, request_id, network, browser, details from audit_events order by id limit 1`],
  ["put in another order", sql`update audit_events set at = at + interval '1 second', details = '{}' where id in (select id from audit_events order by id limit 2)`],
])("an event that is %s breaks its seal", async (_, change) => {
  await threeSeals();
  await behindTheTrigger(change);
  expect(await firstBrokenSeal()).toBeGreaterThan(0);
});

test("every attempt says who, whom, when, from where, and how it ended", async () => {
  const haruki = person("haruki");
  await haruki.password("x");
  await person("nobody").password("x");
  await haruki.password();
  const events = await database.db.select().from(auditEvents).orderBy(auditEvents.id);
  const { id, corporationId } = await haruki.row();
  expect(events.slice(-3)).toMatchObject([
    { name: "login_password.refused", result: "refused", userId: id, corporationId, actorKind: "anonymous", details: { reason: "wrong" } },
    { name: "login_password.refused", result: "refused", userId: null, corporationId: null, details: { reason: "unknown_login_id" } },
    { name: "login_password.accepted", result: "done", userId: id, corporationId, actorKind: "user", actorId: id },
  ]);
});
