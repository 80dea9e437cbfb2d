import { and, eq, isNull } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { POST as presentOneTimePassword } from "@/app/(customer)/login/one-time-password/present/route";
import { GET as oneTimePasswordState } from "@/app/(customer)/login/one-time-password/state/route";
import { GET as passkeyState } from "@/app/(customer)/login/passkey/state/route";
import { POST as logOut } from "@/app/(customer)/logout/route";
import { POST as changePassword } from "@/app/(customer)/password/change/change/route";
import { GET as passwordChangeState } from "@/app/(customer)/password/change/state/route";
import { POST as extendSession } from "@/app/(customer)/session/extend/route";
import { POST as changeConfirmationPassword } from "@/app/(customer)/settings/confirmation-password/change/route";
import { POST as beginRegistration } from "@/app/(customer)/settings/passkeys/options/route";
import { POST as removePasskey } from "@/app/(customer)/settings/passkeys/remove/route";
import { GET as requiredState } from "@/app/(customer)/settings/passkeys/required/state/route";
import { GET as topState } from "@/app/(customer)/state/route";
import { GET as confirmationState } from "@/app/(customer)/token/confirmation/state/route";
import { GET as issuanceState } from "@/app/(customer)/token/issuance/state/route";
import { auditEvents, corporations, passkeys, sessions, tokens, users } from "@/drizzle/schema";
import { confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browser, loggedIn } from "@/lib/login/test-browser";
import { person } from "@/lib/login/test-person";
import { standingOfHalfLogin } from "@/lib/login/standing";
import { presentOneTimePassword as verb } from "@/lib/login/present-one-time-password";
import { changeAuthentication, lockContract } from "@/lib/corporation/service";
import { ourselves } from "@/lib/platform/caller";
import { readClock } from "@/lib/platform/clock";
import { testDatabase } from "@/lib/platform/test-database";
import { inOneTransaction } from "@/lib/platform/transaction";
import { revoke } from "@/lib/token/revoke";
import { afterPasswordOf, logInBy, presentAttestation, registered, registrationOptionsOf, softAuthenticator } from "./test-authenticator";
import { contractAsks, requiresPasskeys } from "./test-policy";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const registration = "/settings/passkeys/required";
const refusedAs = (code: string) => ({ ok: false, refusal: { code } });
type Notice = { kind: string; from?: string };
const noticesOf = async (pc: ReturnType<typeof browser>) => (await pc.get<{ notices: Notice[] }>(topState)).state.notices;
const openSession = async (loginId: string) => (await database.db.select().from(sessions).where(and(eq(sessions.userId, (await person(loginId).row()).id), isNull(sessions.endedAt))));
const nextStep = () => database.advance(60);
const haruki = () => person("haruki");

