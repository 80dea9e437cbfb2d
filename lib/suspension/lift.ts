import { and, eq, isNull } from "drizzle-orm";
import { suspensions } from "@/drizzle/schema";
import type { Standing } from "@/lib/login/standing";
import type { Work } from "@/lib/platform/transaction";

/** 停止解除: the count begins anew; the token is as it was. Who may do it is the caller's question. Answers whether anything was to lift. */
export function lift(work: Work, { user, corporation, suspendedAt }: Standing): boolean {
  if (!suspendedAt) return false;
  work.save(`lifted_${work.nth(user.id)}`, work.tx.update(suspensions)
    .set({ liftedAt: work.now, liftedBy: work.actor.kind === "user" ? work.actor.id : null })
    .where(and(eq(suspensions.userId, user.id), isNull(suspensions.liftedAt))).returning({ id: suspensions.id }));
  work.changeUser(user.id, { oneTimePasswordFailures: 0 });
  work.record({ name: "suspension.lifted", userId: user.id });
  work.mail({
    corporationId: corporation.id, userId: user.id, recipient: user.mailAddress,
    content: { kind: "suspension_lifted", userName: user.name, at: work.now.toISOString() },
  });
  return true;
}
