import { suspensions } from "@/drizzle/schema";
import { tellUserAndManagers, tellUsersAndMasters } from "@/lib/corporation/tell";
import { endAccess } from "@/lib/login/session";
import type { Standing } from "@/lib/login/standing";
import { attemptsLeft } from "@/lib/login/states";
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

/**
 * R7: a right one sets the count to 0. It is written also where it is 0: whoever waits for the user's row must see the time step as spent.
 * Where the screen had said how many were left (R8), user and masters are told: the wrong ones may have been somebody else's guesses.
 */
export async function forgetFailures(work: Work, standing: Standing): Promise<void> {
  const { id, oneTimePasswordFailures: failures } = standing.user;
  work.changeUser(id, { oneTimePasswordFailures: 0 });
  if (attemptsLeft(failures) === undefined) return;
  await tellUsersAndMasters(work, [standing], ([userName]) => ({
    kind: "accepted_after_wrong_ones", userName: userName!, at: work.now.toISOString(), network: work.caller.network, failures,
  }));
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
