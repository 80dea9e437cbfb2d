import { and, asc, eq } from "drizzle-orm";
import { caseTargets, corporations, users } from "@/drizzle/schema";
import type { Statement } from "@/lib/approval/statement";
import { type Authentication, authenticationFacts } from "@/lib/corporation/authentication";
import { dateOnly, startOfDay } from "@/lib/platform/japan-time";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import type { NewContract } from "./answers";
import { kindWords } from "./case-kinds";
import { type Case, type OpenCase, seenNow } from "./open-case";
import { passkeysAreRequired, staffPasskeysOf } from "./passkey-store";
import { isPresent, needsProof, proveStaff, type StaffProof, type StaffProofRefusal } from "./prove";

/* Who approves a case is who they were at login: asked again where that is long ago, and bound to what they approve where they have a passkey. */

export type ApprovalRefusal = StaffProofRefusal | Refusal<"staff_passkey_missing">;

/** Asks for a fresh proof where one is due, and judges what is presented, due or not. */
export async function proveApproval(work: Work, open: OpenCase, found: Case, proof: StaffProof): Promise<Result<void, ApprovalRefusal>> {
  const { standing } = open;
  if (!isPresent(proof) && !needsProof(standing.openSession!.provedAt, work.now)) return done(undefined);
  const what = { caseNumber: found.number };
  if (passkeysAreRequired() && (await staffPasskeysOf(work.tx, standing.staff.id)).length === 0) { // gone since the guard
    work.record({ name: "staff.approval_refused", ...what, reason: "staff_passkey_missing" });
    return refuse({ reason: "staff_passkey_missing" });
  }
  return proveStaff(work, standing, what, await statementOf(work, open, found), proof);
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
