import { and, eq, isNotNull, lt, sql } from "drizzle-orm";
import { cases, caseTargets, corporations, users } from "@/drizzle/schema";
import { ourselves } from "@/lib/platform/caller";
import { hours, later } from "@/lib/platform/clock";
import { asStaff } from "@/lib/platform/database";
import { seal, unseal } from "@/lib/platform/keys";
import { done, refuse, type Result } from "@/lib/platform/result";
import { byTheClock, inOneTransaction, type Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import type { Slip } from "./answers";
import type { CaseInHand } from "./open-case";

/** What a 交付票 hands over. */
export type SlipPasswords = { loginPassword?: string; confirmationPassword?: string };

/** Sealed passwords open in the row they were sealed for, and in no other. */
export const slipBinding = (targetId: string) => `case_targets ${targetId}`;

export const sealSlip = (targetId: string, passwords: SlipPasswords): string => seal(Buffer.from(JSON.stringify(passwords)), slipBinding(targetId));

/** How long temporary passwords wait to be shown: the customer stands at the counter. */
export const slipHours = 24;

/**
 * 交付票: the temporary passwords of a case that was approved, shown once to whoever entered or approved it, and erased in the same
 * transaction. Two who ask at once wait for the case's row, and one of them comes too late.
 */
export async function showSlips(work: Work, { found, standing, number }: CaseInHand): Promise<Result<Slip[], Refusal<"unknown_case" | "not_own_case" | "slips_gone">>> {
  const no = (reason: "unknown_case" | "not_own_case" | "slips_gone") => {
    work.record({ name: "case.act_refused", caseNumber: found?.number ?? number.slice(0, 40), act: "show_slips", reason });
    return refuse({ reason });
  };
  if (!found) return no("unknown_case");
  work.corporationId = found.corporationId ?? undefined;
  if (![found.enteredBy, found.decidedBy].includes(standing.staff.id)) return no("not_own_case");
  const waiting = await work.tx
    .select({ id: caseTargets.id, sealedSlip: caseTargets.sealedSlip, loginId: users.loginId, name: users.name, company: corporations.name, contractNumber: corporations.contractNumber })
    .from(caseTargets)
    .innerJoin(users, and(eq(users.id, caseTargets.userId), eq(users.corporationId, caseTargets.corporationId)))
    .innerJoin(corporations, eq(corporations.id, caseTargets.corporationId))
    .where(and(eq(caseTargets.caseId, found.id), isNotNull(caseTargets.sealedSlip))).orderBy(caseTargets.place);
  if (waiting.length === 0 || later(found.decidedAt!, hours(slipHours)) <= work.now) return no("slips_gone");
  work.save("slips_shown", work.tx.update(caseTargets).set({ sealedSlip: null, slipShownAt: work.now }).where(and(eq(caseTargets.caseId, found.id), isNotNull(caseTargets.sealedSlip))));
  work.record({ name: "case.slips_shown", caseNumber: found.number });
  return done(waiting.map(({ id, sealedSlip, ...slip }) => ({ ...slip, ...(JSON.parse(unseal(sealedSlip!, slipBinding(id)).toString()) as SlipPasswords) })));
}

/** Nothing that could be shown stays for long: whoever was not there has to come again. */
export const eraseOldSlips = (): Promise<void> =>
  asStaff(() => inOneTransaction(ourselves(), byTheClock, async (work) => {
    const old = sql`select ${cases.id} from ${cases} where ${lt(cases.decidedAt, later(work.now, -hours(slipHours)))}`;
    const erased = await work.tx.update(caseTargets).set({ sealedSlip: null }).where(and(isNotNull(caseTargets.sealedSlip), sql`${caseTargets.caseId} in (${old})`)).returning({ id: caseTargets.id });
    if (erased.length > 0) work.record({ name: "case.slips_erased", slips: erased.length });
  }, { kind: "system" }));
