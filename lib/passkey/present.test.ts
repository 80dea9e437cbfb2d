import { desc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { POST as presentOneTimePassword } from "@/app/(customer)/login/one-time-password/present/route";
import { GET as oneTimePasswordState } from "@/app/(customer)/login/one-time-password/state/route";
import { POST as askForPasskey } from "@/app/(customer)/login/passkey/options/route";
import { GET as passkeyState } from "@/app/(customer)/login/passkey/state/route";
import { GET as topState } from "@/app/(customer)/state/route";
import { GET as confirmationState } from "@/app/(customer)/token/confirmation/state/route";
import { GET as issuanceState } from "@/app/(customer)/token/issuance/state/route";
import { auditEvents, issuancePermissions, loginAttempts, loginPasswordSuspensions, passkeys, sessions, stops, tokens, users } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browser, loggedIn } from "@/lib/login/test-browser";
import { person, wrongDigits } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { policy } from "@/lib/policy";
import { lift } from "@/lib/suspension/lift";
import { removePasskeys } from "./remove";
import { afterPasswordOf, anotherKey, assertionOptionsOf, logInBy, presentAssertion, registered, softAuthenticator, type SoftAuthenticator, wrongAssertions } from "./test-authenticator";

const database = testDatabase();
let device: SoftAuthenticator;
beforeEach(async () => {
  await putScenario("demo");
  device = await registered(await loggedIn("haruki"));
});

const refusedAs = (code: string) => ({ ok: false, refusal: { code } });
const lastEvent = async (name: string) => {
  const [event] = await database.db.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(desc(auditEvents.id)).limit(1);
  return event && { result: event.result, code: event.code, ...(event.details as object) };
};
const idOf = async (loginId: string) => (await database.db.select().from(users).where(eq(users.loginId, loginId)))[0]!.id;
const openSessions = async (loginId: string) => (await database.db.select().from(sessions).where(eq(sessions.userId, await idOf(loginId)))).filter(({ endedAt }) => endedAt === null).length;
const asked = async (loginId = "haruki") => {
  const { pc } = await afterPasswordOf(loginId);
  return { pc, options: await assertionOptionsOf(pc) };
};

describe("the second step by a passkey", () => {
  test("opens the same session as a one-time password, uses up the half-login, and is recorded with the counter", async () => {
    const pc = await logInBy("haruki", device);
    expect((await pc.get(topState)).status).toBe(200);
    expect(await database.db.select().from(loginAttempts)).toEqual([]);
    expect(await openSessions("haruki")).toBe(1);
    expect(await lastEvent("passkey.accepted")).toMatchObject({ result: "done", screen: "login", counter: 2 });
    const [passkey] = await database.db.select().from(passkeys);
    expect(passkey).toMatchObject({ counter: 2 });
    expect(passkey!.lastUsedAt).not.toBeNull();
  });

  test("the browser is asked for this user's passkeys and a verified user", async () => {
    expect((await asked()).options).toMatchObject({ rpId: "localhost", userVerification: "required", allowCredentials: [{ id: device.id }] });
  });

  test("is offered beside the one-time password where one is registered, and only there", async () => {
    const haruki = (await afterPasswordOf("haruki"));
    expect(haruki.go).toBe("/login/one-time-password");
    expect((await haruki.pc.get(oneTimePasswordState)).state).toMatchObject({ passkey: true });
    expect((await haruki.pc.get(passkeyState)).state).toMatchObject({ otherwise: "one_time_password" });
    const sakuro = await afterPasswordOf("sakuro");
    expect((await sakuro.pc.get(oneTimePasswordState)).state).toMatchObject({ passkey: false });
    expect((await sakuro.pc.get(passkeyState)).state).toMatchObject({ refusal: { code: "OTP-122" } });
    expect(await sakuro.pc.post(askForPasskey, {})).toMatchObject(refusedAs("OTP-122"));
  });

  test("leaves the count of wrong one-time passwords as it is, and a refused one adds nothing to it", async () => {
    const { pc } = await afterPasswordOf("haruki");
    await pc.post(presentOneTimePassword, { oneTimePassword: await wrongDigits(person("haruki")) });
    for (let i = 0; i < 6; i += 1) expect(await presentAssertion(pc, device.get(await assertionOptionsOf(pc), { origin: "https://evil.example" }))).toMatchObject(refusedAs("OTP-121"));
    expect((await person("haruki").row()).oneTimePasswordFailures).toBe(1);
    await logInBy("haruki", device);
    expect((await person("haruki").row()).oneTimePasswordFailures).toBe(1);
  });

  test("an authenticator that does not count is used again and again", async () => {
    await database.advance(60);
    const silent = await registered(await loggedIn("sakuro"), "電話", softAuthenticator({ counts: false }));
    for (let i = 0; i < 2; i += 1) await logInBy("sakuro", silent);
    expect(await openSessions("sakuro")).toBe(1);
  });

  test("a temporary password is still to be changed", async () => {
    await database.db.update(users).set({ loginPasswordTemporary: true }).where(eq(users.loginId, "haruki"));
    const { pc, options } = await asked();
    expect(await presentAssertion(pc, device.get(options))).toMatchObject({ ok: true, go: "/password/change" });
    expect((await pc.get(topState)).status).toBe(403);
  });
});

