import { desc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { POST as askForPasskey } from "@/app/(customer)/login/passkey-alone/options/route";
import { POST as presentPassword } from "@/app/(customer)/login/present/route";
import { GET as topState } from "@/app/(customer)/state/route";
import { auditEvents, loginAttempts, loginPasswordSuspensions, mailIntents, passkeyLoginChallenges, passkeys, sessions, stops, tokens, users } from "@/drizzle/schema";
import { loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browser, loggedIn } from "@/lib/login/test-browser";
import { person } from "@/lib/login/test-person";
import { readClock } from "@/lib/platform/clock";
import { testDatabase } from "@/lib/platform/test-database";
import { policy } from "@/lib/policy";
import { eraseLoginChallenges } from "./login-challenge";
import { userHandleOf } from "./webauthn";
import {
  afterPasswordOf, anotherKey, assertionOptionsOf, optionsForAnyOf, presentAlone, presentAssertion, registered, registrationOptionsOf, softAuthenticator, type SoftAuthenticator, wrongAssertions,
} from "./test-authenticator";
import { contractAsks, requiresPasskeys } from "./test-policy";

const database = testDatabase();
let device: SoftAuthenticator;
beforeEach(async () => {
  await putScenario("demo");
  await contractAsks({ passkeyAlone: true });
  device = await registered(await loggedIn("haruki"));
});

const refusedAs = (code: string) => ({ ok: false, refusal: { code } });
const lastEvent = async (name: string) => {
  const [event] = await database.db.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(desc(auditEvents.id)).limit(1);
  return event && { result: event.result, userId: event.userId, ...(event.details as object) };
};
const idOf = async (loginId: string) => (await person(loginId).row()).id;
const openSessions = async () => (await database.db.select().from(sessions)).filter(({ endedAt }) => endedAt === null);
const challenges = () => database.db.select().from(passkeyLoginChallenges);
/** A browser that has asked. */
const asked = async (pc = browser()) => ({ pc, options: await optionsForAnyOf(pc) });

describe("login by a passkey alone", () => {
  test("opens the session of its user, ends the one before and half-logins, and is recorded with the counter", async () => {
    await afterPasswordOf("haruki");
    const { pc, options } = await asked();
    expect(await presentAlone(pc, device.get(options))).toMatchObject({ ok: true, go: "/" });
    expect((await pc.get(topState)).state).toMatchObject({ user: { loginId: "haruki" } });
    expect(await openSessions()).toMatchObject([{ level: "full" }]);
    expect(await database.db.select().from(loginAttempts)).toEqual([]);
    expect(await lastEvent("passkey.accepted")).toMatchObject({ screen: "passkey_alone", counter: 2, userId: await idOf("haruki") });
    expect(await lastEvent("session.opened")).toMatchObject({ by: "passkey_alone", level: "full" });
    expect(await database.db.select().from(passkeys)).toMatchObject([{ counter: 2 }]);
    expect(await challenges()).toEqual([]);
  });

  test("what a browser asks for names nobody, and the cookie is no session's", async () => {
    const pc = browser();
    const options = await optionsForAnyOf(pc);
    expect(options).toMatchObject({ rpId: "localhost", userVerification: "required" });
    expect(options.allowCredentials ?? []).toEqual([]);
    expect((await pc.get(topState)).status).toBe(401);
    const [row] = await challenges();
    expect(row!.expiresAt.getTime() - row!.createdAt.getTime()).toBe(policy.passkeyChallengeMinutes * 60_000);
  });

  test("in a browser not known before, its owner is mailed; the next time not, and wrong login passwords of that browser still count", async () => {
    const mails = async () => (await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "new_environment"))).length;
    const before = await mails();
    const { pc, options } = await asked();
    await presentAlone(pc, device.get(options));
    expect(await mails()).toBe(before + 1);
    for (let i = 0; i < policy.passwordFailuresBeforeStop - 1; i += 1) await pc.post(presentPassword, { loginId: "haruki", password: "wrong" });
    await presentAlone(pc, device.get(await optionsForAnyOf(pc)));
    expect(await mails()).toBe(before + 1);
    await pc.post(presentPassword, { loginId: "haruki", password: "wrong" }); // the fifth in a row: a passkey between them says nothing about the password
    expect(await pc.post(presentPassword, { loginId: "haruki", password: loginPassword })).toMatchObject(refusedAs("OTP-101"));
  });

  test("a temporary password is still to be changed", async () => {
    await database.db.update(users).set({ confirmationPasswordTemporary: true }).where(eq(users.loginId, "haruki"));
    const { pc, options } = await asked();
    expect(await presentAlone(pc, device.get(options))).toMatchObject({ ok: true, go: "/password/change" });
    expect((await pc.get(topState)).status).toBe(403);
  });

  test("goes on where passkeys are required, and does not count as a login by one-time password", async () => {
    await requiresPasskeys();
    await contractAsks({ passkeyPolicy: "required", passkeyRequiredFrom: "2020-01-01", passkeyAlone: true });
    const { pc, options } = await asked();
    expect(await presentAlone(pc, device.get(options))).toMatchObject({ ok: true, go: "/" });
    expect((await person("haruki").row()).oneTimePasswordLogins).toBe(1); // beforeEach's own
  });

  test("with an expired token, or an issuance under way", async () => {
    await database.db.update(tokens).set({ expiresAt: (await person("haruki").standing()).now }).where(eq(tokens.userId, await idOf("haruki")));
    const { pc, options } = await asked();
    expect(await presentAlone(pc, device.get(options))).toMatchObject({ ok: true, go: "/" });
    const haruki = person("haruki");
    await haruki.password();
    expect((await haruki.issue()).ok).toBe(true);
    expect(await presentAlone(pc, device.get(await optionsForAnyOf(pc)))).toMatchObject({ ok: true, go: "/" });
  });
});

