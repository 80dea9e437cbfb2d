import { and, asc, eq } from "drizzle-orm";
import { caseTargets, corporations, staffSessions, users } from "@/drizzle/schema";
import { digestOf, type Statement } from "@/lib/approval/statement";
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
import { makeStaffApprovalChallenge, passkeysAreRequired, staffPasskeysOf } from "./passkey-store";
import type { StaffStanding } from "./standing";

/* Who approves a case is who they were at login: asked again where that is long ago, and bound to what they approve where they have a passkey. */

/** A proof as the page sends it; nothing the first time. */
export type Presented = { credential?: Assertion; oneTimePassword?: string };

export type ApprovalRefusal = Refusal<
  "proof_needed" | "staff_passkey_needed" | "staff_passkey_missing" | "staff_passkey_not_accepted" | "wrong_staff_one_time_password" | "staff_suspended"
>;

/** A bank that requires passkeys has every approval signed, however young the session is. */
export const needsProof = (provedAt: Date, now: Date): boolean => passkeysAreRequired() || later(provedAt, minutes(policy.stepUpMinutes)) <= now;

/**
 * Asks for a fresh proof where one is due, and judges what is presented, due or not. Whoever has a passkey signs the statement with it, made anew from what is locked now:
 * a signature for other targets, another case or an earlier state is none. Digits are good for whatever the session does next, so they are taken of nobody who could sign.
 */
export async function proveApproval(work: Work, open: OpenCase, found: Case, { credential, oneTimePassword }: Presented): Promise<Result<void, ApprovalRefusal>> {
  const { standing } = open;
  const { staff, openSession } = standing;
  if (!credential && oneTimePassword === undefined && !needsProof(openSession!.provedAt, work.now)) return done(undefined);
  const passkeys = await staffPasskeysOf(work.tx, staff.id);
  if (passkeys.length === 0 && passkeysAreRequired()) return notEvaluated(work, found, "staff_passkey_missing");
  if (credential) return proveByPasskey(work, open, found, credential);
  if (oneTimePassword !== undefined) return passkeys.length > 0 ? notEvaluated(work, found, "staff_passkey_needed") : proveByDigits(work, standing, found, oneTimePassword);
  return refuse({ reason: "proof_needed", proof: passkeys.length > 0 ? await askForSignature(work, open, found, passkeys) : { oneTimePassword: true } });
}

function notEvaluated(work: Work, { number: caseNumber }: Case, reason: "staff_passkey_missing" | "staff_passkey_needed"): Result<never, ApprovalRefusal> {
  work.record({ name: "staff.approval_refused", caseNumber, reason });
  return refuse({ reason });
}

async function askForSignature(work: Work, open: OpenCase, found: Case, passkeys: Awaited<ReturnType<typeof staffPasskeysOf>>): Promise<ProofAnswer> {
  const { staff, openSession } = open.standing;
  const statement = await statementOf(work, open, found);
  const challenge = await makeStaffApprovalChallenge(work, staff.id, openSession!.id, statement);
  return { statement, passkey: await assertionOptions(staffParty(), challenge, passkeys) };
}

async function proveByPasskey(work: Work, open: OpenCase, found: Case, credential: Assertion): Promise<Result<void, ApprovalRefusal>> {
  const { standing } = open;
  const statement = await statementOf(work, open, found);
  const judged = await judgeStaffAssertion(work, standing, { purpose: "approval", sessionId: standing.openSession!.id }, credential, ({ nonce }) => digestOf(nonce!, statement));
  const of = { caseNumber: found.number, method: "passkey" as const };
  if ("reason" in judged) {
    work.record({ name: "staff.approval_refused", ...of, ...judged });
    return refuse({ reason: "staff_passkey_not_accepted" });
  }
  work.record({ name: "staff.approval_accepted", ...of, ...judged });
  return proved(work, standing);
}

async function proveByDigits(work: Work, standing: StaffStanding, { number: caseNumber }: Case, oneTimePassword: string): Promise<Result<void, ApprovalRefusal>> {
  const of = { caseNumber, method: "one_time_password" as const };
  const verified = await verifyStaffOneTimePassword(work, standing, oneTimePassword, {
    accepted: (proof) => ({ name: "staff.approval_accepted", ...of, ...proof }),
    refused: (flaw) => ({ name: "staff.approval_refused", ...of, ...flaw }),
  });
  return verified.ok ? proved(work, standing) : verified;
}

async function proved(work: Work, { openSession }: StaffStanding): Promise<Result<void, never>> {
  await work.tx.update(staffSessions).set({ provedAgainAt: work.now }).where(eq(staffSessions.id, openSession!.id));
  return done(undefined);
}

/** What is approved, in the page's words; the last line stands for everything else that the approver was shown. */
async function statementOf(work: Work, open: OpenCase, found: Case): Promise<Statement> {
  const { kind, serviceAppliesFrom, allowReissue } = found;
  const newContract = found.newContract as NewContract | null;
  const facts: (readonly [string, string] | false)[] = [
    ["受付番号", found.number],
    ["種別", kindWords({ kind, newContract })],
    newContract ? ["登録する契約", `${newContract.contractNumber} ${newContract.name}`] : ["契約", await contractOf(work, found.corporationId!)],
    newContract !== null && ["マスターユーザ", `${newContract.master.name}（${newContract.master.loginId}） ${newContract.master.mailAddress}`],
    serviceAppliesFrom !== null && ["適用日", dateOnly(startOfDay(serviceAppliesFrom))],
    kind === "revoke_token" && ["失効後の再発行", allowReissue ? `失効後${policy.permissionDays}日間、許可する` : "許可しない"],
    ...(await targetsOf(work, found.id)).map(({ loginId, name }) => ["対象利用者", `${loginId} ${name}`] as const),
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
