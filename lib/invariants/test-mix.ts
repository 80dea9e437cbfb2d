import { eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { POST as presentOneTimePassword } from "@/app/(customer)/login/one-time-password/present/route";
import { POST as presentPassword } from "@/app/(customer)/login/present/route";
import { POST as logOut } from "@/app/(customer)/logout/route";
import { POST as liftSuspensions } from "@/app/(customer)/management/suspensions/lift/route";
import { POST as revokeTokens } from "@/app/(customer)/management/tokens/revoke/route";
import { POST as actOnUser } from "@/app/(customer)/management/users/[id]/act/route";
import { POST as removePasskey } from "@/app/(customer)/settings/passkeys/remove/route";
import { POST as changePassword } from "@/app/(customer)/password/change/change/route";
import { POST as changeMailAddress } from "@/app/(customer)/settings/mail-address/change/route";
import { GET as topState } from "@/app/(customer)/state/route";
import { POST as confirmToken } from "@/app/(customer)/token/confirmation/confirm/route";
import { POST as issueToken } from "@/app/(customer)/token/issuance/issue/route";
import { POST as presentStaffOneTimePassword } from "@/app/staff/login/one-time-password/present/route";
import { POST as presentStaffPassword } from "@/app/staff/login/present/route";
import { mailIntents, passkeys, users } from "@/drizzle/schema";
import { type Answered, byCode, lift, setPolicy, wrongCode } from "@/lib/approval/test-approval";
import { sealAuditLog } from "@/lib/audit/test-seal";
import { noPasskeyNeeded } from "@/lib/corporation/authentication";
import { shownPasswordOf } from "@/lib/demo/accounts.qa";
import { activationPassword, confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browser, loggedIn } from "@/lib/login/test-browser";
import { person, wrongDigits } from "@/lib/login/test-person";
import { oneTimePassword, timeStepAt } from "@/lib/otp/totp";
import { afterPasswordOf, assertionOptionsOf, logInBy, optionsForAnyOf, presentAlone, presentAssertion, registered } from "@/lib/passkey/test-authenticator";
import { ourselves } from "@/lib/platform/caller";
import { sortableDate } from "@/lib/platform/japan-time";
import type { testDatabase } from "@/lib/platform/test-database";
import { inOneTransaction } from "@/lib/platform/transaction";
import { changeStaff } from "@/lib/staff/accounts";
import { standingOfStaffId } from "@/lib/staff/standing";
import { afterStaffPassword, presentStaffAssertion, signedApproval, staffAssertionOptions, staffLoggedIn, staffLoggedInBy, staffRegistered } from "@/lib/staff/test-passkey";
import { colleague } from "@/lib/staff/test-staff";
import { endLapsedIssuances } from "@/lib/token/lapse";
import { tokenKey } from "@/lib/token/key";

const day = 86_400;

/** For tests: a company's two years, in which everything that an invariant speaks of happens once at least. */
export async function aBusyTime(database: ReturnType<typeof testDatabase>): Promise<void> {
  await putScenario("demo");
  const nextStep = () => database.advance(60);
  const idOf = async (loginId: string) => (await database.db.select().from(users).where(eq(users.loginId, loginId)))[0]!.id;
  const acting = async (pc: ReturnType<typeof browser>, loginId: string, act: string) => {
    const id = await idOf(loginId);
    expect(await pc.post((request) => actOnUser(request, { params: Promise.resolve({ id }) }), { act, confirmationPassword })).toMatchObject({ ok: true });
  };

  /** Issued, set up and confirmed, behind half a login or, as a renewal, a session. */
  async function getsToken(loginId: string, pc = browser(), renewal?: string) {
    const someone = person(loginId);
    if (!renewal) expect(await pc.post(presentPassword, { loginId, password: loginPassword })).toMatchObject({ ok: true, go: "/token/issuance" });
    const mailAddress = `${loginId}@example.jp`;
    expect(await pc.post(issueToken, {
      mailAddress, mailAddressAgain: mailAddress, activationPassword, activationPasswordAgain: activationPassword, ...(renewal && { oneTimePassword: renewal }),
    })).toMatchObject({ ok: true });
    expect((await someone.setUp(await someone.channels())).ok).toBe(true);
    await nextStep();
    const { issuance, now } = await someone.standing();
    expect(await pc.post(confirmToken, { oneTimePassword: oneTimePassword(tokenKey(issuance!), timeStepAt(now, 60), "SHA-256", 6) })).toMatchObject({ ok: true, go: "/" });
    return pc;
  }

  async function wrongUntilSuspended(loginId: string) {
    const pc = browser();
    await pc.post(presentPassword, { loginId, password: loginPassword });
    const wrong = await wrongDigits(person(loginId));
    for (let i = 0; i < 5; i += 1) await pc.post(presentOneTimePassword, { oneTimePassword: wrong });
  }

  const [clerk, approver] = [colleague("clerk", { proving: true }), colleague("approver", { proving: true })];
  async function byCase(fields: Parameters<typeof clerk.enter>[0]) {
    const entered = await clerk.enter(fields);
    expect(entered.ok).toBe(true);
    const { number } = (entered as { value: { number: string } }).value;
    if (fields.kind !== "emergency_stop") await approves(number);
    return number;
  }
  async function removes(pc: ReturnType<typeof browser>, device: { id: string }) {
    const [passkey] = await database.db.select().from(passkeys).where(eq(passkeys.credentialId, device.id));
    expect(await pc.post(removePasskey, { passkey: passkey!.id, confirmationPassword })).toMatchObject({ ok: true });
  }
  async function approves(number: string) {
    const first = await approver.approve(number);
    if (first.ok) return;
    expect(first.refusal.reason).toBe("proof_needed");
    await nextStep();
    expect((await approver.approve(number, undefined, { oneTimePassword: await approver.presentDigits() })).ok).toBe(true);
  }

  // Passwords: right, replayed, wrong, of a stopped count, forgotten in an idle session.
  const haruki = await loggedIn("haruki");
  const again = browser();
  await again.post(presentPassword, { loginId: "haruki", password: loginPassword });
  expect((await again.post(presentOneTimePassword, { oneTimePassword: await person("haruki").presentDigits() })).ok).toBe(false);
  await again.post(presentOneTimePassword, { oneTimePassword: await wrongDigits(person("haruki")) });
  await nextStep();
  expect(await again.post(presentOneTimePassword, { oneTimePassword: await person("haruki").presentDigits() })).toMatchObject({ ok: true });
  expect((await haruki.get(topState)).status).toBe(401);
  for (let i = 0; i < 6; i += 1) await browser().post(presentPassword, { loginId: "jiro", password: "x" });
  expect(await again.post(changePassword, { currentPassword: loginPassword, newPassword: "midori no kisha 1", newPasswordAgain: "midori no kisha 1" })).toMatchObject({ ok: true });
  await database.advance(16 * 60);
  expect((await again.get(topState)).status).toBe(401);

  // A manager lifts; a token is issued, the user suspended, the counter lifts.
  const sakuro = await loggedIn("sakuro");
  expect(await sakuro.post(liftSuspensions, { users: await idOf("sachiko"), confirmationPassword })).toMatchObject({ ok: true });
  await sakuro.post(liftSuspensions, { users: await idOf("sachiko"), confirmationPassword });
  const sachiko = await loggedIn("sachiko");
  await registered(sachiko);
  await sachiko.post(logOut, {});

  // A passkey is registered, used twice, refused, and removed by its user.
  const device = await registered(sakuro);
  for (let i = 0; i < 2; i += 1) await logInBy("sakuro", device, sakuro);
  const { pc: elsewhere } = await afterPasswordOf("sakuro");
  expect((await presentAssertion(elsewhere, device.get(await assertionOptionsOf(elsewhere), { origin: "https://evil.example" }))).ok).toBe(false);
  await removes(sakuro, device);
  await getsToken("ichiro");
  await nextStep();
  await wrongUntilSuspended("ichiro");
  await byCase({ kind: "lift_suspension", loginIds: ["ichiro", "sachiko"] });
  await nextStep();
  await registered(await loggedIn("ichiro"));

  // Revoked by a manager, issued anew after the wait, revoked by the counter.
  expect(await sakuro.post(revokeTokens, { users: await idOf("ichiro"), confirmationPassword, allowReissue: "on" })).toMatchObject({ ok: true });
  expect((await browser().post(presentPassword, { loginId: "ichiro", password: loginPassword })).ok).toBe(false);
  await database.advance(30 * 60 + 5);
  await registered(await getsToken("ichiro"));
  await byCase({ kind: "revoke_token", loginIds: ["ichiro"], allowReissue: false });
  await byCase({ kind: "open_permission", loginIds: ["ichiro"] });

  // Issuances that come to nothing: wrong set-ups, a newer one, the end of its time.
  const tarou = person("tarou");
  const given = await tarou.channels();
  for (let i = 0; i < 5; i += 1) await tarou.setUp({ ...given, activationPassword: "000000" });
  await tarou.password();
  for (let i = 0; i < 2; i += 1) expect((await tarou.issue()).ok).toBe(true);

  // Stopped and released by both; deleted.
  await nextStep();
  const manager = await loggedIn("sakuro");
  await acting(manager, "tarou", "stop");
  await acting(manager, "tarou", "release_stop");
  await acting(manager, "tarou", "suspend_login_password");
  await acting(manager, "tarou", "lift_login_password");
  await acting(manager, "jiro", "stop");
  await byCase({ kind: "emergency_stop", loginIds: ["jiro"] });
  await byCase({ kind: "release_stop", loginIds: ["jiro"] });
  await byCase({ kind: "issue_login_password", loginIds: ["jiro"] });
  await nextStep();
  await wrongUntilSuspended("sachiko");

  // Each act approved: by a code after a wrong one, by a passkey, and what is not bound by a one-time password.
  const signer = await registered(manager);
  await setPolicy("each_act");
  const asked = (await lift(manager, ["sachiko"])).refusal!.proof;
  expect((await lift(manager, ["sachiko"], { approvalCode: await wrongCode("sakuro", asked) })).ok).toBe(false);
  expect(await lift(manager, ["sachiko"], await byCode("sakuro", asked))).toMatchObject({ ok: true });
  await wrongUntilSuspended("sachiko");
  const signed = async (wrong = {}) => ({ assertion: JSON.stringify(signer.get((await lift(manager, ["sachiko"])).refusal!.proof!.passkey!, wrong)) });
  expect((await lift(manager, ["sachiko"], await signed({ origin: "https://evil.example" }))).ok).toBe(false);
  expect(await lift(manager, ["sachiko"], await signed())).toMatchObject({ ok: true });
  await setPolicy("everyone");
  await database.advance(11 * 60);
  const own = { mailAddress: "sakuro-2@example.jp", mailAddressAgain: "sakuro-2@example.jp", confirmationPassword };
  expect((await manager.post(changeMailAddress, own)).ok).toBe(false);
  expect(await manager.post(changeMailAddress, { ...own, proofOneTimePassword: await person("sakuro").presentDigits() })).toMatchObject({ ok: true });
  await removes(manager, signer);
  await setPolicy("managers_with_passkey");
  await wrongUntilSuspended("sachiko");
  await acting(manager, "sachiko", "delete");
  await database.advance(25 * 3_600);
  await endLapsedIssuances();

  // Cases that are not approved.
  const withdrawn = (await clerk.enter({ kind: "open_permission", loginIds: ["jiro"] })) as { value: { number: string } };
  await clerk.withdraw(withdrawn.value.number);
  const returned = (await clerk.enter({ kind: "open_permission", loginIds: ["jiro"] })) as { value: { number: string } };
  for (const step of [() => approver.sendBack(returned.value.number), () => clerk.enter({ kind: "open_permission", loginIds: ["jiro"], number: returned.value.number }), () => approver.sendBack(returned.value.number)])
    expect((await step()).ok).toBe(true);

  // A company without the service, then with it.
  const mihon = browser();
  expect(await mihon.post(presentPassword, { loginId: "mihon", password: loginPassword })).toMatchObject({ ok: true, go: "/" });
  const [{ now }] = await database.db.execute<{ now: string }>(sql`select app_now() as now`) as unknown as [{ now: string }];
  await byCase({ kind: "apply_service", contractNumber: "1000002", serviceAppliesFrom: sortableDate(new Date(now)) });
  const mihonAgain = await getsToken("mihon");
  await registered(mihonAgain);
  await database.client`update corporations set step_up_policy = 'each_act' where contract_number = '1000002'`;
  const ownToken = { users: await idOf("mihon"), confirmationPassword };
  const toRevoke = ((await mihonAgain.post(revokeTokens, ownToken)) as Answered).refusal!.proof;
  expect(await mihonAgain.post(revokeTokens, { ...ownToken, ...(await byCode("mihon", toRevoke)) })).toMatchObject({ ok: true });

  // A passkey is offered, then required: registered after a one-time password, and used alone.
  for (let i = 0; i < 4; i += 1) {
    await nextStep();
    await loggedIn("sakuro");
  }
  const from = sortableDate(new Date(now));
  await byCase({ kind: "change_authentication", authentication: { passkeyPolicy: "required", passkeyRequiredFrom: from, passkeyAlone: true, stepUpPolicy: "managers_with_passkey" } });
  const registrant = await loggedIn("haruki", "midori no kisha 1", "/settings/passkeys/required");
  const first = await registered(registrant);
  for (let i = 0; i < 2; i += 1) expect(await presentAlone(registrant, first.get(await optionsForAnyOf(registrant)))).toMatchObject({ ok: true, go: "/" });
  expect((await presentAlone(registrant, first.get(await optionsForAnyOf(registrant), { origin: "https://evil.example" }))).ok).toBe(false);
  await byCase({ kind: "change_authentication", authentication: { ...noPasskeyNeeded, stepUpPolicy: "managers_with_passkey" } });

  // Staff, by their own doors.
  for (let i = 0; i < 2; i += 1) {
    const console = browser();
    await nextStep();
    await console.post(presentStaffPassword, { staffId: "auditor", password: loginPassword });
    expect(await console.post(presentStaffOneTimePassword, { oneTimePassword: (await shownPasswordOf("auditor"))!.oneTimePassword })).toMatchObject({ ok: true });
  }
  const counterPc = await staffLoggedIn("approver");
  const key = await staffRegistered(counterPc);
  for (let i = 0; i < 2; i += 1) await staffLoggedInBy("approver", key, counterPc);
  await database.advance(11 * 60);
  const signedFor = (await clerk.enter({ kind: "open_permission", loginIds: ["jiro"] })) as { value: { number: string } };
  expect(await signedApproval(counterPc, key, signedFor.value.number)).toMatchObject({ ok: true });
  const elsewhereAtTheCounter = await afterStaffPassword("approver");
  expect((await presentStaffAssertion(elsewhereAtTheCounter, key.get(await staffAssertionOptions(elsewhereAtTheCounter), { counter: 0 }))).ok).toBe(false);
  await inOneTransaction(ourselves(), standingOfStaffId("approver"), (work, { standing }) => changeStaff(work, standing!, { removePasskeys: true }), { kind: "system" });
  await nextStep();
  await approver.logInAgain();
  await sealAuditLog();

  // Two years on, a renewal; then the service ends.
  await database.advance(705 * day);
  const renewing = await loggedIn("sakuro");
  await nextStep();
  await getsToken("sakuro", renewing, await person("sakuro").presentDigits());
  await byCase({ kind: "end_service", contractNumber: "1000002" });
  await sealAuditLog();

  // The worker's part.
  await database.db.update(mailIntents).set({ state: "sent", endedAt: sql`app_now()`, sealedContent: null, attempts: 1 });
}