describe("is not accepted, and recorded:", () => {
  test.each(wrongAssertions)("%s", async (_, wrong, reason) => {
    const { pc, options } = await asked();
    expect(await presentAssertion(pc, device.get(options, wrong))).toMatchObject(refusedAs("OTP-121"));
    expect(await lastEvent("passkey.refused")).toMatchObject({ result: "refused", screen: "login", reason });
    expect(await database.db.select().from(passkeys)).toMatchObject([{ counter: 1, lastUsedAt: null }]);
    expect((await pc.get(topState)).status).toBe(401);
  });

  test("a counter is a matter of the right signature: whoever forges one is told from a copied authenticator", async () => {
    const { pc, options } = await asked();
    await presentAssertion(pc, device.get(options, { counter: 0, signWith: anotherKey() }));
    expect(await lastEvent("passkey.refused")).toMatchObject({ reason: "signature" });
  });

  test("the same one again, in the same half-login and in another", async () => {
    const { pc, options } = await asked();
    const copy = pc.copy();
    const credential = device.get(options);
    expect(await presentAssertion(pc, credential)).toMatchObject({ ok: true });
    expect(await presentAssertion(copy, credential)).toMatchObject(refusedAs("OTP-108"));
    const { pc: other } = await afterPasswordOf("haruki");
    expect(await presentAssertion(other, credential)).toMatchObject(refusedAs("OTP-121"));
    expect(await lastEvent("passkey.refused")).toMatchObject({ reason: "challenge" });
  });

  test("a challenge used before, even if it was for nothing", async () => {
    const { pc, options } = await asked();
    await presentAssertion(pc, device.get(options, { origin: "https://evil.example" }));
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-121"));
  });

  test("a challenge whose time is over", async () => {
    const { pc, options } = await asked();
    await database.advance(policy.passkeyChallengeMinutes * 60);
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-121"));
    expect(await presentAssertion(pc, device.get(await assertionOptionsOf(pc)))).toMatchObject({ ok: true });
  });

  test("a challenge of an earlier half-login, or of another user's", async () => {
    const { options } = await asked();
    const { pc } = await afterPasswordOf("haruki");
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-121"));
    const theirs = await registered(await loggedIn("sakuro"), "電話");
    const mine = await asked("haruki");
    const { pc: sakuro } = await afterPasswordOf("sakuro");
    expect(await presentAssertion(sakuro, theirs.get(mine.options))).toMatchObject(refusedAs("OTP-121"));
    expect(await lastEvent("passkey.refused")).toMatchObject({ reason: "challenge" });
  });

  test("a challenge made for a registration", async () => {
    const { pc } = await afterPasswordOf("haruki");
    const session = await loggedInAgain();
    const { registrationOptionsOf } = await import("./test-authenticator");
    const options = await registrationOptionsOf(session);
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-108"));
    const { pc: next } = await afterPasswordOf("haruki");
    expect(await presentAssertion(next, device.get(options))).toMatchObject(refusedAs("OTP-121"));
  });

  test("another user's credential, with a challenge of one's own", async () => {
    await registered(await loggedIn("sakuro"), "電話");
    const { pc, options } = await asked("sakuro");
    expect(await presentAssertion(pc, device.get(options, { userHandle: undefined }))).toMatchObject(refusedAs("OTP-121"));
    expect(await lastEvent("passkey.refused")).toMatchObject({ reason: "of_another_user" });
  });

  test("a credential that was removed, while another is registered", async () => {
    const other = await registered(await loggedInAgain(), "電話");
    await database.client`update passkeys set removed_at = app_now(), removed_because = 'removed' where credential_id = ${device.id}`;
    const { pc, options } = await asked();
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-121"));
    expect(await lastEvent("passkey.refused")).toMatchObject({ reason: "removed" });
    expect(await presentAssertion(pc, other.get(await assertionOptionsOf(pc)))).toMatchObject({ ok: true });
  });

  test("a challenge from before the database was promoted or restored", async () => {
    const { pc, options } = await asked();
    await database.client`update database_lives set time_step_floor = floor(extract(epoch from app_now()) / 60)`;
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-121"));
    await database.advance(60);
    expect(await presentAssertion(pc, device.get(await assertionOptionsOf(pc)))).toMatchObject({ ok: true });
    await database.client.unsafe("alter table database_lives disable trigger user; update database_lives set time_step_floor = 0; alter table database_lives enable trigger user");
  });

  test("behind a half-login that has run out, or none at all", async () => {
    const { pc, options } = await asked();
    expect(await presentAssertion(browser(), device.get(options))).toMatchObject(refusedAs("OTP-108"));
    await database.advance(policy.halfLoginMinutes * 60);
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-108"));
    expect(await lastEvent("passkey.not_evaluated")).toMatchObject({ reason: "half_login_expired" });
  });
});

