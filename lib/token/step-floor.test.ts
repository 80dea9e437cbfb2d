import { beforeEach, expect, test, vi } from "vitest";
import { eq, type SQL, sql } from "drizzle-orm";
import { auditEvents, databaseLives, mailIntents, tokens } from "@/drizzle/schema";
import { shownPasswordOf } from "@/lib/demo/accounts.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { ourselves } from "@/lib/platform/caller";
import { readClock } from "@/lib/platform/clock";
import { inOneTransaction } from "@/lib/platform/transaction";
import { loginPassword } from "@/lib/demo/cast.qa";
import { presentStaffOneTimePassword, presentStaffPassword } from "@/lib/staff/login";
import { standingOfStaffHalfLogin, standingOfStaffId } from "@/lib/staff/standing";
import { raiseStepFloor } from "./step-floor";

const database = testDatabase();
beforeEach(async () => {
  await putScenario("demo");
  await toSecond(5); // not in the seconds in which the next time step is accepted, too
  await raiseStepFloor();
  await behindTheTrigger(sql`update database_lives set time_step_floor = 0`);
});

/** Of the next minute. */
async function toSecond(second: number) {
  const { now } = await readClock(database.db);
  await database.advance(60 + second - (Math.floor(now.getTime() / 1_000) % 60));
}

async function behindTheTrigger(change: SQL) {
  await database.db.execute(sql`alter table database_lives disable trigger user`);
  await database.db.execute(change);
  await database.db.execute(sql`alter table database_lives enable trigger user`);
}

const anotherLife = "another cluster 00000001";
const floors = () => database.db.select({ life: databaseLives.life, floor: databaseLives.timeStepFloor }).from(databaseLives);

/** What a promotion or a restore leaves: another life than the row remembers, and an acceptance forgotten. */
const promoted = async () => {
  await database.db.execute(sql`update database_lives set life = ${anotherLife}`);
  await database.db.execute(sql`alter table tokens disable trigger user`);
  await database.db.update(tokens).set({ lastTimeStep: 1 }).where(sql`confirmed_at is not null`);
  await database.db.execute(sql`alter table tokens enable trigger user`);
};

const logIn = async (loginId: string, offset = 0) => {
  const someone = person(loginId);
  await someone.password();
  const result = await someone.oneTimePassword(await someone.presentDigits(offset));
  return result.ok ? "ok" : result.refusal.reason;
};

test("after a promotion that lost an acceptance the same one-time password is refused, whether or not the floor is written already; the next time step is accepted", async () => {
  expect(await logIn("haruki")).toBe("ok");
  await promoted();
  expect(await floors()).toMatchObject([{ life: anotherLife }]);
  expect(await logIn("haruki")).toBe("wrong_one_time_password"); // nobody has written the floor
  await vi.waitFor(async () => expect(await floors()).not.toMatchObject([{ life: anotherLife }])); // that attempt has it written
  expect(await logIn("haruki")).toBe("wrong_one_time_password");
  expect(await logIn("haruki", -1)).toBe("wrong_one_time_password");
  await database.advance(60);
  expect(await logIn("haruki", -1)).toBe("wrong_one_time_password"); // the floor's own time step
  expect(await logIn("haruki")).toBe("ok");
});

test("what the floor refuses does not count, and is no alarm to the owner", async () => {
  await promoted();
  await raiseStepFloor();
  for (let i = 0; i < 6; i += 1) expect(await logIn("haruki")).toBe("wrong_one_time_password");
  expect((await person("haruki").row()).oneTimePasswordFailures).toBe(0);
  expect(await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "one_time_password_replayed"))).toEqual([]);
});

test("a floor is written once a life, with an event; and never falls", async () => {
  await promoted();
  for (let time = 0; time < 3; time += 1) await raiseStepFloor();
  expect(await database.db.select().from(auditEvents).where(eq(auditEvents.name, "step_floor.raised"))).toHaveLength(1);
  await database.db.execute(sql`update database_lives set life = 'x', time_step_floor = 99999999`);
  await raiseStepFloor();
  expect(await floors()).toMatchObject([{ floor: 99999999 }]);
  for (const change of [sql`update database_lives set time_step_floor = 0`, sql`delete from database_lives`]) {
    await expect(database.db.execute(change).then(() => "changed")).rejects.toThrow();
  }
});

test("the floor takes in a time step that is accepted ahead of its minute", async () => {
  await toSecond(50);
  expect(await logIn("haruki", 1)).toBe("ok");
  await promoted();
  await raiseStepFloor();
  await database.advance(10);
  expect(await logIn("haruki")).toBe("wrong_one_time_password");
  await database.advance(60);
  expect(await logIn("haruki")).toBe("ok");
});

test("while the life goes on nothing is refused", async () => {
  await raiseStepFloor();
  expect(await logIn("haruki")).toBe("ok");
});

test("staff, too", async () => {
  await promoted();
  const attempt = async () => {
    const first = await inOneTransaction(ourselves(), standingOfStaffId("clerk"), (work, { standing }) => presentStaffPassword(work, standing, loginPassword));
    if (!first.ok) return first.refusal.reason;
    const { oneTimePassword } = (await shownPasswordOf("clerk"))!;
    const second = await inOneTransaction(ourselves(), standingOfStaffHalfLogin(first.value.secret), (work, { standing }) => presentStaffOneTimePassword(work, standing, oneTimePassword, { hash: "x" }));
    return second.ok ? "ok" : second.refusal.reason;
  };
  expect(await attempt()).toBe("wrong_staff_one_time_password");
  await raiseStepFloor();
  await database.advance(60);
  expect(await attempt()).toBe("ok");
});
