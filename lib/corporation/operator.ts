import { eq } from "drizzle-orm";
import { corporations } from "@/drizzle/schema";
import { type Proof, type ProofRefusal, requireFreshProof } from "@/lib/approval/prove";
import { actorOf, type CurrentSession } from "@/lib/login/guards";
import { confirmPassword, type ConfirmationRefusal } from "@/lib/login/confirm-password";
import { type Standing, standingsOfUsers } from "@/lib/login/standing";
import type { Caller } from "@/lib/platform/caller";
import type { Tx } from "@/lib/platform/database";
import { NotAllowed } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";
import type { Result } from "@/lib/platform/result";
import { inOneTransaction, type Work } from "@/lib/platform/transaction";
import type { RefusalReason } from "@/lib/refusals";
import { type Act, may } from "./acts";
import type { Approval } from "./approvals";
import { isManager } from "./user-classes";

/** A manager at work: their own standing and those of the users meant, as far as the company has them, all locked. */
export type Operation = { now: Date; operator: Standing; targets: ReadonlyMap<string, Standing> };

/** Locks the operator and the users meant in the order of their ids, and asks again what the guard asked: the session and the class may have ended meanwhile (ADM-05). */
const openOperation = (session: CurrentSession, userIds: string[], wholeContract: boolean) => async (tx: Tx): Promise<Operation> => {
  if (wholeContract) await tx.select({ id: corporations.id }).from(corporations).where(eq(corporations.id, session.corporation.id)).for("no key update");
  const standings = await standingsOfUsers(session.corporation.id, [...new Set([session.user.id, ...userIds])])(tx);
  const targets = new Map(standings.map((standing) => [standing.user.id, standing]));
  const operator = targets.get(session.user.id);
  if (operator?.openSession?.id !== session.id) throw new NotAllowed({ reason: "session_ended" });
  if (!isManager(operator.user.userClass)) throw new NotAllowed({ reason: "not_permitted" });
  return { now: operator.now, operator, targets };
};

/** What the form says beside the act itself. */
export type Credentials = { confirmationPassword: string; proof: Proof };

type Asked = Credentials & { userIds: string[]; wholeContract?: boolean; approval: (operation: Operation) => Approval };

/**
 * One act of a manager: users locked (after the contract, where all of it is concerned, as at the counter), the confirmation password asked for once (R17),
 * then a fresh proof where the contract's policy wants one, then the verb. A place at the hashing bench comes first, so that what waits for a processor holds no lock.
 */
export const operate = <Value, Refusal>(
  caller: Caller, session: CurrentSession, { userIds, confirmationPassword, wholeContract = false, proof, approval }: Asked,
  verb: (work: Work, operation: Operation) => Promise<Result<Value, Refusal>>,
): Promise<Result<Value, Refusal | ConfirmationRefusal | ProofRefusal>> =>
  atTheBench(() => inOneTransaction(caller, openOperation(session, userIds, wholeContract), async (work, operation) => {
    work.corporationId = session.corporation.id;
    const confirmed = await confirmPassword(work, operation.operator, confirmationPassword);
    if (!confirmed.ok) return confirmed;
    const proved = await requireFreshProof(work, operation.operator, approval(operation), proof);
    return proved.ok ? verb(work, operation) : proved;
  }, actorOf(session)));

/** Why this operator may not do this to this user; undefined if they may. Another company's user is one that does not exist. */
export function forbidden(act: Act, operator: Standing, target: Standing | undefined): RefusalReason | undefined {
  if (!target) return "unknown_user";
  if (may(act, operator.user, target.user)) return undefined;
  return operator.user.id === target.user.id ? "not_on_oneself" : "not_permitted_on_user";
}