describe("has one refusal, is recorded, and opens nothing:", () => {
  const refused = async (pc: ReturnType<typeof browser>, credential: object, reason: string) => {
    const before = (await openSessions()).length;
    expect(await presentAlone(pc, credential)).toMatchObject({ status: 401, ...refusedAs("OTP-129") });
    expect(await lastEvent("passkey.refused")).toMatchObject({ result: "refused", screen: "passkey_alone", reason });
    expect(await openSessions()).toHaveLength(before);
    expect(await database.db.select().from(passkeys).where(eq(passkeys.credentialId, device.id))).toMatchObject([{ lastUsedAt: null }]);
    expect((await pc.get(topState)).status).toBe(401);
  };

  test.each([...wrongAssertions, ["that does not say whose it is", { userHandle: undefined }, "no_user_handle"] as const])("%s", async (_, wrong, reason) => {
    const { pc, options } = await asked();
    await refused(pc, device.get(options, wrong), reason);
    expect(await challenges()).toEqual([]);
  });

  test("that names another user, who has a passkey too", async () => {
    await registered(await loggedIn("sakuro"), "電話");
    const { pc, options } = await asked();
    await refused(pc, device.get(options, { userHandle: userHandleOf(await idOf("sakuro")) }), "of_another_user");
  });

  test("the same one again, in this browser and another; and a challenge that was answered with rubbish before", async () => {
    const { pc, options } = await asked();
    const copy = pc.copy();
    const credential = device.get(options);
    expect(await presentAlone(pc, credential)).toMatchObject({ ok: true });
    expect(await presentAlone(copy, credential)).toMatchObject(refusedAs("OTP-129"));
    expect(await presentAlone((await asked()).pc, credential)).toMatchObject(refusedAs("OTP-129"));
    const next = await asked();
    await presentAlone(next.pc, device.get(next.options, { challenge: "AAAA" }));
    expect(await presentAlone(next.pc, device.get(next.options))).toMatchObject(refusedAs("OTP-129"));
    expect(await lastEvent("passkey.refused")).toMatchObject({ reason: "challenge" });
  });

  test("a challenge whose time is over", async () => {
    const { pc, options } = await asked();
    await database.advance(policy.passkeyChallengeMinutes * 60);
    await refused(pc, device.get(options), "challenge");
  });

  test("a challenge of another browser's, or without the cookie", async () => {
    const { options } = await asked();
    await refused((await asked()).pc, device.get(options), "challenge");
    await refused(browser(), device.get(options), "challenge");
  });

  test("a challenge of a half-login's or a registration, and the reverse", async () => {
    const { pc } = await asked();
    const half = await afterPasswordOf("haruki");
    await refused(pc, device.get(await assertionOptionsOf(half.pc)), "challenge");
    const { options } = await asked();
    expect(await presentAssertion(half.pc, device.get(options))).toMatchObject(refusedAs("OTP-121"));
    await database.advance(60);
    const session = await loggedIn("sakuro");
    await refused((await asked()).pc, device.get(await registrationOptionsOf(session)), "challenge");
  });

  test("a challenge from before the database was promoted or restored", async () => {
    const { pc, options } = await asked();
    await database.client`update database_lives set time_step_floor = floor(extract(epoch from app_now()) / 60)`;
    await refused(pc, device.get(options), "challenge");
    await database.client.unsafe("alter table database_lives disable trigger user; update database_lives set time_step_floor = 0; alter table database_lives enable trigger user");
  });

  test("a passkey that was removed", async () => {
    await database.client`update passkeys set removed_at = app_now(), removed_because = 'removed'`;
    const { pc, options } = await asked();
    await refused(pc, device.get(options), "removed");
  });

  test("a deleted user's: as if there were none", async () => {
    await database.db.update(users).set({ deletedAt: new Date() }).where(eq(users.loginId, "haruki"));
    const { pc, options } = await asked();
    await refused(pc, device.get(options), "unknown");
  });

  test("fields that are no assertion are a field error", async () => {
    const { pc } = await asked();
    for (const credential of [{}, [], "x", { id: "a" }]) expect((await presentAlone(pc, credential as object)).status).toBe(422);
    expect(await challenges()).toHaveLength(1);
    expect((await pc.post(askForPasskey, {})).cookies.join()).toMatch(/^__Host-ichido-passkey-login=[^;]{43}; Path=\/; Secure; SameSite=Strict; HttpOnly; Max-Age=300$/);
  });
});

