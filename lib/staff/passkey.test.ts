import { desc, eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GET as secondStepState } from "@/app/staff/login/one-time-password/state/route";
import { POST as askForPasskey } from "@/app/staff/login/passkey/options/route";
import { POST as beginRegistration } from "@/app/staff/passkeys/options/route";
import { POST as enterCase } from "@/app/staff/cases/new/enter/route";
import { POST as removePasskey } from "@/app/staff/passkeys/remove/route";
import { GET as passkeysState } from "@/app/staff/passkeys/state/route";
import { POST as changePassword } from "@/app/staff/password/change/change/route";
import { GET as sessionState } from "@/app/staff/session/route";
import { GET as homeState } from "@/app/staff/state/route";
import { auditEvents, staff, staffLoginAttempts, staffPasskeyChallenges, staffPasskeys, staffSessions } from "@/drizzle/schema";
import { loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { loggedIn } from "@/lib/login/test-browser";
import { staffParty } from "@/lib/passkey/party";
import { afterPasswordOf, assertionOptionsOf, presentAssertion, registered, softAuthenticator, type SoftAuthenticator, wrongAssertions } from "@/lib/passkey/test-authenticator";
import { ourselves } from "@/lib/platform/caller";
import { env } from "@/lib/platform/env";
import type { ProofAnswer } from "@/lib/platform/answer";
import { testDatabase } from "@/lib/platform/test-database";
import { inOneTransaction } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { changeStaff, type StaffChange } from "./accounts";
import type { StaffPasskeysAnswer } from "./answers";
import { eraseStaffChallenges } from "./passkey-store";
import { standingOfStaffId } from "./standing";
import {
  afterStaffPassword, presentStaffAssertion, presentStaffAttestation, presentStaffDigits, staffAssertionOptions, staffLoggedIn, staffLoggedInBy, staffRegistered, staffRegistrationOptions,
} from "./test-passkey";
import { colleague } from "./test-staff";

const database = testDatabase();
beforeEach(() => putScenario("demo"));
const { STAFF_HOST, STAFF_PASSKEY } = env();
const given = (variables: Partial<ReturnType<typeof env>>) => void Object.assign(env(), variables);
afterEach(() => given({ STAFF_HOST, STAFF_PASSKEY }));

const refusedAs = (code: string) => ({ ok: false, refusal: { code } });
const lastEvent = async (name: string) => {
  const [event] = await database.db.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(desc(auditEvents.id)).limit(1);
  return event && { result: event.result, code: event.code, actorKind: event.actorKind, actorId: event.actorId, ...(event.details as object) };
};
const count = async (name: string) => (await database.db.select().from(auditEvents).where(eq(auditEvents.name, name))).length;
const openSessions = async () => (await database.db.select().from(staffSessions)).filter(({ endedAt }) => endedAt === null).length;
const change = (staffId: string, changes: StaffChange) =>
  inOneTransaction(ourselves(), standingOfStaffId(staffId), (work, { standing }) => changeStaff(work, standing!, changes), { kind: "system" });
const asked = async (staffId = "clerk") => {
  const pc = await afterStaffPassword(staffId);
  return { pc, options: await staffAssertionOptions(pc) };
};
const passkeyName = "窓口2番のパソコン";

describe("is registered", () => {
  test("from a session and behind its password: listed, recorded with who it was, for the bank's own party and a verified user", async () => {
    const pc = await staffLoggedIn("clerk");
    const options = await staffRegistrationOptions(pc);
    expect(options).toMatchObject({ rp: { id: "localhost" }, authenticatorSelection: { userVerification: "required" }, excludeCredentials: [] });
    const device = softAuthenticator();
    expect(await presentStaffAttestation(pc, device.create(options))).toMatchObject({ ok: true, done: "registered" });
    expect((await pc.get<StaffPasskeysAnswer>(passkeysState)).state.passkeys).toMatchObject([{ name: passkeyName, lastUsedAt: null }]);
    const clerk = await colleague("clerk").row();
    expect(await lastEvent("staff.passkey_registered")).toMatchObject({ result: "done", actorKind: "staff", actorId: clerk.id });
    expect(await staffRegistrationOptions(pc)).toMatchObject({ excludeCredentials: [{ id: device.id }] });
    const approver = await staffLoggedIn("approver");
    expect((await approver.get<StaffPasskeysAnswer>(passkeysState)).state.passkeys).toEqual([]);
  });

  test("not with a wrong password, which counts as at login; not from half a login or with a temporary password", async () => {
    const pc = await staffLoggedIn("clerk");
    const begin = (currentPassword: string, at = pc) => at.post(beginRegistration, { passkeyName, currentPassword });
    for (let i = 0; i < 5; i += 1) expect(await begin("wrong")).toMatchObject(refusedAs("OTP-119"));
    expect(await begin(loginPassword)).toMatchObject(refusedAs("OTP-119"));
    expect(await lastEvent("staff.passkey_register_refused")).toMatchObject({ result: "refused", code: "OTP-119" });
    expect(await begin(loginPassword, await afterStaffPassword("approver"))).toMatchObject(refusedAs("OTP-506"));
    const auditor = await staffLoggedIn("auditor");
    await database.db.update(staff).set({ passwordTemporary: true }).where(eq(staff.staffId, "auditor"));
    expect(await begin(loginPassword, auditor)).toMatchObject(refusedAs("OTP-511"));
    expect(await database.db.select().from(staffPasskeyChallenges)).toEqual([]);
  });

  test.each([
    ["of another origin", { origin: "https://ichido.example" }, "origin"], ["without user verification", { verifiesUser: false }, "user_verification"],
    ["for another relying party", { rpId: "ichido.example" }, "relying_party"], ["for a challenge that nobody made", { challenge: Buffer.alloc(32).toString("base64url") }, "challenge"],
  ])("not %s", async (_, wrong, flaw) => {
    const pc = await staffLoggedIn("clerk");
    expect(await presentStaffAttestation(pc, softAuthenticator().create(await staffRegistrationOptions(pc), wrong))).toMatchObject(refusedAs("OTP-527"));
    expect(await lastEvent("staff.passkey_register_refused")).toMatchObject({ code: "OTP-527", flaw });
    expect(await database.db.select().from(staffPasskeys)).toEqual([]);
  });

  test("not twice for one challenge, not for another session's or a time-out one's, not a credential that somebody has", async () => {
    const [pc, approver] = [await staffLoggedIn("clerk"), await staffLoggedIn("approver")];
    const options = await staffRegistrationOptions(pc);
    expect(await presentStaffAttestation(approver, softAuthenticator().create(options))).toMatchObject(refusedAs("OTP-527"));
    const device = softAuthenticator();
    expect(await presentStaffAttestation(pc, device.create(options))).toMatchObject({ ok: true });
    expect(await presentStaffAttestation(pc, softAuthenticator().create(options))).toMatchObject(refusedAs("OTP-527"));
    expect(await presentStaffAttestation(approver, device.create(await staffRegistrationOptions(approver)))).toMatchObject(refusedAs("OTP-527"));
    expect(await lastEvent("staff.passkey_register_refused")).toMatchObject({ flaw: "taken" });
    const late = await staffRegistrationOptions(pc);
    await database.advance(policy.passkeyChallengeMinutes * 60);
    expect(await presentStaffAttestation(pc, softAuthenticator().create(late))).toMatchObject(refusedAs("OTP-527"));
    expect(await database.db.select().from(staffPasskeys)).toHaveLength(1);
  });

  test("no more than the policy's number", async () => {
    const pc = await staffLoggedIn("clerk");
    for (let i = 0; i < policy.passkeysPerUser; i += 1) await staffRegistered(pc);
    expect(await pc.post(beginRegistration, { passkeyName, currentPassword: loginPassword })).toMatchObject(refusedAs("OTP-124"));
  });
});

describe("the second step by a passkey", () => {
  let device: SoftAuthenticator;
  beforeEach(async () => { device = await staffRegistered(await staffLoggedIn("clerk")); });

  test("opens a session, ends the one before, uses up the half-login, and is recorded with the counter", async () => {
    const pc = await staffLoggedInBy("clerk", device);
    expect((await pc.get(homeState)).status).toBe(200);
    expect(await openSessions()).toBe(1);
    expect(await database.db.select().from(staffLoginAttempts)).toEqual([]);
    expect(await lastEvent("staff.passkey_accepted")).toMatchObject({ result: "done", actorKind: "staff", counter: 2 });
    expect((await database.db.select().from(staffPasskeys))[0]).toMatchObject({ counter: 2, lastUsedAt: expect.any(Date) as Date });
  });

  test("is offered beside the one-time password where one is registered, and only there", async () => {
    expect((await (await afterStaffPassword("clerk")).get(secondStepState)).state).toMatchObject({ passkey: true, oneTimePassword: true });
    const approver = await afterStaffPassword("approver");
    expect((await approver.get(secondStepState)).state).toMatchObject({ passkey: false, oneTimePassword: true });
    expect(await approver.post(askForPasskey, {})).toMatchObject(refusedAs("OTP-525"));
  });

  test("a temporary password is still to be changed", async () => {
    const { pc, options } = await asked();
    await database.db.update(staff).set({ passwordTemporary: true }).where(eq(staff.staffId, "clerk"));
    expect(await presentStaffAssertion(pc, device.get(options))).toMatchObject({ ok: true, go: "/staff/password/change" });
  });

  test.each(wrongAssertions)("is refused and recorded, and counts nothing: %s", async (_, wrong, reason) => {
    const { pc, options } = await asked();
    expect(await presentStaffAssertion(pc, device.get(options, wrong))).toMatchObject(refusedAs("OTP-524"));
    const clerk = await colleague("clerk").row();
    expect(await lastEvent("staff.passkey_refused")).toMatchObject({ result: "refused", reason, actorKind: "staff", actorId: clerk.id });
    expect(await database.db.select().from(staffPasskeys)).toMatchObject([{ counter: 1, lastUsedAt: null }]);
    expect(clerk.oneTimePasswordFailures).toBe(0);
    expect(await count("staff.passkey_accepted")).toBe(0);
  });

  test("the same one again, in the same half-login and in another", async () => {
    const { pc, options } = await asked();
    const copy = pc.copy();
    const credential = device.get(options);
    expect(await presentStaffAssertion(pc, credential)).toMatchObject({ ok: true });
    expect(await presentStaffAssertion(copy, credential)).toMatchObject(refusedAs("OTP-503"));
    expect(await presentStaffAssertion(await afterStaffPassword("clerk"), credential)).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.passkey_refused")).toMatchObject({ reason: "challenge" });
  });

  test("a refused one used its challenge up: the right answer comes too late", async () => {
    const { pc, options } = await asked();
    await presentStaffAssertion(pc, device.get(options, { verifiesUser: false }));
    expect(await presentStaffAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-524"));
    expect(await count("staff.passkey_accepted")).toBe(0);
  });

  test("for the challenge of an earlier half-login, of somebody else's, or of a registration", async () => {
    const { options } = await asked();
    const pc = await afterStaffPassword("clerk"); // which has not asked for one of its own, that would take its place
    expect(await presentStaffAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-524"));
    const other = await staffRegistered(await staffLoggedIn("approver"));
    const { options: theirs } = await asked("approver");
    expect(await presentStaffAssertion(pc, device.get(theirs))).toMatchObject(refusedAs("OTP-524"));
    const session = await staffLoggedInBy("approver", other);
    expect(await presentStaffAssertion(pc, device.get(await staffRegistrationOptions(session)))).toMatchObject(refusedAs("OTP-524"));
    expect(await count("staff.passkey_accepted")).toBe(1);
  });

  test("whose time is over; then nobody may answer it, and it is erased", async () => {
    const { pc, options } = await asked();
    await database.advance(policy.passkeyChallengeMinutes * 60);
    expect(await presentStaffAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-524"));
    await database.advance(1);
    await eraseStaffChallenges();
    expect(await database.db.select().from(staffPasskeyChallenges)).toEqual([]);
  });

  test("of somebody else, of a customer, and of this member of staff at the customers' door", async () => {
    const other = await staffRegistered(await staffLoggedIn("approver"));
    const { pc, options } = await asked();
    expect(await presentStaffAssertion(pc, other.get(options, { userHandle: undefined }))).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.passkey_refused")).toMatchObject({ reason: "of_another_user" });
    const customers = await registered(await loggedIn("haruki"));
    expect(await presentStaffAssertion(pc, customers.get(await staffAssertionOptions(pc)))).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.passkey_refused")).toMatchObject({ reason: "unknown" });
    const { pc: haruki } = await afterPasswordOf("haruki");
    expect(await presentAssertion(haruki, device.get(await assertionOptionsOf(haruki)))).toMatchObject(refusedAs("OTP-121"));
    expect(await lastEvent("passkey.refused")).toMatchObject({ reason: "unknown" });
  });

  test("once it is removed, between the challenge and the answer or before", async () => {
    const session = await staffLoggedInBy("clerk", device);
    await staffRegistered(session);
    const { pc, options } = await asked();
    const { passkeys } = (await session.get<StaffPasskeysAnswer>(passkeysState)).state;
    expect(await session.post(removePasskey, { passkey: passkeys[0]!.id, currentPassword: "wrong" })).toMatchObject(refusedAs("OTP-119"));
    expect(await session.post(removePasskey, { passkey: passkeys[0]!.id, currentPassword: loginPassword })).toMatchObject({ ok: true, done: "removed" });
    expect(await session.post(removePasskey, { passkey: passkeys[0]!.id, currentPassword: loginPassword })).toMatchObject(refusedAs("OTP-125"));
    expect(await lastEvent("staff.passkey_removed")).toMatchObject({ staffId: "clerk", because: "removed", passkeyId: passkeys[0]!.id });
    expect(await presentStaffAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.passkey_refused")).toMatchObject({ reason: "removed" });
  });

  test("long after the second factor a session and its password remove none", async () => {
    const session = await staffLoggedInBy("clerk", device);
    await database.advance(policy.stepUpMinutes * 60 + 1);
    const [passkey] = await database.db.select().from(staffPasskeys);
    expect(await session.post(removePasskey, { passkey: passkey!.id, currentPassword: loginPassword })).toMatchObject(refusedAs("OTP-414"));
    expect(await count("staff.passkey_removed")).toBe(0);
  });

  test("not somebody else's to remove", async () => {
    const approver = await staffLoggedIn("approver");
    const [passkey] = await database.db.select().from(staffPasskeys);
    expect(await approver.post(removePasskey, { passkey: passkey!.id, currentPassword: loginPassword })).toMatchObject(refusedAs("OTP-125"));
    expect(await lastEvent("staff.passkey_remove_refused")).toMatchObject({ code: "OTP-125", asked: passkey!.id });
  });

  test("of a suspended or ended member of staff: the half-login is worth nothing, and the end removes the passkey", async () => {
    const suspended = await asked();
    await database.db.update(staff).set({ suspendedAt: sql`app_now()` }).where(eq(staff.staffId, "clerk"));
    expect(await presentStaffAssertion(suspended.pc, device.get(suspended.options))).toMatchObject(refusedAs("OTP-505"));
    expect(await lastEvent("staff.passkey_refused")).toMatchObject({ code: "OTP-505" });
    await database.db.update(staff).set({ suspendedAt: null });
    const { pc, options } = await asked();
    await change("clerk", { end: true });
    expect(await presentStaffAssertion(pc, device.get(options))).toMatchObject(refusedAs("OTP-503"));
    expect(await database.db.select().from(staffPasskeys)).toMatchObject([{ removedBecause: "revoked" }]);
    expect(await openSessions()).toBe(0);
  });

  test("a lost device: the operator removes all, with an event each; the one-time password is left, and the session ends", async () => {
    await staffRegistered(await staffLoggedInBy("clerk", device));
    await change("clerk", { removePasskeys: true });
    expect(await count("staff.passkey_removed")).toBe(2);
    expect(await lastEvent("staff.passkey_removed")).toMatchObject({ actorKind: "system", staffId: "clerk", because: "revoked" });
    expect(await lastEvent("staff.changed")).toMatchObject({ changed: ["passkeys"] });
    expect(await openSessions()).toBe(0);
    const pc = await afterStaffPassword("clerk");
    expect((await pc.get(secondStepState)).state).toMatchObject({ passkey: false, oneTimePassword: true });
    expect(await pc.post(askForPasskey, {})).toMatchObject(refusedAs("OTP-525"));
  });

  test("a database that was promoted or restored accepts only challenges that it made", async () => {
    const { pc, options } = await asked();
    const [row] = await database.client`update database_lives set life = 'another' returning (select life from database_lives) as before`; // no floor yet: nothing is accepted
    const answer = await presentStaffAssertion(pc, device.get(options));
    await database.client`update database_lives set life = ${row!.before as string}`;
    expect(answer).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.passkey_refused")).toMatchObject({ reason: "challenge" });
  });

  test("20 parallel presentations of one assertion: one session, one acceptance", async () => {
    const { pc, options } = await asked();
    const credential = device.get(options);
    const before = await count("staff.session_opened");
    const copies = Array.from({ length: 20 }, () => pc.copy());
    const answers = await Promise.all(copies.map((copy) => presentStaffAssertion(copy, credential)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect([await count("staff.passkey_accepted"), await count("staff.session_opened") - before, await openSessions()]).toEqual([1, 1, 1]);
  });
});

describe("STAFF_PASSKEY=required", () => {
  beforeEach(() => given({ STAFF_PASSKEY: "required" }));

  test("whoever has none reaches nothing by the one-time password but the registration of one, and everything after it", async () => {
    const pc = await staffLoggedIn("clerk");
    expect(await pc.get(homeState)).toMatchObject({ status: 403, state: { refusal: { code: "OTP-528", go: "/staff/passkeys" } } });
    expect(await pc.post(enterCase, {})).toMatchObject(refusedAs("OTP-528"));
    expect(await lastEvent("staff.access_refused")).toMatchObject({ code: "OTP-528" });
    expect((await pc.get(sessionState)).status).toBe(200);
    expect((await pc.get<StaffPasskeysAnswer>(passkeysState)).state).toMatchObject({ passkeys: [], missing: true });
    await staffRegistered(pc);
    expect((await pc.get<StaffPasskeysAnswer>(passkeysState)).state).toMatchObject({ missing: false });
    expect((await pc.get(homeState)).status).toBe(200);
  });

  test("a temporary password is changed first", async () => {
    const pc = await staffLoggedIn("clerk");
    await database.db.update(staff).set({ passwordTemporary: true }).where(eq(staff.staffId, "clerk"));
    expect((await pc.get(homeState)).state).toMatchObject({ refusal: { code: "OTP-511" } });
    expect((await pc.get(passkeysState)).state).toMatchObject({ refusal: { code: "OTP-511" } });
    const newPassword = "Atarashii-kagi-2026";
    expect(await pc.post(changePassword, { currentPassword: loginPassword, newPassword, newPasswordAgain: newPassword })).toMatchObject({ ok: true });
    expect((await pc.get(homeState)).state).toMatchObject({ refusal: { code: "OTP-528" } });
  });

  test("a session whose last passkey is removed is left with the registration", async () => {
    const pc = await staffLoggedIn("clerk");
    await staffRegistered(pc);
    await database.db.update(staffPasskeys).set({ removedAt: new Date(), removedBecause: "removed" });
    expect((await pc.get(homeState)).state).toMatchObject({ refusal: { code: "OTP-528" } });
  });

  test("the next one is signed by the first, however young the session is; so is a removal", async () => {
    const pc = await staffLoggedIn("clerk");
    const device = await staffRegistered(pc);
    const signed = ({ refusal }: { refusal?: { code: string; proof?: ProofAnswer } }) => ({ assertion: JSON.stringify(device.get({ challenge: refusal!.proof!.passkey!.challenge })) });
    const another = { passkeyName: "別のパソコン", currentPassword: loginPassword };
    const asked = await pc.post(beginRegistration, another);
    expect(asked).toMatchObject(refusedAs("OTP-414"));
    expect(await pc.post(beginRegistration, { ...another, ...signed(asked) })).toMatchObject({ ok: true });

    const [passkey] = await database.db.select().from(staffPasskeys);
    const removal = { passkey: passkey!.id, currentPassword: loginPassword };
    const removing = await pc.post(removePasskey, removal);
    expect(removing).toMatchObject({ ...refusedAs("OTP-414"), refusal: { proof: { statement: { title: "パスキーの削除の承認", facts: [["職員ID", "clerk"], ["パスキーの名前", passkeyName]] } } } });
    expect(await pc.post(removePasskey, { ...removal, ...signed(asked) })).toMatchObject(refusedAs("OTP-524"));
    expect(await pc.post(removePasskey, { ...removal, ...signed(await pc.post(removePasskey, removal)) })).toMatchObject({ ok: true, done: "removed" });
    expect(await lastEvent("staff.approval_accepted")).toMatchObject({ act: "remove_passkey", method: "passkey" });
  });

  test("whoever has one is let in by nothing else: the form says so, and the right one-time password is refused, uncounted and unspent", async () => {
    const device = await staffRegistered(await staffLoggedIn("clerk"));
    await database.advance(60);
    const pc = await afterStaffPassword("clerk");
    expect((await pc.get(secondStepState)).state).toMatchObject({ passkey: true, oneTimePassword: false });
    for (let i = 0; i < 6; i += 1) expect(await presentStaffDigits(pc, "clerk")).toMatchObject(refusedAs("OTP-526"));
    expect(await lastEvent("staff.one_time_password_refused")).toMatchObject({ result: "refused", code: "OTP-526" });
    expect(await colleague("clerk").row()).toMatchObject({ oneTimePasswordFailures: 0, suspendedAt: null });
    await staffLoggedInBy("clerk", device, pc);
    await change("clerk", { removePasskeys: true });
    await staffLoggedIn("clerk");
  });

  test("optional says nothing of a missing one", async () => {
    given({ STAFF_PASSKEY: "optional" });
    const pc = await staffLoggedIn("clerk");
    expect((await pc.get(homeState)).status).toBe(200);
    expect((await pc.get<StaffPasskeysAnswer>(passkeysState)).state).toMatchObject({ missing: false });
  });
});

test("the relying party is the console's own host where it has one, without its port, and its origin alone", () => {
  expect(staffParty()).toMatchObject({ id: "localhost", origins: expect.arrayContaining(["http://localhost:3000"]) as string[] });
  given({ STAFF_HOST: "counter.example.jp:8443" });
  const { id, origins } = staffParty();
  expect(id).toBe("counter.example.jp");
  expect(origins).toContain("https://counter.example.jp:8443");
  expect(origins).not.toContain(env().PUBLIC_ORIGIN);
});

describe("for the day the code forgets, the database", () => {
  beforeEach(async () => { await staffLoggedInBy("clerk", await staffRegistered(await staffLoggedIn("clerk"))); });
  test.each([
    ["lets no counter fall", "update staff_passkeys set counter = 0", "staff_passkeys_counter_grows"],
    ["changes no key", "update staff_passkeys set public_key = ''", "staff_passkeys_one_key"],
    ["gives a passkey to nobody else", "update staff_passkeys set staff_id = (select id from staff where staff_id = 'approver')", "staff_passkeys_one_key"],
    ["uses no challenge twice", "update staff_passkey_challenges set used_at = null", "passkey_challenges_used_once"],
  ])("%s", async (_, statement, constraint) => {
    await expect(database.client.unsafe(statement)).rejects.toMatchObject({ constraint_name: constraint });
  });
});
