import { and, asc, eq } from "drizzle-orm";
import { caseTargets, corporations, staffSessions, users } from "@/drizzle/schema";
import type { Proof } from "@/lib/approval/prove";
import { digestOf, type Statement } from "@/lib/approval/statement";
import { type Authentication, authenticationFacts } from "@/lib/corporation/authentication";
import type { Assertion } from "@/lib/passkey/fields";
import { staffParty } from "@/lib/passkey/party";
import { assertionOptions } from "@/lib/passkey/webauthn";
import type { ProofAnswer } from "@/lib/platform/answer";
import { later, minutes } from "@/lib/platform/clock";
import { dateOnly, startOfDay } from "@/lib/platform/japan-time";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import type { NewContract } from "./answers";
import { kindWords } from "./case-kinds";
import { verifyStaffOneTimePassword } from "./login";
import { type Case, type OpenCase, seenNow } from "./open-case";
import { judgeStaffAssertion } from "./passkey";
import { makeStaffApprovalChallenge, passkeysAreRequired, type StaffPasskey, staffPasskeysOf } from "./passkey-store";
import type { StaffStanding } from "./standing";

/* Who approves a case is who they were at login: asked again where that is long ago, and bound to what they approve where they have a passkey. */

export type ApprovalRefusal = Refusal<
  "proof_needed" | "staff_passkey_needed" | "staff_passkey_missing" | "staff_passkey_not_accepted" | "wrong_staff_one_time_password" | "staff_suspended"
>;

/** A bank that requires passkeys has every approval signed, however young the session is. */
export const needsProof = (provedAt: Date, now: Date): boolean => passkeysAreRequired() || later(provedAt, minutes(policy.stepUpMinutes)) < now;

/** What a form brought; there is no app that makes codes for staff. */
export type StaffProof = Pick<Proof, "assertion" | "oneTimePassword">;
export const isPresent = ({ assertion, oneTimePassword }: StaffProof): boolean => assertion !== undefined || oneTimePassword !== undefined;

/** One approval: whose and of what. */
type Asked = { work: Work; standing: StaffStanding; caseNumber: string; statement: Statement; passkeys: StaffPasskey[] };

/**
 * Asks for a fresh proof where one is due, and judges what is presented, due or not. Whoever has a passkey signs the statement with it, made anew from what is locked now:
 * a signature for other targets, another case or an earlier state is none. Digits say nothing about what they are for, so they are taken of nobody who could sign.
 */
export async function proveApproval(work: Work, open: OpenCase, found: Case, proof: StaffProof): Promise<Result<void, ApprovalRefusal>> {
  const { standing } = open;
  if (!isPresent(proof) && !needsProof(standing.openSession!.provedAt, work.now)) return done(undefined);
  const passkeys = await staffPasskeysOf(work.tx, standing.staff.id);
  const asked: Asked = { work, standing, caseNumber: found.number, statement: await statementOf(work, open, found), passkeys };
  if (passkeys.length === 0 && passkeysAreRequired()) return notEvaluated(asked, "staff_passkey_missing");
  if (proof.assertion) return proveByPasskey(asked, proof.assertion);
  if (proof.oneTimePassword === undefined) return refuse({ reason: "proof_needed", proof: await request(asked) });
  return passkeys.length > 0 ? notEvaluated(asked, "staff_passkey_needed") : proveByOneTimePassword(asked, proof.oneTimePassword);
}

function notEvaluated({ work, caseNumber }: Asked, reason: "staff_passkey_missing" | "staff_passkey_needed"): Result<never, ApprovalRefusal> {
  work.record({ name: "staff.approval_refused", caseNumber, reason });
  return refuse({ reason });
}

async function request({ work, standing: { staff, openSession }, statement, passkeys }: Asked): Promise<ProofAnswer> {
  if (passkeys.length === 0) return { oneTimePassword: true };
  const challenge = await makeStaffApprovalChallenge(work, staff.id, openSession!.id, statement);
  return { statement, passkey: await assertionOptions(staffParty(), challenge, passkeys) };
}

