import { desc, eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { POST as returnCase } from "@/app/staff/cases/[number]/return/route";
import { POST as enterCase } from "@/app/staff/cases/new/enter/route";
import { POST as changePassword } from "@/app/staff/password/change/change/route";
import { POST as beginRegistration } from "@/app/staff/passkeys/options/route";
import { GET as sessionState } from "@/app/staff/session/route";
import { auditEvents, staff, staffPasskeyChallenges, staffPasskeys, staffSessions, users } from "@/drizzle/schema";
import { digestOf } from "@/lib/approval/statement";
import { loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browser, loggedIn } from "@/lib/login/test-browser";
import { person } from "@/lib/login/test-person";
import { assertionOptionsOf, afterPasswordOf, registered, softAuthenticator, type SoftAuthenticator, wrongAssertions } from "@/lib/passkey/test-authenticator";
import { ourselves } from "@/lib/platform/caller";
import { readClock } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";
import { sortableDate } from "@/lib/platform/japan-time";
import { testDatabase } from "@/lib/platform/test-database";
import { inOneTransaction } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { changeStaff } from "./accounts";
import { standingOfStaffId } from "./standing";
import {
  approvalMethodAt, askedToSign, postApproval, seenAt, signedApproval, staffAssertionOptions, afterStaffPassword, staffLoggedIn, staffRegistered, staffRegistrationOptions,
} from "./test-passkey";
import { caseRow, colleague } from "./test-staff";

const database = testDatabase();
const { STAFF_PASSKEY } = env();
const given = (variables: Partial<ReturnType<typeof env>>) => void Object.assign(env(), variables);
afterEach(() => given({ STAFF_PASSKEY }));

let clerk = colleague("clerk");
beforeEach(async () => {
  await putScenario("demo");
  clerk = colleague("clerk");
});

type Pc = ReturnType<typeof browser>;
const refusedAs = (code: string) => ({ ok: false, refusal: { code } });
const lastEvent = async (name: string) => {
  const [event] = await database.db.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(desc(auditEvents.id)).limit(1);
  return event && { result: event.result, code: event.code, actorKind: event.actorKind, actorId: event.actorId, transaction: event.transaction, ...(event.details as object) };
};
const count = async (name: string) => (await database.db.select().from(auditEvents).where(eq(auditEvents.name, name))).length;
const entered = async (fields: Partial<Parameters<typeof clerk.enter>[0]> = {}) => {
  const result = await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"], ...fields });
  return (result as { value: { number: string } }).value.number;
};
const stateOf = async (number: string) => (await caseRow(number)).row!.state;
const isSuspended = async () => (await person("sachiko").standing()).suspendedAt !== null;
const digitsOf = (staffId: string) => colleague(staffId).presentDigits();
const passed = { proofOneTimePassword: "000000" };
/** Sessions are kept, and their last proof is older than the policy lets it be. */
async function later(seconds = policy.stepUpMinutes * 60 + 1) {
  await database.advance(seconds);
  await database.client`update staff_sessions set last_seen_at = app_now()`;
}

describe("whoever proved themselves lately", () => {
  test("is not asked; up to and including the policy's last minute, and after it is", async () => {
    const pc = await staffLoggedIn("approver");
    const [first, second] = [await entered(), await entered({ kind: "open_permission" })];
    await later(policy.stepUpMinutes * 60 - 30);
    expect(await postApproval(pc, first)).toMatchObject({ ok: true });
    await later(31);
    expect(await postApproval(pc, second)).toMatchObject({ ok: false, refusal: { code: "OTP-414", proof: { oneTimePassword: true } } });
    expect(await stateOf(second)).toBe("waiting");
    expect([await count("staff.approval_accepted"), await count("staff.approval_refused")]).toEqual([0, 0]);
  });

  test("a change of the password is no proof: the new session is as old as the one before", async () => {
    const pc = await staffLoggedIn("approver");
    const number = await entered();
    await later();
    const newPassword = "Atarashii-kagi-2026";
    expect(await pc.post(changePassword, { currentPassword: loginPassword, newPassword, newPasswordAgain: newPassword })).toMatchObject({ ok: true });
    expect(await postApproval(pc, number)).toMatchObject(refusedAs("OTP-414"));
  });

  test("what is presented is judged, asked for or not", async () => {
    const pc = await staffLoggedIn("approver");
    const number = await entered();
    expect(await postApproval(pc, number, passed)).toMatchObject(refusedAs("OTP-504"));
    expect(await postApproval(pc, number, { assertion: JSON.stringify(softAuthenticator().get({ challenge: "AAAA" })) })).toMatchObject(refusedAs("OTP-524"));
    expect(await stateOf(number)).toBe("waiting");
  });

  test("other acts at the counter ask for nothing: 差戻し, 緊急停止", async () => {
    const pc = await staffLoggedIn("approver");
    const number = await entered();
    await later();
    expect(await pc.post((request) => returnCase(request, { params: Promise.resolve({ number }) }), {})).toMatchObject({ ok: true });
    expect(await pc.post(enterCase, { number: "K-1", kind: "emergency_stop", contractNumber: "1000001", loginIds: "jiro", reason: "お電話" })).toMatchObject({ ok: true });
  });
});

describe("with a one-time password", () => {
  let pc: Pc;
  let number: string;
  beforeEach(async () => {
    pc = await staffLoggedIn("approver");
    number = await entered();
    await later();
  });

  test("a right one approves, is spent, and is good for what follows within the policy's minutes", async () => {
    const digits = await digitsOf("approver");
    expect(await postApproval(pc, number, { proofOneTimePassword: digits })).toMatchObject({ ok: true });
    expect([await stateOf(number), await isSuspended()]).toEqual(["done", false]);
    const accepted = await lastEvent("staff.approval_accepted");
    expect(accepted).toMatchObject({ result: "done", actorKind: "staff", actorId: (await colleague("approver").row()).id, caseNumber: number, method: "one_time_password" });
    expect((await lastEvent("case.approved"))!.transaction).toBe(accepted!.transaction);
    expect(await approvalMethodAt(pc, number)).toBe("one_time_password");
    const next = await entered({ kind: "open_permission", loginIds: ["jiro"] });
    expect(await postApproval(pc, next, { proofOneTimePassword: digits })).toMatchObject(refusedAs("OTP-504"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "replayed", failures: 0 });
    expect(await postApproval(pc, next)).toMatchObject({ ok: true });
    expect(await approvalMethodAt(pc, next)).toBeNull(); // nothing was asked for
  });

  test("a wrong one counts with the login's, asks again, and the fifth suspends and ends the session; malformed ones do not count", async () => {
    expect(await postApproval(pc, number, { proofOneTimePassword: "12345" })).toMatchObject({ ok: false, fields: { proofOneTimePassword: expect.any(String) as string } });
    await afterStaffPassword("approver"); // beside the session: the count is the person's
    for (let i = 1; i <= 4; i += 1) {
      const { refusal } = await postApproval(pc, number, passed);
      expect(refusal).toMatchObject({ code: "OTP-504", proof: { oneTimePassword: true } });
      expect(await colleague("approver").row()).toMatchObject({ oneTimePasswordFailures: i, suspendedAt: null });
    }
    expect(await postApproval(pc, number, passed)).toMatchObject(refusedAs("OTP-505"));
    expect(await lastEvent("staff.suspended")).toMatchObject({ failures: 5 });
    expect(await colleague("approver").row()).toMatchObject({ suspendedAt: expect.any(Date) as Date });
    expect((await pc.get(sessionState)).status).toBe(401);
    expect([await stateOf(number), await isSuspended(), await count("staff.approval_accepted")]).toEqual(["waiting", true, 0]);
  });

  test("one that was used at login is refused, uncounted", async () => {
    const again = await staffLoggedIn("approver");
    const used = await digitsOf("approver");
    expect(await postApproval(again, number, { proofOneTimePassword: used })).toMatchObject(refusedAs("OTP-504"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "replayed", failures: 0 });
    expect(await stateOf(number)).toBe("waiting");
  });

  test("a new passkey needs one, too, or a session and its password would make what approvals are signed with", async () => {
    const asked = { passkeyName: "窓口2番のパソコン", currentPassword: loginPassword };
    expect(await pc.post(beginRegistration, asked)).toMatchObject({ ok: false, refusal: { code: "OTP-414", proof: { oneTimePassword: true } } });
    expect(await pc.post(beginRegistration, { ...asked, ...passed })).toMatchObject(refusedAs("OTP-504"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ act: "register_passkey", reason: "wrong", failures: 1 });
    expect(await pc.post(beginRegistration, { ...asked, currentPassword: "wrong", proofOneTimePassword: await digitsOf("approver") })).toMatchObject(refusedAs("OTP-119"));
    expect(await database.db.select().from(staffPasskeyChallenges)).toEqual([]);
    expect(await pc.post(beginRegistration, { ...asked, proofOneTimePassword: await digitsOf("approver") })).toMatchObject({ ok: true });
    expect(await lastEvent("staff.approval_accepted")).toMatchObject({ act: "register_passkey", method: "one_time_password" });
    expect(await postApproval(pc, number)).toMatchObject({ ok: true }); // proved lately
  });

  test("is not spent where the case could not be approved anyway", async () => {
    const digits = await digitsOf("approver");
    expect(await postApproval(pc, number, { seen: "x", proofOneTimePassword: digits })).toMatchObject(refusedAs("OTP-517"));
    expect(await postApproval(pc, number, { proofOneTimePassword: digits })).toMatchObject({ ok: true });
  });

  test("20 at once: one approval, one acceptance, and nothing counted", async () => {
    const [seen, proofOneTimePassword] = [await seenAt(pc, number), await digitsOf("approver")];
    const answers = await Promise.all(Array.from({ length: 20 }, () => postApproval(pc, number, { seen, proofOneTimePassword })));
    expect(answers.map(({ ok, refusal }) => (ok ? "ok" : refusal!.code)).sort()).toEqual([...Array<string>(19).fill("OTP-515"), "ok"]);
    expect([await count("staff.approval_accepted"), await count("suspension.lifted")]).toEqual([1, 1]);
  });

  test("temporary passwords are made with the proof, and not before", async () => {
    const slips = await entered({ kind: "issue_login_password", loginIds: ["jiro"] });
    expect(await postApproval(pc, slips)).toMatchObject(refusedAs("OTP-414"));
    expect(await postApproval(pc, slips, { proofOneTimePassword: await digitsOf("approver") })).toMatchObject({ ok: true });
    expect((await caseRow(slips)).targets).toMatchObject([{ outcome: "done", sealedSlip: expect.any(String) as string }]);
  });
});

describe("with a passkey", () => {
  let pc: Pc;
  let device: SoftAuthenticator;
  let number: string;
  beforeEach(async () => {
    pc = await staffLoggedIn("approver");
    device = await staffRegistered(pc);
    number = await entered();
    await later();
  });
  const signed = (options: { challenge: string }, wrong: Parameters<SoftAuthenticator["get"]>[1] = {}) => ({ assertion: JSON.stringify(device.get(options, wrong)) });
  const nothingDone = async () => {
    expect([await stateOf(number), await isSuspended(), await count("staff.approval_accepted")]).toEqual(["waiting", true, 0]);
    expect((await database.db.select().from(staffSessions)).map(({ provedAgainAt }) => provedAgainAt).filter(Boolean)).toEqual([]);
  };

  test("the statement is the case in the page's words, the challenge its number, and the user is verified; signed, it is approved and recorded in one transaction", async () => {
    const { statement, passkey } = await askedToSign(pc, number);
    expect(statement.facts).toEqual([
      ["受付番号", number], ["種別", "利用解除"], ["契約", "1000001 データ商事株式会社"], ["対象", "sachiko データ幸子"], ["表示内容の照合値", await seenAt(pc, number)],
    ]);
    expect(await lastEvent("staff.approval_requested")).toMatchObject({ caseNumber: number, result: "done" });
    const [row] = await database.db.select().from(staffPasskeyChallenges).where(eq(staffPasskeyChallenges.purpose, "approval"));
    expect(passkey).toMatchObject({ challenge: await digestOf(row!.nonce!, statement), userVerification: "required", rpId: "localhost", allowCredentials: [{ id: device.id }] });
    expect(await postApproval(pc, number, signed(passkey))).toMatchObject({ ok: true });
    expect([await stateOf(number), await isSuspended()]).toEqual(["done", false]);
    const accepted = await lastEvent("staff.approval_accepted");
    expect(accepted).toMatchObject({ caseNumber: number, method: "passkey", challengeId: row!.id, counter: 2, actorId: (await colleague("approver").row()).id });
    expect((await lastEvent("case.approved"))!.transaction).toBe(accepted!.transaction);
    expect((await database.db.select().from(staffPasskeys))[0]).toMatchObject({ counter: 2, lastUsedAt: expect.any(Date) as Date });
    expect(await approvalMethodAt(pc, number)).toBe("passkey");
    expect(await postApproval(pc, await entered({ kind: "open_permission" }))).toMatchObject({ ok: true }); // proved lately
  });

  test.each([
    ["申込", { kind: "apply_service", contractNumber: "1000002", loginIds: [], serviceAppliesFrom: "" }, "適用日"],
    ["失効", { kind: "revoke_token", loginIds: ["haruki", "sachiko"], allowReissue: false }, "失効後の再発行"],
  ] as const)("%s says what else is decided", async (name, fields, label) => {
    const { now } = await readClock(database.db);
    const of = await entered({ ...fields, loginIds: [...fields.loginIds], ...("serviceAppliesFrom" in fields && { serviceAppliesFrom: sortableDate(now) }) });
    const { statement } = await askedToSign(pc, of);
    expect(statement.facts.map(([question]) => question)).toContain(label);
    expect(statement.facts.filter(([question]) => question === "対象")).toHaveLength(fields.loginIds.length);
    expect(statement.facts[1]).toEqual(["種別", name]);
  });

  test("契約登録 says which contract and whose", async () => {
    const result = await clerk.enterContract({});
    const { statement } = await askedToSign(pc, (result as { value: { number: string } }).value.number);
    expect(statement.facts).toEqual(expect.arrayContaining([["種別", "申込（契約登録）"], ["登録する契約", "2000001 新規商会"], ["マスターユーザ", "新規一郎（shinki） shinki@example.jp"]]));
  });

  test.each(wrongAssertions)("is refused, recorded, uncounted and asked for again: %s", async (_, wrong, reason) => {
    const { passkey } = await askedToSign(pc, number);
    const { refusal } = await postApproval(pc, number, signed(passkey, wrong));
    expect(refusal).toMatchObject({ code: "OTP-524", proof: { statement: { title: "受付票の承認" } } });
    expect(refusal!.proof!.passkey!.challenge).not.toBe(passkey.challenge);
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ result: "refused", caseNumber: number, method: "passkey", reason });
    expect((await colleague("approver").row()).oneTimePasswordFailures).toBe(0);
    await nothingDone();
  });

  test("a colleague's passkey, a customer's, and one that was removed", async () => {
    const other = await staffRegistered(await staffLoggedIn("auditor"));
    const customers = await registered(await loggedIn("haruki"));
    for (const [key, reason] of [[other, "of_another_user"], [customers, "unknown"]] as const) {
      const { passkey } = await askedToSign(pc, number);
      expect(await postApproval(pc, number, { assertion: JSON.stringify(key.get(passkey)) })).toMatchObject(refusedAs("OTP-524"));
      expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason });
    }
    const { passkey } = await askedToSign(pc, number);
    await database.db.update(staffPasskeys).set({ removedAt: new Date(), removedBecause: "removed" }).where(eq(staffPasskeys.credentialId, device.id));
    expect(await postApproval(pc, number, signed(passkey))).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "removed" });
    await nothingDone();
  });

  test("the same one again, for the same case and for another", async () => {
    const { passkey } = await askedToSign(pc, number);
    const once = signed(passkey);
    expect(await postApproval(pc, number, once)).toMatchObject({ ok: true });
    expect(await postApproval(pc, number, { ...once, seen: "x" })).toMatchObject(refusedAs("OTP-515"));
    const next = await entered({ kind: "open_permission" });
    expect(await postApproval(pc, next, once)).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "challenge" });
    expect([await stateOf(next), await count("staff.approval_accepted")]).toEqual(["waiting", 1]);
  });

  test("a refused one used its challenge up: the right answer to it comes too late", async () => {
    const { passkey } = await askedToSign(pc, number);
    await postApproval(pc, number, signed(passkey, { verifiesUser: false }));
    expect(await postApproval(pc, number, signed(passkey))).toMatchObject(refusedAs("OTP-524"));
    await nothingDone();
  });

  test("a signature for one case approves no other", async () => {
    const { passkey } = await askedToSign(pc, await entered({ kind: "open_permission", loginIds: ["jiro"] }));
    expect(await postApproval(pc, number, signed(passkey))).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "statement", caseNumber: number });
    await nothingDone();
  });

  test("targets changed after the signature: refused with what was seen then, and with what would be seen now", async () => {
    const { passkey } = await askedToSign(pc, number);
    const [seen, assertion] = [await seenAt(pc, number), signed(passkey)];
    await database.db.update(users).set({ confirmationFailures: policy.confirmationFailuresBeforeSuspension, confirmationSuspendedAt: new Date() }).where(eq(users.loginId, "sachiko"));
    expect(await postApproval(pc, number, { ...assertion, seen })).toMatchObject(refusedAs("OTP-517"));
    expect(await postApproval(pc, number, assertion)).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "statement" });
    await nothingDone();
  });

  test("a target who is called otherwise since the signature", async () => {
    const { passkey } = await askedToSign(pc, number);
    await database.db.update(users).set({ name: "データ幸代" }).where(eq(users.loginId, "sachiko"));
    expect(await postApproval(pc, number, signed(passkey))).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "statement" });
    await nothingDone();
  });

  test("the case sent back and entered for somebody else since the signature", async () => {
    const { passkey } = await askedToSign(pc, number);
    const seen = await seenAt(pc, number);
    await colleague("auditor").session();
    await database.db.update(staff).set({ duty: "approver" }).where(eq(staff.staffId, "auditor"));
    expect((await colleague("auditor").sendBack(number)).ok).toBe(true);
    await entered({ number, loginIds: ["jiro"], kind: "open_permission" });
    expect(await postApproval(pc, number, { ...signed(passkey), seen })).toMatchObject(refusedAs("OTP-517"));
    expect(await stateOf(number)).toBe("waiting");
  });

  test("whose time is over, whose challenge a newer one replaced, and one of another purpose or session", async () => {
    const late = (await askedToSign(pc, number)).passkey;
    const newer = (await askedToSign(pc, number)).passkey;
    expect(await postApproval(pc, number, signed(late))).toMatchObject(refusedAs("OTP-524"));
    expect(newer.challenge).not.toBe(late.challenge);
    const slow = (await askedToSign(pc, number)).passkey;
    await later(policy.passkeyChallengeMinutes * 60);
    expect(await postApproval(pc, number, signed(slow))).toMatchObject(refusedAs("OTP-524"));
    await database.client`update staff_sessions set proved_again_at = app_now()`;
    const forRegistration = await staffRegistrationOptions(pc);
    await database.client`update staff_sessions set proved_again_at = null`;
    expect(await postApproval(pc, number, signed(forRegistration))).toMatchObject(refusedAs("OTP-524"));
    const halfLogin = await afterStaffPassword("approver");
    expect(await postApproval(pc, number, signed(await staffAssertionOptions(halfLogin)))).toMatchObject(refusedAs("OTP-524"));
    const customer = await loggedIn("haruki");
    await registered(customer);
    const { pc: elsewhere } = await afterPasswordOf("haruki");
    expect(await postApproval(pc, number, signed(await assertionOptionsOf(elsewhere)))).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "challenge" });
    await nothingDone();
    const earlier = (await askedToSign(pc, number)).passkey;
    const next = await staffLoggedIn("approver");
    expect(await postApproval(next, number, signed(earlier))).toMatchObject(refusedAs("OTP-524"));
  });

  test("one from before the database was promoted or restored", async () => {
    const { passkey } = await askedToSign(pc, number);
    const [row] = await database.client`update database_lives set life = 'another' returning (select life from database_lives) as before`; // no floor yet: nothing is accepted
    const answer = await postApproval(pc, number, signed(passkey));
    await database.client`update database_lives set life = ${row!.before as string}`;
    expect(answer).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "challenge" });
    await nothingDone();
  });

  test("another passkey is signed for with the first; that signature approves no case, nor the reverse", async () => {
    const asked = { passkeyName: "予備", currentPassword: loginPassword };
    const begin = async (more = {}) => (await pc.post(beginRegistration, { ...asked, ...more })) as Awaited<ReturnType<typeof postApproval>>;
    const forKey = (await begin()).refusal!.proof!;
    expect(forKey.statement).toEqual({ title: "パスキーの登録の承認", facts: [["職員ID", "approver"]] });
    expect(await postApproval(pc, number, signed(forKey.passkey!))).toMatchObject(refusedAs("OTP-524"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ reason: "statement" });
    expect(await begin(signed((await askedToSign(pc, number)).passkey))).toMatchObject(refusedAs("OTP-524"));
    await nothingDone();
    expect(await begin(signed((await begin()).refusal!.proof!.passkey!))).toMatchObject({ ok: true });
    expect(await lastEvent("staff.approval_accepted")).toMatchObject({ act: "register_passkey", method: "passkey" });
  });

  test("digits are taken of nobody who could sign, unspent and uncounted", async () => {
    expect(await postApproval(pc, number, { proofOneTimePassword: await digitsOf("approver") })).toMatchObject(refusedAs("OTP-526"));
    expect(await postApproval(pc, number, passed)).toMatchObject(refusedAs("OTP-526"));
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ code: "OTP-526", caseNumber: number });
    expect(await colleague("approver").row()).toMatchObject({ oneTimePasswordFailures: 0 });
    expect(await stateOf(number)).toBe("waiting");
  });

  test("an approver whose duty was withdrawn meanwhile, and one whose session ended", async () => {
    const { passkey } = await askedToSign(pc, number);
    const [seen, assertion] = [await seenAt(pc, number), signed(passkey)];
    await database.db.update(staff).set({ duty: "auditor" }).where(eq(staff.staffId, "approver"));
    expect(await postApproval(pc, number, { ...assertion, seen })).toMatchObject(refusedAs("OTP-512"));
    await database.db.update(staff).set({ duty: "approver" }).where(eq(staff.staffId, "approver"));
    await inOneTransaction(ourselves(), standingOfStaffId("approver"), (work, { standing }) => changeStaff(work, standing!, { removePasskeys: true }), { kind: "system" });
    expect(await postApproval(pc, number, { ...assertion, seen })).toMatchObject(refusedAs("OTP-510"));
    await nothingDone();
  });

  test("two approvers at once, both signed: one approval, one release", async () => {
    await database.db.update(staff).set({ duty: "approver" }).where(eq(staff.staffId, "auditor"));
    const other = await staffLoggedIn("auditor");
    const theirs = await staffRegistered(other);
    await later();
    const [mine, yours] = [await askedToSign(pc, number), await askedToSign(other, number)];
    const seen = await seenAt(pc, number);
    const answers = await Promise.all([
      postApproval(pc, number, { ...signed(mine.passkey), seen }), postApproval(other, number, { assertion: JSON.stringify(theirs.get(yours.passkey)), seen }),
    ]);
    expect(answers.map(({ ok, refusal }) => (ok ? "ok" : refusal!.code)).sort()).toEqual(["OTP-515", "ok"]);
    expect([await count("staff.approval_accepted"), await count("case.approved"), await count("suspension.lifted")]).toEqual([1, 1, 1]);
  });

  test("20 posts of one signature: one approval", async () => {
    const { passkey } = await askedToSign(pc, number);
    const form = { ...signed(passkey), seen: await seenAt(pc, number) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => postApproval(pc, number, form)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect([await count("staff.approval_accepted"), await count("case.approved")]).toEqual([1, 1]);
  });
});

