import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { auditHeadMails, corporations, mailIntents, users } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { firstBusinessDay } from "@/lib/platform/business-days";
import { days, hours, later, readClock } from "@/lib/platform/clock";
import { sortableDate, startOfDay } from "@/lib/platform/japan-time";
import { testDatabase } from "@/lib/platform/test-database";
import { headOf } from "./store";
import { tellAuditHeads } from "./tell-heads";
import { sealAll, someEvent } from "./test-seal";

const database = testDatabase();
beforeEach(async () => {
  await putScenario("demo");
  await database.db.update(corporations).set({ createdAt: later((await readClock(database.db)).now, -days(60)) });
});

const told = () => database.db.select().from(mailIntents).where(eq(mailIntents.kind, "audit_head")).orderBy(mailIntents.createdAt);

/** Moves the clock to that many seconds after 9:00 of the next month's first business day. */
async function toNextMonth(seconds = 0) {
  const { now } = await readClock(database.db);
  const soon = startOfDay(`${sortableDate(later(startOfDay(`${sortableDate(now).slice(0, 8)}01`), days(32))).slice(0, 8)}01`);
  const from = later(startOfDay(firstBusinessDay(soon)), hours(9) + seconds * 1_000);
  await database.advance(Math.ceil((from.getTime() - now.getTime()) / 1_000));
}

test("each company's masters are mailed its own chain's head from 9:00 of the first business day, once a month", async () => {
  for (const loginId of ["haruki", "mihon", "mihon"]) await someEvent(database.db, loginId);
  await sealAll();
  await toNextMonth(-60);
  await tellAuditHeads();
  expect(await told()).toEqual([]);
  await database.advance(60);
  await tellAuditHeads();
  await tellAuditHeads();
  const mails = await told();
  expect(mails.map(({ recipient }) => recipient).sort()).toEqual(["mihon@example.jp", "sakuro@example.jp"]);
  for (const loginId of ["sakuro", "mihon"]) {
    const { corporationId } = await person(loginId).row();
    const { number, hash, sealedAt } = (await headOf(database.db, corporationId))!;
    expect(mails.find((mail) => mail.corporationId === corporationId)!.content).toMatchObject({ kind: "audit_head", number, hash, sealedAt: sealedAt.toISOString() });
  }
  await toNextMonth();
  await tellAuditHeads();
  expect(await told()).toHaveLength(4);
});

test("eight processes at once send one each", async () => {
  await someEvent(database.db, "haruki");
  await sealAll();
  await toNextMonth();
  await Promise.all(Array.from({ length: 8 }, () => tellAuditHeads()));
  expect(await told()).toHaveLength(1);
  expect(await database.db.select().from(auditHeadMails)).toHaveLength(1);
});

test("one mail to one address; none to who is no master any more, none of a company with nothing sealed or one that is newer than the day", async () => {
  await database.db.update(users).set({ userClass: "master", mailAddress: "sakuro@example.jp" }).where(eq(users.loginId, "haruki"));
  await database.db.update(users).set({ userClass: "master", deletedAt: (await readClock(database.db)).now }).where(eq(users.loginId, "ichiro"));
  await someEvent(database.db, "haruki");
  await sealAll();
  await toNextMonth();
  await database.db.update(corporations).set({ createdAt: (await readClock(database.db)).now }).where(eq(corporations.contractNumber, "1000002"));
  await someEvent(database.db, "mihon");
  await sealAll();
  await tellAuditHeads();
  expect((await told()).map(({ recipient }) => recipient)).toEqual(["sakuro@example.jp"]);
});