/** What is not accepted is recorded and does not count, as at login: there is nothing to be guessed. */
async function proveByPasskey(asked: Asked, assertion: Assertion): Promise<Result<void, ApprovalRefusal>> {
  const { work, standing, caseNumber, statement } = asked;
  const judged = await judgeStaffAssertion(work, standing, { purpose: "approval", sessionId: standing.openSession!.id }, assertion, ({ nonce }) => digestOf(nonce!, statement));
  if ("reason" in judged) {
    work.record({ name: "staff.approval_refused", caseNumber, method: "passkey", ...judged });
    return refuse({ reason: "staff_passkey_not_accepted", proof: await request(asked) });
  }
  work.record({ name: "staff.approval_accepted", caseNumber, method: "passkey", ...judged });
  return proved(asked);
}

async function proveByOneTimePassword(asked: Asked, oneTimePassword: string): Promise<Result<void, ApprovalRefusal>> {
  const { work, standing, caseNumber } = asked;
  const of = { caseNumber, method: "one_time_password" as const };
  const verified = await verifyStaffOneTimePassword(work, standing, oneTimePassword, {
    accepted: (step) => ({ name: "staff.approval_accepted", ...of, ...step }),
    refused: (flaw) => ({ name: "staff.approval_refused", ...of, ...flaw }),
  });
  if (verified.ok) return proved(asked);
  return verified.refusal.reason === "staff_suspended" ? verified : refuse({ ...verified.refusal, proof: await request(asked) });
}

async function proved({ work, standing }: Asked): Promise<Result<void, never>> {
  await work.tx.update(staffSessions).set({ provedAgainAt: work.now }).where(eq(staffSessions.id, standing.openSession!.id));
  return done(undefined);
}

/** What is approved, in the page's words; the last line stands for everything else that the approver was shown. */
async function statementOf(work: Work, open: OpenCase, found: Case): Promise<Statement> {
  const { kind, serviceAppliesFrom, allowReissue } = found;
  const authentication = found.authentication as Authentication | null;
  const newContract = found.newContract as NewContract | null;
  const facts: (readonly [string, string] | false)[] = [
    ["受付番号", found.number],
    ["種別", kindWords({ kind, newContract })],
    newContract ? ["登録する契約", `${newContract.contractNumber} ${newContract.name}`] : ["契約", await contractOf(work, found.corporationId!)],
    newContract !== null && ["マスターユーザ", `${newContract.master.name}（${newContract.master.loginId}） ${newContract.master.mailAddress}`],
    serviceAppliesFrom !== null && ["適用日", dateOnly(startOfDay(serviceAppliesFrom))],
    kind === "revoke_token" && ["失効後の再発行", allowReissue ? `失効後${policy.permissionDays}日間、許可する` : "許可しない"],
    ...(authentication ? authenticationFacts(authentication) : []),
    ...(await targetsOf(work, found.id)).map(({ loginId, name }) => ["対象", `${loginId} ${name}`] as const),
    ["表示内容の照合値", seenNow(open)],
  ];
  return { title: "受付票の承認", facts: facts.filter((fact) => fact !== false) };
}

async function contractOf({ tx }: Work, corporationId: string): Promise<string> {
  const [contract] = await tx.select({ number: corporations.contractNumber, name: corporations.name }).from(corporations).where(eq(corporations.id, corporationId));
  return `${contract!.number} ${contract!.name}`;
}

/** In the order of the paper. */
const targetsOf = ({ tx }: Work, caseId: string) =>
  tx.select({ loginId: users.loginId, name: users.name }).from(caseTargets)
    .innerJoin(users, and(eq(users.id, caseTargets.userId), eq(users.corporationId, caseTargets.corporationId))).where(eq(caseTargets.caseId, caseId)).orderBy(asc(caseTargets.place));
