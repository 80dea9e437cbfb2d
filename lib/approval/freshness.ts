import { isManager } from "@/lib/corporation/user-classes";
import type { Standing } from "@/lib/login/standing";
import { later, minutes } from "@/lib/platform/clock";
import { policy } from "@/lib/policy";
import { serviceApplies } from "@/lib/login/states";

/* Whether somebody is asked for a fresh proof before an act (ASVS 7.5.3). No I/O. */

type Facts = Pick<Standing, "corporation" | "user" | "openSession" | "passkeySince">;

/** Before the service applies a session is worth a password and no more: nothing else could be asked for. */
const canBeAsked = ({ corporation }: Facts, now: Date): boolean => serviceApplies(corporation.serviceAppliesFrom, now);

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
  return meant[facts.corporation.stepUpPolicy](facts) && isDue(facts, bound, now);
}

/**
 * Before a passkey is registered or removed, whomever the policy means: or a session and its password would make what is asked for everywhere else, or take the
 * reason to ask away. A session that waits for its first one was opened by the proof that there is.
 */
export const passkeysNeedFreshProof = (facts: Facts, now: Date): boolean => isDue(facts, facts.openSession!.level !== "passkey_registration", now);

function isDue(facts: Facts, each: boolean, now: Date): boolean {
  const { corporation: { stepUpPolicy }, openSession } = facts;
  return canBeAsked(facts, now) && ((each && stepUpPolicy === "each_act") || !isFresh(openSession!.provedAgainAt ?? openSession!.openedAt, now));
}