describe("必須とする", () => {
  test("whoever has a passkey passes by it only: the one-time password is neither offered nor accepted, and is not used up", async () => {
    const device = await registered(await loggedIn("haruki"));
    await nextStep();
    await requiresPasskeys();
    const { pc, go } = await afterPasswordOf("haruki");
    expect(go).toBe("/login/passkey");
    expect((await pc.get(passkeyState)).state).toMatchObject({ otherwise: null });
    expect((await pc.get(oneTimePasswordState)).state).toMatchObject({ refusal: { code: "OTP-127", go: "/login/passkey" } });
    expect(await pc.post(presentOneTimePassword, { oneTimePassword: await haruki().presentDigits() })).toMatchObject(refusedAs("OTP-127"));
    expect((await pc.get(topState)).status).toBe(401);
    for (const door of [issuanceState, confirmationState]) expect((await pc.get(door)).status).toBeGreaterThanOrEqual(401);
    const [last] = await database.db.select().from(auditEvents).where(eq(auditEvents.name, "one_time_password.not_evaluated"));
    expect(last).toMatchObject({ details: { reason: "passkey_required" } });
    await logInBy("haruki", device, pc);
    expect(await openSession("haruki")).toMatchObject([{ level: "full" }]);
  });

  test("nor does a passkey's owner come in by the confirmation of a new token", async () => {
    await registered(await loggedIn("haruki"));
    await database.db.update(tokens).set({ expiresAt: (await haruki().standing()).now }).where(eq(tokens.userId, (await haruki().row()).id));
    const someone = haruki();
    await someone.password();
    expect((await someone.issue()).ok).toBe(true);
    await someone.setUp(await someone.channels());
    await requiresPasskeys();
    expect(await someone.confirm(await someone.presentDigits())).toEqual({ ok: false, refusal: { reason: "passkey_required" } });
    expect((await afterPasswordOf("haruki")).go).toBe("/login/passkey");
  });

  test("whoever has none logs in to the registration and nothing else; then the session is a full one, with another secret", async () => {
    await requiresPasskeys();
    const pc = await loggedIn("haruki", loginPassword, registration);
    expect(await openSession("haruki")).toMatchObject([{ level: "passkey_registration" }]);
    expect((await pc.get(topState)).state).toMatchObject({ refusal: { code: "OTP-128", go: registration } });
    expect((await pc.get(passwordChangeState)).state).toMatchObject({ refusal: { code: "OTP-128" } });
    const change = { currentPassword: loginPassword, newPassword: "midori no kisha 1", newPasswordAgain: "midori no kisha 1" };
    expect(await pc.post(changePassword, change)).toMatchObject(refusedAs("OTP-128"));
    expect(await pc.post(changeConfirmationPassword, { ...change, currentPassword: confirmationPassword })).toMatchObject(refusedAs("OTP-128"));
    expect(await pc.post(removePasskey, { passkey: "00000000-0000-4000-8000-000000000000", confirmationPassword })).toMatchObject(refusedAs("OTP-128"));
    expect((await pc.get(requiredState)).state).toMatchObject({ waits: true });
    expect(await pc.post(extendSession, {})).toMatchObject({ ok: true });

    expect(await pc.post(beginRegistration, { passkeyName: "x", confirmationPassword: "not the one" })).toMatchObject(refusedAs("OTP-401"));
    const before = pc.copy();
    const device = softAuthenticator();
    expect(await presentAttestation(pc, device.create(await registrationOptionsOf(pc)))).toMatchObject({ ok: true, go: "/" });
    expect((await pc.get(topState)).status).toBe(200);
    expect((await before.get(topState)).state).toMatchObject({ refusal: { code: "OTP-112" } });
    expect(await openSession("haruki")).toMatchObject([{ level: "full" }]);
    expect((await pc.get(requiredState)).state).toMatchObject({ waits: false });

    await nextStep();
    expect((await afterPasswordOf("haruki")).go).toBe("/login/passkey");
    await logInBy("haruki", device);
  });

  test("a registration that is refused leaves the session as it is; logging out ends it", async () => {
    await requiresPasskeys();
    const pc = await loggedIn("haruki", loginPassword, registration);
    const options = await registrationOptionsOf(pc);
    expect(await presentAttestation(pc, softAuthenticator().create(options, { origin: "https://evil.example" }))).toMatchObject(refusedAs("OTP-123"));
    expect(await openSession("haruki")).toMatchObject([{ level: "passkey_registration" }]);
    expect((await pc.get(topState)).status).toBe(403);
    expect(await pc.post(logOut, {})).toMatchObject({ ok: true });
    expect(await openSession("haruki")).toEqual([]);
  });

  test("20 registrations at once from one such session: one full session", async () => {
    await requiresPasskeys();
    const pc = await loggedIn("haruki", loginPassword, registration);
    const options = await registrationOptionsOf(pc);
    const answers = await Promise.all(Array.from({ length: 20 }, () => presentAttestation(pc.copy(), softAuthenticator().create(options))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await openSession("haruki")).toMatchObject([{ level: "full" }]);
    expect(await database.db.select().from(passkeys)).toHaveLength(1);
  });

  test("a temporary password is changed first, then the passkey registered", async () => {
    await requiresPasskeys();
    await database.db.update(users).set({ loginPasswordTemporary: true }).where(eq(users.loginId, "haruki"));
    const pc = await loggedIn("haruki", loginPassword, "/password/change");
    expect(await pc.post(beginRegistration, { passkeyName: "x", confirmationPassword })).toMatchObject(refusedAs("OTP-118"));
    const newPassword = "midori no kisha 1";
    expect(await pc.post(changePassword, { currentPassword: loginPassword, newPassword, newPasswordAgain: newPassword })).toMatchObject({ ok: true, go: registration });
    expect((await pc.get(topState)).state).toMatchObject({ refusal: { code: "OTP-128" } });
    expect(await presentAttestation(pc, softAuthenticator().create(await registrationOptionsOf(pc)))).toMatchObject({ ok: true, go: "/" });
  });

  test("a first login, by the confirmation of the token, leads to the registration too", async () => {
    await requiresPasskeys();
    const ichiro = person("ichiro");
    await ichiro.password();
    await ichiro.issue();
    await ichiro.setUp(await ichiro.channels());
    expect((await ichiro.confirm(await ichiro.presentDigits())).ok).toBe(true);
    expect(await ichiro.openSessions()).toMatchObject([{ level: "passkey_registration" }]);
  });

  test("before 00:00 Japan time of its date nothing is refused, and the top page announces it to those who have none", async () => {
    await requiresPasskeys(3);
    const [contract] = await database.db.select().from(corporations).where(eq(corporations.contractNumber, "1000001"));
    const from = contract!.passkeyRequiredFrom!;
    const pc = await loggedIn("haruki");
    expect(await noticesOf(pc)).toEqual([{ kind: "passkey_required", from }]);
    await registered(pc);
    expect(await noticesOf(pc)).toEqual([]);
    const { now } = await readClock(database.db);
    await database.advance(Math.round((Date.parse(`${from}T00:00:00+09:00`) - now.getTime()) / 1_000) - 30);
    expect((await afterPasswordOf("haruki")).go).toBe("/login/one-time-password");
    const sakuro = await afterPasswordOf("sakuro");
    await database.advance(31);
    expect((await afterPasswordOf("haruki")).go).toBe("/login/passkey");
    expect(await sakuro.pc.post(presentOneTimePassword, { oneTimePassword: await person("sakuro").presentDigits() })).toMatchObject({ ok: true, go: registration }); // a login begun before
  });

  test("asks nothing of a contract whose service does not apply yet", async () => {
    await requiresPasskeys();
    await database.client`update corporations set service_applies_from = null where contract_number = '1000001'`;
    const { pc, go } = await afterPasswordOf("haruki");
    expect(go).toBe("/");
    expect(await noticesOf(pc)).toEqual([]);
    expect(await openSession("haruki")).toMatchObject([{ level: "full" }]);
  });

  test("利用停止 and a revocation are no way round: the passkeys go with the token, and after the wait it is issued anew, then registered", async () => {
    const device = await registered(await loggedIn("haruki"));
    await requiresPasskeys();
    await haruki().as((work, standing) => revoke(work, [standing], { allowReissue: true }));
    expect((await afterPasswordOf("haruki")).refusal).toMatchObject({ code: "OTP-203" });
    await database.advance(30 * 60);
    expect((await afterPasswordOf("haruki")).go).toBe("/token/issuance");
    expect(device.id).not.toBe("");
    await database.client`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id = 'haruki'`;
    expect((await afterPasswordOf("haruki")).refusal).toMatchObject({ code: "OTP-106" });
  });

  test("a login that waits while the contract is changed is decided by what it is then", async () => {
    await registered(await loggedIn("haruki"));
    await nextStep();
    const someone = haruki();
    const half = await someone.password();
    if (!half.ok || !("halfLogin" in half.value)) throw new Error("no half-login");
    const { secret } = half.value.halfLogin;
    const digits = await someone.presentDigits();
    let changed!: () => void;
    const locked = new Promise<void>((resolve) => { changed = resolve; });
    const { corporationId } = await someone.row();
    const { now } = await readClock(database.db);
    const change = inOneTransaction(ourselves(), async (tx) => ({ now, contract: await lockContract(tx, corporationId) }), async (work, { contract }) => {
      work.corporationId = corporationId;
      changed();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await changeAuthentication(work, contract, { passkeyPolicy: "required", passkeyRequiredFrom: "2020-01-01", passkeyAlone: false, stepUpPolicy: "off" });
    }, { kind: "system" });
    await locked;
    const login = inOneTransaction(ourselves(), standingOfHalfLogin(secret, someone.browser.hash), (work, { standing }) => verb(work, standing, digits, someone.browser));
    expect(await login).toMatchObject({ ok: false, refusal: { reason: "passkey_required" } });
    await change;
  });
});

describe("マスターユーザ・管理者ユーザに登録をお願いする", () => {
  test("is said at each login to masters and administrators without one, and to nobody else; nothing is forced", async () => {
    await contractAsks({ passkeyPolicy: "asked_of_managers" });
    for (const loginId of ["haruki", "sakuro"]) expect(await noticesOf(await loggedIn(loginId))).toEqual([{ kind: "passkey_asked" }]);
    await nextStep();
    const pc = await loggedIn("haruki");
    expect(await noticesOf(pc)).toEqual([{ kind: "passkey_asked" }]);
    await registered(pc);
    expect(await noticesOf(pc)).toEqual([]);
    await database.db.update(users).set({ userClass: "general" }).where(eq(users.loginId, "sakuro"));
    await nextStep();
    expect(await noticesOf(await loggedIn("sakuro"))).toEqual([]);
  });
});

describe("案内する", () => {
  async function logIns(count: number) {
    let pc!: ReturnType<typeof browser>;
    for (let i = 0; i < count; i += 1) {
      await nextStep();
      pc = await loggedIn("haruki");
    }
    return pc;
  }
  const offered = [{ kind: "passkey_offered" }];

  test("the sixth login by one-time password offers one, in that session alone, and no later one does", async () => {
    for (let i = 1; i <= 5; i += 1) expect(await noticesOf(await logIns(1))).toEqual([]);
    const sixth = await logIns(1);
    expect(await noticesOf(sixth)).toEqual(offered);
    expect(await noticesOf(sixth)).toEqual(offered);
    expect(await noticesOf(await logIns(1))).toEqual([]);
    expect(await noticesOf(await logIns(6))).toEqual([]);
    expect((await haruki().row()).oneTimePasswordLogins).toBe(6);
  });

  test("it outlives the change of a password in that session, and ends with the registration of a passkey", async () => {
    const pc = await logIns(6);
    expect(await pc.post(changePassword, { currentPassword: loginPassword, newPassword: "midori no kisha 1", newPasswordAgain: "midori no kisha 1" })).toMatchObject({ ok: true });
    expect(await noticesOf(pc)).toEqual(offered);
    await registered(pc);
    expect(await noticesOf(pc)).toEqual([]);
  });

  test("logins of who has a passkey, and of contracts that ask or require, do not count", async () => {
    await registered(await logIns(1));
    await logIns(2);
    expect((await haruki().row()).oneTimePasswordLogins).toBe(1);
    await database.db.update(passkeys).set({ removedAt: new Date(), removedBecause: "removed" });
    await contractAsks({ passkeyPolicy: "asked_of_managers" });
    await logIns(1);
    await requiresPasskeys(3);
    await logIns(1);
    expect((await haruki().row()).oneTimePasswordLogins).toBe(1);
  });

  test("two at once are counted one by one, and offered once", async () => {
    await logIns(5);
    await nextStep();
    const digits = await haruki().presentDigits();
    const { pc } = await afterPasswordOf("haruki");
    await Promise.all(Array.from({ length: 10 }, () => pc.copy().post(presentOneTimePassword, { oneTimePassword: digits })));
    expect((await haruki().row()).oneTimePasswordLogins).toBe(6);
    expect((await database.db.select().from(sessions)).filter(({ passkeyOffered }) => passkeyOffered)).toHaveLength(1);
  });
});