describe("after a right passkey the same decides as after a right password (R2):", () => {
  const answered = async () => {
    const { pc, options } = await asked();
    const answer = await presentAlone(pc, device.get(options));
    expect((await pc.get(topState)).status).toBe(401);
    return answer;
  };

  test("stopped users, 利用停止 of the login password and of the one-time password", async () => {
    const { corporationId, id: userId } = await person("haruki").row();
    await database.client`insert into suspensions (corporation_id, user_id, suspended_at, cause) values (${corporationId}, ${userId}, app_now(), 'wrong_one_time_passwords')`;
    expect(await answered()).toMatchObject(refusedAs("OTP-106"));
    await database.db.insert(loginPasswordSuspensions).values({ corporationId, userId, suspendedAt: new Date() });
    expect(await answered()).toMatchObject(refusedAs("OTP-104"));
    await database.db.insert(stops).values({ corporationId, userId, stoppedAt: new Date(), cause: "emergency" });
    expect(await answered()).toMatchObject(refusedAs("OTP-103"));
    expect(await lastEvent("login.refused")).toMatchObject({ reason: "user_stopped_by_counter", userId });
    expect(await database.db.select().from(passkeys)).toMatchObject([{ counter: 4 }]); // what was seen once is not new again
  });

  test("the 30 minutes after a revocation, with the time they end, even by a passkey that it had left", async () => {
    await database.db.update(tokens).set({ endedAt: (await person("haruki").standing()).now, endedBecause: "revoked", sealedKey: null }).where(eq(tokens.userId, await idOf("haruki")));
    expect(await answered()).toMatchObject({ ok: false, refusal: { code: "OTP-203", until: expect.any(String) as string } });
    await database.advance(policy.waitAfterRevocationMinutes * 60);
    const { pc, options } = await asked();
    expect(await presentAlone(pc, device.get(options))).toMatchObject({ ok: true });
  });

  test("a contract that does not want it, or whose service does not apply", async () => {
    await contractAsks({ passkeyAlone: false });
    expect(await answered()).toMatchObject(refusedAs("OTP-130"));
    await contractAsks({ passkeyAlone: true });
    for (const from of [null, "2100-01-01"]) {
      await database.client`update corporations set service_applies_from = ${from} where contract_number = '1000001'`;
      expect(await answered()).toMatchObject(refusedAs("OTP-130"));
    }
  });

  test("and before it is right nothing of all that shows", async () => {
    const { corporationId, id: userId } = await person("haruki").row();
    await contractAsks({ passkeyAlone: false });
    await database.db.insert(stops).values({ corporationId, userId, stoppedAt: new Date(), cause: "emergency" });
    const { pc, options } = await asked();
    expect(await presentAlone(pc, device.get(options, { signWith: anotherKey() }))).toMatchObject(refusedAs("OTP-129"));
  });

  test("利用一時停止 of this browser's count or the account's closes it, and the other count's does not", async () => {
    const known = browser();
    await presentAlone(known, device.get(await optionsForAnyOf(known)));
    for (let i = 0; i < policy.passwordFailuresBeforeStop; i += 1) await browser().post(presentPassword, { loginId: "haruki", password: "wrong" });
    const { pc, options } = await asked();
    expect(await presentAlone(pc, device.get(options))).toMatchObject(refusedAs("OTP-129"));
    expect(await lastEvent("passkey.not_evaluated")).toMatchObject({ reason: "temporarily_stopped" });
    expect(await presentAlone(known, device.get(await optionsForAnyOf(known)))).toMatchObject({ ok: true });
    for (let i = 0; i < policy.passwordFailuresBeforeStop; i += 1) await known.post(presentPassword, { loginId: "haruki", password: "wrong" });
    expect(await presentAlone(known, device.get(await optionsForAnyOf(known)))).toMatchObject(refusedAs("OTP-129"));
    await database.advance(policy.temporaryStopMinutes * 60);
    expect(await presentAlone(known, device.get(await optionsForAnyOf(known)))).toMatchObject({ ok: true });
  });
});

