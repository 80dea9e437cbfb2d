import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { auditEvents, corporations, loginAttempts, loginPasswordSuspensions, mailIntents, sessions, stops, users } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { ourselves } from "@/lib/platform/caller";
import { hashPassword, needsRehash } from "@/lib/platform/password";
import { testDatabase } from "@/lib/platform/test-database";
import { inOneTransaction } from "@/lib/platform/transaction";
import { countFailure } from "@/lib/suspension/count-failure";
import { lift } from "@/lib/suspension/lift";
import { revoke } from "@/lib/token/revoke";
import { hash } from "@node-rs/argon2";
import { hasAbleManager } from "@/lib/corporation/managers";
import { browserOf, newBrowser } from "./browser";
import { standingOfLoginId } from "./standing";
import { person, wrongDigits } from "./test-person";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const reasonOf = (result: { ok: boolean; refusal?: { reason?: string } | object }) => (result.ok ? "ok" : (result.refusal as { reason: string }).reason);
const mailsOf = async (kind: string) => (await database.db.select().from(mailIntents).where(eq(mailIntents.kind, kind))).map((mail) => mail.recipient).sort();
const eventNames = async () => (await database.db.select({ name: auditEvents.name }).from(auditEvents)).map((event) => event.name);

describe("step 1", () => {
  test("before the one-time password no session exists, only half a login of ten minutes", async () => {
    const haruki = person("haruki");
    const result = await haruki.password();
    expect(result).toMatchObject({ ok: true, value: { step: "one_time_password" } });
    expect(await haruki.openSessions()).toEqual([]);
    await database.advance(600);
    expect(reasonOf(await haruki.oneTimePassword(await haruki.presentDigits()))).toBe("half_login_expired");
  });

  test("wrong ID, wrong password and a suspended user's wrong password get one answer", async () => {
    const answers = [await person("nobody").password("x"), await person("haruki").password("x"), await person("sachiko").password("x"), await person("jiro").password("x")];
    for (const answer of answers) expect(answer).toEqual({ ok: false, refusal: { reason: "wrong_id_or_password" } });
  });

  test("the login ID's spelling does not matter: the count is the user's", async () => {
    await person("HARUKI").password("x");
    await person("Haruki").password("x");
    expect((await person("haruki").row()).loginFailures).toBe(2);
  });

  test("the fifth wrong password in a row stops the count for 30 minutes, even the right one is not evaluated, the owner is told, and it ends by itself", async () => {
    const haruki = person("haruki");
    for (let i = 0; i < 4; i += 1) await haruki.password("x");
    expect(await mailsOf("login_temporarily_stopped")).toEqual([]);
    await haruki.password("x");
    expect(await mailsOf("login_temporarily_stopped")).toEqual(["haruki@example.jp"]);
    expect(reasonOf(await haruki.password())).toBe("wrong_id_or_password");
    await database.advance(30 * 60 - 1);
    expect(reasonOf(await haruki.password())).toBe("wrong_id_or_password");
    await database.advance(1);
    expect(reasonOf(await haruki.password())).toBe("ok");
    expect((await haruki.row()).oneTimePasswordFailures).toBe(0);
  });

  test("four wrong ones and a right one begin the count anew", async () => {
    const haruki = person("haruki");
    for (let i = 0; i < 4; i += 1) await haruki.password("x");
    expect(reasonOf(await haruki.password())).toBe("ok");
    expect((await haruki.row()).loginFailures).toBe(0);
  });

  test("a stranger cannot shut the owner out of a browser that is known", async () => {
    const owner = person("haruki");
    await owner.password();
    await owner.oneTimePassword(await owner.presentDigits());
    const stranger = person("haruki");
    for (let i = 0; i < 6; i += 1) await stranger.password("x");
    expect(reasonOf(await stranger.password())).toBe("wrong_id_or_password");
    expect(reasonOf(await owner.password())).toBe("ok");
    for (let i = 0; i < 5; i += 1) await owner.password("x");
    expect(reasonOf(await owner.password())).toBe("wrong_id_or_password");
  });

  test("each refusal after a right password: 停止中, login password, OTP, 失効中", async () => {
    const haruki = person("haruki");
    const { user, corporation } = await haruki.standing();
    const whose = { userId: user.id, corporationId: corporation.id };
    expect(reasonOf(await person("jiro").password())).toBe("waiting_after_revocation");
    expect(reasonOf(await person("sachiko").password())).toBe("suspended");
    await database.db.insert(loginPasswordSuspensions).values({ ...whose, suspendedAt: new Date() });
    expect(reasonOf(await haruki.password())).toBe("login_password_suspended");
    await database.db.insert(stops).values({ ...whose, stoppedAt: new Date(), cause: "manager" });
    expect(reasonOf(await haruki.password())).toBe("user_stopped");
    await database.db.update(stops).set({ cause: "emergency" });
    expect(reasonOf(await haruki.password())).toBe("user_stopped_by_counter");
  });

  test("who can lift: an able manager other than oneself, else the counter", async () => {
    await putScenario("all-managers-suspended");
    expect(reasonOf(await person("sachiko").password())).toBe("suspended_counter");
    const sakuro = person("sakuro");
    await sakuro.as((work, standing) => lift(work, [standing]));
    expect(reasonOf(await person("haruki").password())).toBe("suspended");
    expect(reasonOf(await person("sachiko").password())).toBe("suspended");
    await sakuro.as((work, standing) => work.tx.update(users).set({ confirmationFailures: 5 }).where(eq(users.id, standing.user.id)));
    expect(reasonOf(await person("haruki").password())).toBe("suspended_counter");
  });

  test("a contract that is 未申込 opens a session at once; a suspended user of it is refused", async () => {
    const mihon = person("mihon");
    expect(await mihon.password()).toMatchObject({ ok: true, value: { step: "session", session: { level: "full" } } });
    expect(await mihon.password()).toMatchObject({ ok: true, value: { step: "session" } });
    expect((await mihon.openSessions()).length).toBe(1);
    await database.db.update(corporations).set({ serviceAppliesFrom: null });
    expect(reasonOf(await person("sachiko").password())).toBe("suspended");
  });

  test("a wrong password from a known browser of such a contract is forgotten by a right one", async () => {
    const mihon = person("mihon");
    await mihon.password();
    await mihon.password("x");
    expect((await mihon.standing()).browser?.failures).toBe(1);
    await mihon.password();
    expect((await mihon.standing()).browser?.failures).toBe(0);
  });

  test("a hash of older parameters is made anew at a right password", async () => {
    const old = await hash("Ichido-demo-2026", { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await database.db.update(users).set({ loginPasswordHash: old });
    const haruki = person("haruki");
    await haruki.password("x");
    expect(needsRehash((await haruki.row()).loginPasswordHash)).toBe(true);
    await haruki.password();
    expect(needsRehash((await haruki.row()).loginPasswordHash)).toBe(false);
    expect(reasonOf(await haruki.password())).toBe("ok");
  });
});

describe("step 2", () => {
  test("opens a session of a new secret, uses the half-login up, and ends an older session", async () => {
    const first = person("haruki");
    await first.password();
    const presented = await first.presentDigits(-1);
    expect(reasonOf(await first.oneTimePassword(presented))).toBe("ok");
    expect(reasonOf(await first.oneTimePassword(await first.presentDigits()))).toBe("half_login_expired");

    const second = person("haruki");
    await second.password();
    expect(reasonOf(await second.oneTimePassword(await second.presentDigits()))).toBe("ok");
    const rows = await database.db.select().from(sessions);
    expect(rows.map((row) => row.endedBecause).sort()).toEqual([null, "replaced"]);
    expect(new Set(rows.map((row) => row.secretHash)).size).toBe(2);
    expect(await mailsOf("new_environment")).toEqual(["haruki@example.jp", "haruki@example.jp"]);
  });

  test("a newer half-login takes the place of an earlier one", async () => {
    const [first, second] = [person("haruki"), person("haruki")];
    await first.password();
    await second.password();
    expect(reasonOf(await first.oneTimePassword(await first.presentDigits()))).toBe("half_login_expired");
    expect(reasonOf(await second.oneTimePassword(await second.presentDigits()))).toBe("ok");
  });

  test("a replayed one is refused in the words of a wrong one, does not count, and mails the user once", async () => {
    const haruki = person("haruki");
    await haruki.password();
    const presented = await haruki.presentDigits();
    await haruki.oneTimePassword(presented);
    for (let i = 0; i < 6; i += 1) {
      await haruki.password();
      expect(reasonOf(await haruki.oneTimePassword(presented))).toBe("wrong_one_time_password");
    }
    expect((await haruki.row()).oneTimePasswordFailures).toBe(0);
    expect(await mailsOf("one_time_password_replayed")).toEqual(["haruki@example.jp"]);
    expect((await eventNames()).filter((name) => name === "one_time_password.replayed").length).toBe(6);
  });

  test("a right one after three wrong ones is told to the user and the masters, after two to nobody", async () => {
    const haruki = person("haruki");
    for (const [failures, told] of [[2, []], [3, ["haruki@example.jp", "sakuro@example.jp"]]] as const) {
      await haruki.password();
      const wrong = await wrongDigits(haruki);
      for (let i = 0; i < failures; i += 1) await haruki.oneTimePassword(wrong);
      expect(reasonOf(await haruki.oneTimePassword(await haruki.presentDigits()))).toBe("ok");
      expect(await mailsOf("accepted_after_wrong_ones")).toEqual(told);
      await database.advance(60);
    }
  });

  test("one of two minutes ago is a wrong one for its user, and counts; the log tells it from a guess", async () => {
    const haruki = person("haruki");
    await haruki.password();
    expect(reasonOf(await haruki.oneTimePassword(await haruki.presentDigits(-2)))).toBe("wrong_one_time_password");
    expect(reasonOf(await haruki.oneTimePassword(await wrongDigits(haruki)))).toBe("wrong_one_time_password");
    const refused = await database.db.select({ details: auditEvents.details }).from(auditEvents).where(eq(auditEvents.name, "one_time_password.refused")).orderBy(auditEvents.id);
    expect(refused.slice(-2)).toMatchObject([{ details: { reason: "stale", failures: 1 } }, { details: { reason: "wrong", failures: 2 } }]);
  });

  test("the fifth wrong one suspends: session and half-login are gone, the right one is refused, user and managers are told", async () => {
    const haruki = person("haruki");
    await haruki.password();
    await haruki.oneTimePassword(await haruki.presentDigits(-1));
    await haruki.password();
    const wrong = await wrongDigits(haruki);
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push(await haruki.oneTimePassword(wrong));
    expect(answers.map((answer) => (answer.ok ? "ok" : [answer.refusal.reason, answer.refusal.attemptsLeft]))).toEqual([
      ["wrong_one_time_password", undefined], ["wrong_one_time_password", undefined], ["wrong_one_time_password", 2], ["wrong_one_time_password", 1], ["suspended", undefined],
    ]);
    expect(await haruki.openSessions()).toEqual([]);
    expect(await database.db.select().from(loginAttempts)).toEqual([]);
    expect(reasonOf(await haruki.oneTimePassword(await haruki.presentDigits()))).toBe("half_login_expired");
    expect(reasonOf(await haruki.password())).toBe("suspended");
    expect(await mailsOf("suspended")).toEqual(["haruki@example.jp", "sakuro@example.jp"]);
    await database.advance(400 * 86_400);
    expect(reasonOf(await haruki.password())).toBe("suspended");
  });

  test("the mails of a suspension say when it was, and from where the last wrong one came", async () => {
    await database.db.update(users).set({ oneTimePasswordFailures: 4 }).where(eq(users.loginId, "haruki"));
    const at = await inOneTransaction({ ...ourselves(), network: "198.51.100.7" }, standingOfLoginId("haruki"), async (work, { standing }) => {
      work.corporationId = standing!.corporation.id;
      await countFailure(work, standing!);
      return work.now.toISOString();
    });
    const mails = await database.db.select({ content: mailIntents.content }).from(mailIntents).where(eq(mailIntents.kind, "suspended"));
    expect(mails.length).toBe(2);
    for (const { content } of mails) expect(content).toMatchObject({ at, network: "198.51.100.7" });
  });

  test("password step done before the suspension, one-time password after it: refused", async () => {
    const haruki = person("haruki");
    await haruki.password();
    const { user, corporation } = await haruki.standing();
    await haruki.as(async (work) => {
      await work.tx.execute(sql`insert into suspensions (corporation_id, user_id, suspended_at, cause) values (${corporation.id}, ${user.id}, now(), 'wrong_one_time_passwords')`);
    });
    expect(reasonOf(await haruki.oneTimePassword(await haruki.presentDigits()))).toBe("suspended");
    expect(await haruki.openSessions()).toEqual([]);
  });

  test("the count is the user's: it survives a new login, a password success, revocation and re-issuance, and ends with a success or a lift", async () => {
    const haruki = person("haruki");
    await haruki.password();
    const wrong = await wrongDigits(haruki);
    for (let i = 0; i < 3; i += 1) await haruki.oneTimePassword(wrong);
    await haruki.password();
    await haruki.password();
    expect((await haruki.row()).oneTimePasswordFailures).toBe(3);
    await haruki.as((work, standing) => revoke(work, [standing], { allowReissue: true }));
    await database.advance(30 * 60);
    await haruki.password();
    await haruki.issue();
    expect((await haruki.row()).oneTimePasswordFailures).toBe(3);
    const given = await haruki.channels();
    await haruki.setUp(given);
    expect(await haruki.confirm("000000")).toMatchObject({ ok: false, refusal: { attemptsLeft: 1 } });
    expect(reasonOf(await haruki.confirm(await haruki.presentDigits()))).toBe("ok");
    expect((await haruki.row()).oneTimePasswordFailures).toBe(0);
  });

  test("a revocation between the steps: refused", async () => {
    const haruki = person("haruki");
    await haruki.password();
    const presented = await haruki.presentDigits();
    await haruki.as((work, standing) => revoke(work, [standing], { allowReissue: true }));
    expect(reasonOf(await haruki.oneTimePassword(presented))).toBe("half_login_expired");
  });

  test("revoking does not lift a suspension, lifting does not bring a token back", async () => {
    const sachiko = person("sachiko");
    await sachiko.as((work, standing) => revoke(work, [standing], { allowReissue: true }));
    await database.advance(31 * 60);
    expect(reasonOf(await sachiko.password())).toBe("suspended");
    await sachiko.as((work, standing) => lift(work, [standing]));
    expect(await sachiko.password()).toMatchObject({ ok: true, value: { step: "issuance" } });
  });

  test("29:59 after a revocation login is refused with the time it ends, at 30:00 it is let in", async () => {
    const jiro = person("jiro");
    const refused = await jiro.password();
    const { revokedAt } = await jiro.standing();
    expect(refused).toMatchObject({ ok: false, refusal: { reason: "waiting_after_revocation", until: new Date(revokedAt!.getTime() + 1_800_000) } });
    const { now } = await jiro.standing();
    await database.advance(1_799 - Math.ceil((now.getTime() - revokedAt!.getTime()) / 1_000));
    expect(reasonOf(await jiro.password())).toBe("waiting_after_revocation");
    await database.advance(2);
    expect(await jiro.password()).toMatchObject({ ok: true, value: { step: "issuance" } });
  });
});

test("a session of the password alone ends when the service begins to apply", async () => {
  const mihon = person("mihon");
  const { now } = await mihon.standing();
  const tomorrow = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" }).format(now.getTime() + 86_400_000);
  await database.db.update(corporations).set({ serviceAppliesFrom: tomorrow });
  await mihon.password();
  const [session] = await mihon.openSessions();
  const twelveHours = session!.openedAt.getTime() + 12 * 3_600_000;
  expect(session!.expiresAt.getTime()).toBe(Math.min(new Date(`${tomorrow}T00:00:00+09:00`).getTime(), twelveHours));
});

test("an exception leaves neither state nor audit nor mail", async () => {
  const haruki = person("haruki");
  const before = await eventNames();
  await expect(haruki.as((work, standing) => {
    work.record({ name: "suspension.lifted", userId: standing.user.id });
    work.changeUser(standing.user.id, { oneTimePasswordFailures: 4 });
    throw new Error("a defect");
  })).rejects.toThrow("a defect");
  expect(await eventNames()).toEqual(before);
  expect((await haruki.row()).oneTimePasswordFailures).toBe(0);
});

test("what the audit log cannot take is not accepted: no session, no spent time step, and afterwards the same one-time password is let in", async () => {
  const haruki = person("haruki");
  await haruki.password();
  const presented = await haruki.presentDigits();
  await database.db.execute(sql`alter table audit_events add constraint broken check (name <> 'one_time_password.accepted') not valid`);
  await expect(haruki.oneTimePassword(presented)).rejects.toThrow();
  await database.db.execute(sql`alter table audit_events drop constraint broken`);
  expect(await haruki.openSessions()).toEqual([]);
  expect(await haruki.oneTimePassword(presented)).toMatchObject({ ok: true });
});

test("a temporary password opens a session that is for changing it only", async () => {
  await database.db.update(users).set({ loginPasswordTemporary: true, loginPasswordHash: await hashPassword("Kari-password-1") });
  const mihon = person("mihon");
  expect(await mihon.password("Kari-password-1")).toMatchObject({ ok: true, value: { session: { level: "password_change" } } });
});

test("a password of years ago is still right, and nobody asks for another", async () => {
  await database.advance(10 * 365 * 86_400);
  expect(await person("mihon").password()).toMatchObject({ ok: true, value: { session: { level: "full" } } });
});

test("a manager's own ability does not count for themselves", async () => {
  const { user, corporation, now } = await person("haruki").standing();
  const able = (exceptUserId: string) => database.db.transaction((tx) => hasAbleManager(tx, corporation.id, exceptUserId, now));
  expect(await able(user.id)).toBe(true);
  await person("sakuro").as((work, standing) => revoke(work, [standing], { allowReissue: true }));
  expect(await able(user.id)).toBe(false);
  expect(await able(corporation.id)).toBe(true);
});

test("a device cookie of one's own making is dropped unread", () => {
  const request = (cookie: string) => new Request("http://localhost/login", { headers: { cookie } });
  const genuine = newBrowser();
  const pair = genuine.cookie.split(";")[0]!;
  expect(browserOf(request(pair))).toEqual(genuine.browser);
  expect(browserOf(request(`${pair.slice(0, -1)}${pair.endsWith("A") ? "B" : "A"}`))).toBeUndefined();
  expect(browserOf(request(pair.replace(/~.*/, "")))).toBeUndefined();
  expect(browserOf(request(""))).toBeUndefined();
});
