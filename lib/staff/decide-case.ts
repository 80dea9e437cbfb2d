import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { cases, caseTargets } from "@/drizzle/schema";
import { headOf } from "@/lib/audit/store";
import { type Authentication, needsService } from "@/lib/corporation/authentication";
import { applyService, changeAuthentication, endService } from "@/lib/corporation/service";
import { makeTemporaryPassword, type TemporaryPassword } from "@/lib/login/temporary-password";
import { database, withinDeadline } from "@/lib/platform/database";
import { atTheBenchInTurn } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { permissionFromService } from "@/lib/token/permission";
import type { NewContract } from "./answers";
import { type ApprovalRefusal, proveApproval } from "./approval";
import { carryOut, type Outcome } from "./carry-out";
import { makesSlips } from "./case-kinds";
import { afterEvent, type CaseEvent } from "./case-states";
import type { Duty } from "./duties";
import type { StaffSession } from "./guards";
import { byNumber, type Case, type CaseInHand, type OpenCase, seenNow, type Target } from "./open-case";
import { isPresent, needsProof, type StaffProof } from "./prove";
import { registerContract } from "./register-contract";
import { sealSlip, type SlipPasswords } from "./slips";
import { unseen } from "./target-states";

type Decision = Extract<CaseEvent, "approve" | "return" | "withdraw">;
/** What the approver's page sends: what they looked at, and the proof where one was asked for. */
export type Approval = { seen: string; proof: StaffProof };
export type DecisionRefusal = Refusal<
  | "unknown_case" | "case_decided" | "own_case" | "not_own_case" | "case_changed" | "contract_taken" | "service_applied_already" | "service_not_applied" | "service_date_passed"
>;

/** What every decision asks first: the case is there, it waits, and it is this person's to decide (R22). */
function decidable(work: Work, { found, standing, number }: CaseInHand, event: Decision): Result<Case, DecisionRefusal> {
  const no = (reason: DecisionRefusal["reason"]) => refusedDecision(work, found?.number ?? number, event, reason);
  if (!found) return no("unknown_case");
  work.corporationId = found.corporationId ?? undefined;
  if (afterEvent(found.state, event) === undefined) return no("case_decided");
  const own = found.enteredBy === standing.staff.id;
  if (event === "withdraw") return mayWithdraw(found, standing.staff) ? done(found) : no("not_own_case");
  return own ? no("own_case") : done(found);
}

/** Whoever entered it; and where it was sent back to somebody who is no clerk any more, an approver. */
export const mayWithdraw = ({ enteredBy, state }: Pick<Case, "enteredBy" | "state">, { id, duty }: { id: string; duty: Duty }): boolean =>
  duty === "approver" ? state === "returned" && enteredBy !== id : enteredBy === id;

function refusedDecision(work: Work, caseNumber: string, act: string, reason: DecisionRefusal["reason"]): Result<never, DecisionRefusal> {
  work.record({ name: "case.act_refused", caseNumber: caseNumber.slice(0, 40), act, reason });
  return refuse({ reason });
}

function decided(work: Work, { found, standing }: CaseInHand, event: Decision, more: Partial<typeof cases.$inferInsert> = {}): void {
  work.save("case_decided", work.tx.update(cases)
    .set({ state: afterEvent(found!.state, event)!, decidedBy: standing.staff.id, decidedAt: work.now, ...more }).where(eq(cases.id, found!.id)));
}

/** 差戻し: back to who entered it, with a reason if there is one. */
export function returnCase(work: Work, open: CaseInHand, decisionReason: string): Result<void, DecisionRefusal> {
  const held = decidable(work, open, "return");
  if (!held.ok) return held;
  decided(work, open, "return", { decisionReason: decisionReason || null });
  work.record({ name: "case.returned", caseNumber: held.value.number });
  return done(undefined);
}

/** 取下げ: the case stays as it is for ever. */
export function withdrawCase(work: Work, open: CaseInHand): Result<void, DecisionRefusal> {
  const held = decidable(work, open, "withdraw");
  if (!held.ok) return held;
  decided(work, open, "withdraw");
  work.record({ name: "case.withdrawn", caseNumber: held.value.number });
  return done(undefined);
}

/**
 * 承認 (R22), and in the same transaction what was approved: nothing happens before it, each target happens once, and a crash in between leaves the
 * case waiting. `seen` is what the approver looked at: where it is not so any more they are asked again. Whoever gave their second factor too long ago gives it anew.
 */
export async function approveCase(
  work: Work, open: OpenCase, { seen, proof }: Approval, temporaries: TemporaryPassword[],
): Promise<Result<void, DecisionRefusal | ApprovalRefusal>> {
  const held = decidable(work, open, "approve");
  if (!held.ok) return held;
  const changed = () => refusedDecision(work, held.value.number, "approve", "case_changed");
  if (seen !== seenNow(open)) return changed();
  const proved = await proveApproval(work, open, held.value, proof);
  if (!proved.ok) return proved;
  const slips = held.value.newContract ? 2 : makesSlips(held.value.kind) ? open.targets.length : 0;
  if (temporaries.length < slips) return changed();
  return carryOutCase(work, open, held.value, temporaries, "case.approved");
}