test("challenges that nobody may answer any more are erased, and no other", async () => {
  await asked();
  await database.advance(policy.passkeyChallengeMinutes * 60 + 1);
  await asked();
  await eraseLoginChallenges();
  const { now } = await readClock(database.db);
  expect((await challenges()).map(({ expiresAt }) => expiresAt > now)).toEqual([true]);
});

const times = <Value>(count: number, work: () => Promise<Value>) => Promise.all(Array.from({ length: count }, work));

test("50 parallel presentations of one assertion: one session, one acceptance", async () => {
  const before = (await database.db.select().from(sessions)).length;
  const { pc, options } = await asked();
  const credential = device.get(options);
  const answers = await times(50, () => presentAlone(pc.copy(), credential));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await database.db.select().from(sessions)).toHaveLength(before + 1);
  expect(await database.db.select().from(auditEvents).where(eq(auditEvents.name, "passkey.accepted"))).toHaveLength(1);
});

test("20 browsers of one user at once: every one is let in once, one session is left, and nobody waits crosswise", async () => {
  const silent = await registered(await (async () => { await database.advance(60); return loggedIn("haruki"); })(), "電話", softAuthenticator({ counts: false }));
  const browsers = await times(20, () => asked());
  const answers = await Promise.all(browsers.map(({ pc, options }) => presentAlone(pc, silent.get(options))));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(20);
  expect(await openSessions()).toHaveLength(1);
});
