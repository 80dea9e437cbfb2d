import { and, isNull } from "drizzle-orm";
import { loginPasswordSuspensions } from "@/drizzle/schema";
import type { Standing } from "@/lib/login/standing";
import { among } from "@/lib/platform/database";
import { actingUser, ours, type Work } from "@/lib/platform/transaction";

/** Ends the 利用停止 of login passwords; the passwords stay. */
export function liftLoginPasswords(work: Work, standings: Standing[]): void {
  if (standings.length === 0) return;
  work.save("login_passwords_lifted", work.tx.update(loginPasswordSuspensions).set({ liftedAt: work.now, liftedBy: actingUser(work) })
    .where(and(ours(work, loginPasswordSuspensions), among(loginPasswordSuspensions.userId, standings.map(({ user }) => user.id)), isNull(loginPasswordSuspensions.liftedAt))));
  for (const { user } of standings) {
    work.raiseRevision(user.id);
    work.record({ name: "login_password.lifted", userId: user.id });
  }
}

/** Ends the 利用停止 of confirmation passwords; the passwords stay (R18). */
export function liftConfirmationPasswords(work: Work, standings: Standing[]): void {
  for (const { user } of standings) {
    work.changeUser(user.id, { confirmationFailures: 0, confirmationSuspendedAt: null });
    work.record({ name: "confirmation_password.lifted", userId: user.id });
  }
}