export async function carryOutCase(
  work: Work, open: OpenCase, found: Case, temporaries: TemporaryPassword[], event: "case.approved" | "case.carried_out",
): Promise<Result<void, DecisionRefusal>> {
  const { targets, standings, contract } = open;
  let outcomes: Outcome[] = [];
  let corporationId = found.corporationId;
  if (found.serviceAppliesFrom && permissionFromService(found.serviceAppliesFrom, work.now).closesAt <= work.now) return refusedDecision(work, found.number, "approve", "service_date_passed");
  if (found.newContract) {
    const [login, confirmation] = temporaries as [TemporaryPassword, TemporaryPassword];
    const registered = await registerContract(work, found.newContract as NewContract, found.serviceAppliesFrom, [login, confirmation]);
    if (!registered.ok) return refusedDecision(work, found.number, "approve", registered.refusal.reason);
    corporationId = registered.value.corporationId;
    await keepFirstMaster(work, found, registered.value, { loginPassword: login.password, confirmationPassword: confirmation.password });
  } else if (contract) {
    const reason = await changeContract(work, found, contract);
    if (reason) return refusedDecision(work, found.number, "approve", reason);
  } else {
    outcomes = await carryOut(work, found.kind as Parameters<typeof carryOut>[1], {
      userIds: targets.map(({ userId }) => userId), standings, allowReissue: found.allowReissue, temporaries,
    });
    saveOutcomes(work, found, targets, outcomes);
    for (const { userId, outcome } of outcomes) {
      const of = { userId, caseNumber: found.number, kind: found.kind };
      work.record(outcome === "done" ? { name: "case.target_done", ...of } : { name: "case.target_refused", ...of, reason: outcome });
    }
  }
  const head = await headOf(work.tx, found.newContract ? null : corporationId); // a new company has no chain yet
  decided(work, open, "approve", { corporationId, ...(head && { sealNumber: head.number, sealHash: head.hash }) });
  const count = outcomes.filter(({ outcome }) => outcome === "done").length;
  work.record({ name: event, caseNumber: found.number, kind: found.kind, done: count, refused: outcomes.length - count });
  return done(undefined);
}

async function changeContract(work: Work, { kind, serviceAppliesFrom, authentication }: Case, contract: NonNullable<OpenCase["contract"]>): Promise<"service_applied_already" | "service_not_applied" | undefined> {
  const applied = contract.corporation.serviceAppliesFrom !== null;
  if (kind === "end_service") {
    if (!applied) return "service_not_applied";
    await endService(work, contract);
  } else if (kind === "change_authentication") {
    if (!applied && needsService(authentication as Authentication)) return "service_not_applied";
    await changeAuthentication(work, contract, authentication as Authentication);
  } else {
    if (applied) return "service_applied_already";
    await applyService(work, contract, serviceAppliesFrom!);
  }
  return undefined;
}

const slipOf = (kind: Case["kind"], { password }: TemporaryPassword): SlipPasswords =>
  kind === "issue_login_password" ? { loginPassword: password } : { confirmationPassword: password };

function saveOutcomes(work: Work, { kind }: Case, targets: Target[], outcomes: Outcome[]): void {
  const rows = targets.map(({ id, userId }) => {
    const { outcome, temporary } = outcomes.find((of) => of.userId === userId)!;
    return { id, outcome, slip: outcome === "done" && temporary ? sealSlip(id, slipOf(kind, temporary)) : null };
  });
  work.save("targets_done", sql`(update ${caseTargets} set outcome = result.outcome, sealed_slip = result.slip
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as result(id uuid, outcome text, slip text) where ${caseTargets.id} = result.id)`);
}

async function keepFirstMaster(work: Work, found: Case, { corporationId, userId }: { corporationId: string; userId: string }, passwords: SlipPasswords): Promise<void> {
  const id = randomUUID();
  await work.tx.insert(caseTargets).values({ id, caseId: found.id, corporationId, userId, place: 1, seen: unseen, outcome: "done", sealedSlip: sealSlip(id, passwords) });
}

/**
 * The temporary passwords that approving a case will hand out, made and hashed before anything is locked. None where this person cannot approve it as it is:
 * the answer is a refusal then, and hashing is dear. More than are used are thrown away.
 */
export async function temporariesFor({ staff, now, provedAt }: StaffSession, number: string, proof: StaffProof): Promise<TemporaryPassword[]> {
  if (needsProof(provedAt, now) && !isPresent(proof)) return [];
  const [found] = await withinDeadline(database().select().from(cases).where(byNumber(number)));
  if (!found || !(makesSlips(found.kind) || found.newContract)) return [];
  if (afterEvent(found.state, "approve") === undefined || found.enteredBy === staff.id) return [];
  const [targets] = found.newContract ? [{ count: 2 }] : await withinDeadline(database().select({ count: sql`count(*)`.mapWith(Number) }).from(caseTargets).where(eq(caseTargets.caseId, found.id)));
  const made: TemporaryPassword[] = [];
  for (let i = 0; i < targets!.count; i += 1) made.push(await atTheBenchInTurn("counter", makeTemporaryPassword));
  return made;
}