describe("STAFF_PASSKEY=required", () => {
  test("every approval is signed, however young the session is", async () => {
    const pc = await staffLoggedIn("approver");
    const device = await staffRegistered(pc);
    given({ STAFF_PASSKEY: "required" });
    await staffRegistered(await staffLoggedIn("clerk"));
    for (const number of [await entered(), await entered({ kind: "open_permission", loginIds: ["jiro"] })]) expect(await signedApproval(pc, device, number)).toMatchObject({ ok: true });
    const last = await entered({ kind: "open_permission", loginIds: ["ichiro"] });
    expect(await postApproval(pc, last, { proofOneTimePassword: await digitsOf("approver") })).toMatchObject(refusedAs("OTP-526"));
  });

  test("whoever has no passkey approves nothing, also where the last one goes while the request is under way", async () => {
    const pc = await staffLoggedIn("approver");
    const number = await entered();
    const seen = await seenAt(pc, number);
    given({ STAFF_PASSKEY: "required" });
    expect(await postApproval(pc, number, { seen, proofOneTimePassword: await digitsOf("approver") })).toMatchObject(refusedAs("OTP-528"));
    expect(await colleague("approver").approve(number, seen)).toMatchObject({ ok: false, refusal: { reason: "staff_passkey_missing" } }); // behind the guard
    expect(await lastEvent("staff.approval_refused")).toMatchObject({ code: "OTP-528" });
    expect(await stateOf(number)).toBe("waiting");
  });
});
