import { expect } from "vitest";
import { POST as approve } from "@/app/staff/cases/[number]/approve/route";
import { GET as caseState } from "@/app/staff/cases/[number]/state/route";
import { POST as presentOneTimePassword } from "@/app/staff/login/one-time-password/present/route";
import { POST as askForPasskey } from "@/app/staff/login/passkey/options/route";
import { POST as presentPasskey } from "@/app/staff/login/passkey/present/route";
import { POST as presentPassword } from "@/app/staff/login/present/route";
import { POST as beginRegistration } from "@/app/staff/passkeys/options/route";
import { POST as registerPasskey } from "@/app/staff/passkeys/register/route";
import { shownPasswordOf } from "@/lib/demo/accounts.qa";
import { loginPassword } from "@/lib/demo/cast.qa";
import { browser } from "@/lib/login/test-browser";
import type { ProofAnswer } from "@/lib/platform/answer";
import type { CaseAnswer } from "./answers";
import { optionsOf, softAuthenticator, type SoftAuthenticator } from "@/lib/passkey/test-authenticator";

/* For tests: what the demo's staff do with an authenticator, at the route handlers. */

type Pc = ReturnType<typeof browser>;

const passkeyName = "窓口2番のパソコン";

/** A browser after step 1. */
export async function afterStaffPassword(staffId: string, pc = browser()) {
  expect(await pc.post(presentPassword, { staffId, password: loginPassword })).toMatchObject({ ok: true });
  return pc;
}

/** Both steps, the second by a one-time password. */
export async function staffLoggedIn(staffId: string, pc = browser()) {
  await afterStaffPassword(staffId, pc);
  expect(await presentStaffDigits(pc, staffId)).toMatchObject({ ok: true, go: "/staff" });
  return pc;
}

export const presentStaffDigits = async (pc: Pc, staffId: string) => pc.post(presentOneTimePassword, { oneTimePassword: (await shownPasswordOf(staffId))!.oneTimePassword });

export const staffRegistrationOptions = (pc: Pc) => optionsOf(pc, beginRegistration, { passkeyName, currentPassword: loginPassword });
export const staffAssertionOptions = (pc: Pc) => optionsOf(pc, askForPasskey, {});
export const presentStaffAttestation = (pc: Pc, credential: object) => pc.post(registerPasskey, { passkeyName, credential: JSON.stringify(credential) });
export const presentStaffAssertion = (pc: Pc, credential: object) => pc.post(presentPasskey, { credential: JSON.stringify(credential) });

/** Registers a new authenticator from a session. */
export async function staffRegistered(pc: Pc, device = softAuthenticator()): Promise<SoftAuthenticator> {
  expect(await presentStaffAttestation(pc, device.create(await staffRegistrationOptions(pc)))).toMatchObject({ ok: true, done: "registered" });
  return device;
}

/** Both steps, the second by the passkey. */
export async function staffLoggedInBy(staffId: string, device: SoftAuthenticator, pc = browser()) {
  await afterStaffPassword(staffId, pc);
  expect(await presentStaffAssertion(pc, device.get(await staffAssertionOptions(pc)))).toMatchObject({ ok: true, go: "/staff" });
  return pc;
}

const at = (number: string) => ({ params: Promise.resolve({ number }) });

const shownAt = async (pc: Pc, number: string) => (await pc.get<CaseAnswer>((request) => caseState(request, at(number)))).state.shown;

/** What an approver's page sends back of what it shows. */
export const seenAt = async (pc: Pc, number: string) => (await shownAt(pc, number)).seen;
/** 承認方法, as the page says it. */
export const approvalMethodAt = async (pc: Pc, number: string) => (await shownAt(pc, number)).approvalMethod;

/** 「承認」 on a case's page, with a proof where there is one to give. */
export async function postApproval(pc: Pc, number: string, { seen, ...proof }: { seen?: string; assertion?: string; proofOneTimePassword?: string } = {}) {
  const form = { seen: seen ?? (await seenAt(pc, number)), ...proof };
  return (await pc.post((request) => approve(request, at(number)), form)) as Awaited<ReturnType<Pc["post"]>> & { refusal?: { proof?: ProofAnswer } };
}

/** The same, where it has to be asked for a proof: what is to be signed. */
export async function askedToSign(pc: Pc, number: string) {
  const { refusal } = await postApproval(pc, number);
  expect(refusal).toMatchObject({ code: "OTP-414", proof: { statement: { title: "受付票の承認" } } });
  return refusal!.proof as Required<Pick<ProofAnswer, "passkey" | "statement">>;
}

/** Asked, and signed. */
export const signedApproval = async (pc: Pc, device: SoftAuthenticator, number: string) =>
  postApproval(pc, number, { assertion: JSON.stringify(device.get((await askedToSign(pc, number)).passkey)) });
