import { and, isNull } from "drizzle-orm";
import { suspensions } from "@/drizzle/schema";
import { tellUsersAndMasters } from "@/lib/corporation/tell";
import type { Standing } from "@/lib/login/standing";
import { among } from "@/lib/platform/database";
import { actingUser, ours, type Work } from "@/lib/platform/transaction";
import { afterVerification, verificationState } from "./states";

/**
 * 停止解除 of users of one company: the count begins anew; the token is as it was. Who may do it is the caller's question.
 * Answers whose suspension was lifted; the others had none.
 */
export async function lift(work: Work, standings: Standing[]): Promise<Standing[]> {
  const suspended = standings.filter((standing) => afterVerification(verificationState(standing), "lift") !== undefined);
  for (const { user } of standings.filter((standing) => !suspended.includes(standing))) work.record({ name: "suspension.lift_refused", userId: user.id, reason: "not_suspended" });
  if (suspended.length === 0) return [];

  work.save("suspensions_lifted", work.tx.update(suspensions)
    .set({ liftedAt: work.now, liftedBy: actingUser(work) })
    .where(and(ours(work, suspensions), among(suspensions.userId, suspended.map(({ user }) => user.id)), isNull(suspensions.liftedAt))).returning({ id: suspensions.id }));
  for (const { user } of suspended) {
    work.changeUser(user.id, { oneTimePasswordFailures: 0 });
    work.record({ name: "suspension.lifted", userId: user.id });
  }
  await tellUsersAndMasters(work, suspended, (userNames) => ({ kind: "suspension_lifted", userNames, at: work.now.toISOString() }));
  return suspended;
}
