import { asc, eq, sql } from "drizzle-orm";
import { cases, caseTargets } from "@/drizzle/schema";
import { authenticationOf } from "@/lib/corporation/authentication";
import { type Corporation, lockContract } from "@/lib/corporation/service";
import { type Standing, standingsOfUsers } from "@/lib/login/standing";
import type { Tx } from "@/lib/platform/database";
import { isOfContract } from "./case-kinds";
import { afterEvent } from "./case-states";
import type { StaffAct } from "./duties";
import { type StaffSession, standingOfStaffSession } from "./guards";
import type { StaffStanding } from "./standing";
import { seenFingerprint, statesSeen } from "./target-states";

export type Case = typeof cases.$inferSelect;
export type Target = Pick<typeof caseTargets.$inferSelect, "id" | "userId">;

/** A case and the member of staff who has it in hand, both locked. */
export type CaseInHand = { now: Date; standing: StaffStanding; number: string; found: Case | undefined };

/**
 * The same with everything that the case is about. Staff, case, contract and users are locked in this order, so that two never wait for each other
 * crosswise; users come last and in the order of their ids, as everywhere.
 */
export type OpenCase = CaseInHand & { targets: Target[]; standings: Standing[]; contract: { corporation: Corporation; userIds: string[] } | undefined };

export const byNumber = (number: string) => eq(sql`lower(${cases.number})`, number.toLowerCase());

export const openCase = (session: StaffSession, act: StaffAct, number: string) => async (tx: Tx): Promise<CaseInHand> => {
  const { now, standing } = await standingOfStaffSession(session, act)(tx);
  const [found] = await tx.select().from(cases).where(byNumber(number)).for("update");
  return { now, standing, number, found };
};

/** For an approval: with the users it names, or the whole contract, while the case waits. */
export const openForApproval = (session: StaffSession, number: string) => async (tx: Tx): Promise<OpenCase> => {
  const inHand = await openCase(session, "decide_case", number)(tx);
  const { found } = inHand;
  if (!found || afterEvent(found.state, "approve") === undefined) return { ...inHand, targets: [], standings: [], contract: undefined };
  const targets = await tx.select({ id: caseTargets.id, userId: caseTargets.userId }).from(caseTargets).where(eq(caseTargets.caseId, found.id)).orderBy(asc(caseTargets.place));
  return {
    ...inHand, targets,
    contract: found.corporationId && isOfContract(found.kind) ? await lockContract(tx, found.corporationId) : undefined,
    standings: found.corporationId && targets.length > 0 ? await standingsOfUsers(found.corporationId, targets.map(({ userId }) => userId))(tx) : [],
  };
};

/** What an approver looks at, as it is now: compared with what they looked at when they pressed the button. */
export const seenNow = ({ found, targets, standings, contract, now }: Pick<OpenCase, "found" | "targets" | "standings" | "contract" | "now">): string =>
  seenFingerprint(
    found ? [found.kind, found.enteredAt, found.documents, found.reason, found.allowReissue, found.newContract, found.serviceAppliesFrom, contract?.corporation.serviceAppliesFrom, found.authentication, contract && authenticationOf(contract.corporation)] : [],
    targets.map(({ userId }) => {
      const target = standings.find(({ user }) => user.id === userId);
      return { userId, states: target && statesSeen(target, now) };
    }),
  );
