import { loginPasswordSuspensions } from "@/drizzle/schema";
import type { Standing } from "@/lib/login/standing";
import type { Work } from "@/lib/platform/transaction";

/** For tests: what a manager does when a login password may be known to somebody else. */
export function suspendLoginPassword(work: Work, { user, corporation }: Standing): void {
  work.save("login_password_suspended", work.tx.insert(loginPasswordSuspensions).values({ corporationId: corporation.id, userId: user.id, suspendedAt: work.now, suspendedBy: user.id }));
  work.raiseRevision(user.id);
}
