import { isManager } from "@/lib/corporation/user-classes";
import type { Standing } from "@/lib/login/standing";
import { later, minutes } from "@/lib/platform/clock";
import { policy } from "@/lib/policy";
import { tokenState } from "@/lib/token/states";

/* Whether somebody is asked for a fresh proof before an act (ASVS 7.5.3). No I/O. */

type Facts = Pick<Standing, "corporation" | "user" | "openSession" | "inUse" | "issuance" | "revokedAt" | "passkeySince">;

/** Before the service applies a session is worth a password and no more: nothing else could be asked for. */
const canProve = (facts: Facts, now: Date): boolean => facts.passkeySince !== null || tokenState(facts, now) === "in_use";

/** Whom the contract's policy means. */
const meant: Record<Standing["corporation"]["stepUpPolicy"], (facts: Facts) => boolean> = {
  off: () => false,
  managers_with_passkey: ({ user, passkeySince }) => isManager(user.userClass) && passkeySince !== null,
  everyone: () => true,
  each_act: () => true,
};

/** Up to and including the last minute of `stepUpMinutes` the proof that opened a session, or a later one, is fresh: a customer's and a member of staff's. */
export const isFresh = (lastProof: Date, now: Date): boolean => later(lastProof, minutes(policy.stepUpMinutes)) >= now;

/** Under `each_act` a bound act is proved each time, however fresh the last proof is. */
export function needsFreshProof(facts: Facts, bound: boolean, now: Date): boolean {
  const { corporation: { stepUpPolicy }, openSession } = facts;
  if (!meant[stepUpPolicy](facts) || !canProve(facts, now)) return false;
  return (bound && stepUpPolicy === "each_act") || !isFresh(openSession!.provedAgainAt ?? openSession!.openedAt, now);
}
