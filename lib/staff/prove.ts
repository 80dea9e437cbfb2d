import { eq } from "drizzle-orm";
import { staffSessions } from "@/drizzle/schema";
import { isFresh } from "@/lib/approval/freshness";
import type { Proof } from "@/lib/approval/prove";
import { digestOf, type Statement } from "@/lib/approval/statement";
import type { StaffApproval } from "@/lib/audit/events";
import type { Assertion } from "@/lib/passkey/fields";
import { staffParty } from "@/lib/passkey/party";
import { assertionOptions } from "@/lib/passkey/webauthn";
import type { ProofAnswer } from "@/lib/platform/answer";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { judgeStaffAssertion } from "./judge-assertion";
import { verifyStaffOneTimePassword } from "./login";
import { makeStaffApprovalChallenge, passkeysAreRequired, type StaffPasskey, staffPasskeysOf } from "./passkey-store";
import type { StaffStanding } from "./standing";

/* A fresh proof of a member of staff, as `lib/approval/prove.ts` has it of customers: a signature where there is a passkey, a one-time password where there is none. */

export type StaffProofRefusal = Refusal<"proof_needed" | "staff_passkey_needed" | "staff_passkey_not_accepted" | "wrong_staff_one_time_password" | "staff_suspended">;

/** What a form brought; there is no app that makes codes for staff. */
export type StaffProof = Pick<Proof, "assertion" | "oneTimePassword">;
export const isPresent = ({ assertion, oneTimePassword }: StaffProof): boolean => assertion !== undefined || oneTimePassword !== undefined;

/** A bank that requires passkeys has every approval signed, however young the session is. */
export const needsProof = (provedAt: Date, now: Date): boolean => passkeysAreRequired() || !isFresh(provedAt, now);

type Asked = { work: Work; standing: StaffStanding; what: StaffApproval; statement: Statement; passkeys: StaffPasskey[] };

/**
 * Accepts a proof for what the statement says, or refuses with a request for one. To be called in the transaction of the act, and before it. Whoever has a passkey signs the statement, put into words
 * anew at each post: a signature for anything else is none. Digits say nothing about what they are for, so they are taken of nobody who could sign.
 */
export async function proveStaff(work: Work, standing: StaffStanding, what: StaffApproval, statement: Statement, proof: StaffProof): Promise<Result<void, StaffProofRefusal>> {
  const passkeys = await staffPasskeysOf(work.tx, standing.staff.id);
  const asked: Asked = { work, standing, what, statement, passkeys };
  if (proof.assertion) return byPasskey(asked, proof.assertion);
  if (proof.oneTimePassword === undefined) {
    work.record({ name: "staff.approval_requested", ...what });
    return refuse({ reason: "proof_needed", proof: await request(asked) });
  }
  if (passkeys.length === 0) return byOneTimePassword(asked, proof.oneTimePassword);
  work.record({ name: "staff.approval_refused", ...what, reason: "staff_passkey_needed" });
  return refuse({ reason: "staff_passkey_needed" });
}

async function request({ work, standing: { staff, openSession }, statement, passkeys }: Asked): Promise<ProofAnswer> {
  if (passkeys.length === 0) return { oneTimePassword: true };
  const challenge = await makeStaffApprovalChallenge(work, staff.id, openSession!.id, statement);
  return { statement, passkey: await assertionOptions(staffParty(), challenge, passkeys) };
}

/** What is not accepted is recorded and does not count, as at login: there is nothing to be guessed. */
async function byPasskey(asked: Asked, assertion: Assertion): Promise<Result<void, StaffProofRefusal>> {
  const { work, standing, what, statement } = asked;
  const judged = await judgeStaffAssertion(work, standing, { purpose: "approval", sessionId: standing.openSession!.id }, assertion, ({ nonce }) => digestOf(nonce!, statement));
  if ("reason" in judged) {
    work.record({ name: "staff.approval_refused", ...what, method: "passkey", ...judged });
    return refuse({ reason: "staff_passkey_not_accepted", proof: await request(asked) });
  }
  work.record({ name: "staff.approval_accepted", ...what, method: "passkey", ...judged });
  return proved(asked);
}

async function byOneTimePassword(asked: Asked, oneTimePassword: string): Promise<Result<void, StaffProofRefusal>> {
  const { work, standing, what } = asked;
  const verified = await verifyStaffOneTimePassword(work, standing, oneTimePassword, {
    accepted: (step) => ({ name: "staff.approval_accepted", ...what, method: "one_time_password", ...step }),
    refused: (flaw) => ({ name: "staff.approval_refused", ...what, method: "one_time_password", ...flaw }),
  });
  if (verified.ok) return proved(asked);
  return verified.refusal.reason === "staff_suspended" ? verified : refuse({ ...verified.refusal, proof: await request(asked) });
}

async function proved({ work, standing }: Asked): Promise<Result<void, never>> {
  await work.tx.update(staffSessions).set({ provedAgainAt: work.now }).where(eq(staffSessions.id, standing.openSession!.id));
  return done(undefined);
}