/** One session a user: the one before it ends. */
async function loggedInAgain() {
  await database.advance(60);
  return loggedIn("haruki");
}

describe("is no way round", () => {
  test("利用停止: the half-login dies with it, a right password after it is refused, and the passkey stays for after the lift", async () => {
    const { pc, options } = await asked();
    const credential = device.get(options);
    const { pc: thief } = { pc: pc.copy() };
    const wrong = await wrongDigits(person("haruki"));
    for (let i = 0; i < policy.failuresBeforeSuspension; i += 1) await thief.post(presentOneTimePassword, { oneTimePassword: wrong });
    expect(await presentAssertion(pc, credential)).toMatchObject(refusedAs("OTP-108"));
    expect((await afterPasswordOf("haruki")).refusal).toMatchObject({ code: "OTP-106" });
    await person("haruki").as((work, standing) => lift(work, [standing]));
    await logInBy("haruki", device);
  });

  test("利用停止 whose half-login is still there, as if the code had forgotten it", async () => {
    const { pc, options } = await asked();
    await database.client`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id = 'haruki'`;
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-106"));
    expect(await pc.post(askForPasskey, {})).toMatchObject(refusedAs("OTP-106"));
    expect(await lastEvent("passkey.not_evaluated")).toMatchObject({ reason: "suspended" });
  });

  test("a stop, or a login password that is 利用停止", async () => {
    const { corporationId, id: userId } = (await database.db.select().from(users).where(eq(users.loginId, "haruki")))[0]!;
    const { pc, options } = await asked();
    await database.db.insert(loginPasswordSuspensions).values({ corporationId, userId, suspendedAt: new Date() });
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-104"));
    await database.db.insert(stops).values({ corporationId, userId, stoppedAt: new Date(), cause: "emergency" });
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-103"));
    expect((await afterPasswordOf("haruki")).refusal).toMatchObject({ code: "OTP-103" });
  });

  test("the 30 minutes after a revocation, even by a passkey that it had left", async () => {
    const { pc, options } = await asked();
    await database.db.update(tokens).set({ endedAt: (await person("haruki").standing()).now, endedBecause: "revoked", sealedKey: null }).where(eq(tokens.userId, await idOf("haruki")));
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-122"));
    expect((await afterPasswordOf("haruki")).refusal).toMatchObject({ code: "OTP-203" });
    await database.advance(policy.waitAfterRevocationMinutes * 60);
    await logInBy("haruki", device);
  });

  test("a deleted user", async () => {
    const { pc, options } = await asked();
    await database.db.update(users).set({ deletedAt: new Date() }).where(eq(users.loginId, "haruki"));
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-108"));
  });
});

describe("a user with a passkey and no token in use", () => {
  test("is led to the passkey, may go on to the issuance from there while a 発行許可 is open, and logs in by it without one", async () => {
    await database.db.update(tokens).set({ expiresAt: (await person("haruki").standing()).now }).where(eq(tokens.userId, await idOf("haruki")));
    const { pc, go } = await afterPasswordOf("haruki");
    expect(go).toBe("/login/passkey");
    expect((await pc.get(passkeyState)).state).toMatchObject({ otherwise: "issuance" });
    expect((await pc.get(issuanceState)).state).toMatchObject({ mode: "first", passkey: true });
    expect((await pc.get(oneTimePasswordState)).state).toMatchObject({ refusal: { code: "OTP-110" } });
    await database.db.update(issuancePermissions).set({ closedAt: new Date() });
    expect((await pc.get(issuanceState)).state).toMatchObject({ passkey: true, permission: null, refusal: { code: "OTP-201" } });
    expect(await presentAssertion(pc, device.get(await assertionOptionsOf(pc)))).toMatchObject({ ok: true, go: "/" });
  });

  test("and an issuance open is led to the confirmation, from where the passkey may be used", async () => {
    await database.db.update(tokens).set({ expiresAt: (await person("haruki").standing()).now }).where(eq(tokens.userId, await idOf("haruki")));
    const haruki = person("haruki");
    await haruki.password();
    expect((await haruki.issue()).ok).toBe(true);
    const { pc, go } = await afterPasswordOf("haruki");
    expect(go).toBe("/token/confirmation");
    expect((await pc.get(confirmationState)).state).toMatchObject({ passkey: true });
    expect((await pc.get(passkeyState)).state).toMatchObject({ otherwise: "confirmation" });
    await logInBy("haruki", device, pc);
  });

  test("whose passkey is removed meanwhile is led nowhere by it", async () => {
    const { pc, options } = await asked();
    await person("haruki").as((work, standing) => removePasskeys(work, [standing], "revoked"));
    expect(await presentAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-122"));
    expect(await lastEvent("passkey.not_evaluated")).toMatchObject({ reason: "no_passkey" });
  });
});

test("before the service applies the password alone opens the session, and no half-login is there to present one behind", async () => {
  await database.client`update corporations set service_applies_from = null`;
  expect((await afterPasswordOf("haruki")).go).toBe("/");
});
