import { suspensions } from "@/drizzle/schema";
import { tellUserAndManagers } from "@/lib/corporation/tell";
import { endAccess } from "@/lib/login/session";
import type { Standing } from "@/lib/login/standing";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { afterVerification, verificationState } from "./states";

/**
 * R7: every wrong one-time password counts, whichever screen it came from, and the last allowed one suspends at once:
 * the user's session and half-login die with it. Answers how many in a row it is now.
 */
export async function countFailure(work: Work, standing: Standing): Promise<number> {
  const { user } = standing;
  const failures = user.oneTimePasswordFailures + 1;
  work.changeUser(user.id, { oneTimePasswordFailures: failures });
  const suspends = failures >= policy.failuresBeforeSuspension && afterVerification(verificationState(standing), "suspend") !== undefined;
  if (suspends) await suspend(work, standing, failures);
  return failures;
}

async function suspend(work: Work, standing: Standing, failures: number): Promise<void> {
  const { user, corporation } = standing;
  work.save("suspension", work.tx.insert(suspensions).values({
    corporationId: corporation.id, userId: user.id, suspendedAt: work.now, cause: "wrong_one_time_passwords",
  }));
  endAccess(work, [standing], "suspended");
  work.record({ name: "user.suspended", userId: user.id, failures });
  await tellUserAndManagers(work, standing, (forManagers) =>
    ({ kind: "suspended", userName: user.name, at: work.now.toISOString(), network: work.caller.network, forManagers }));
}
