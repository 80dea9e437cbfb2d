import { policy } from "@/lib/policy";
import { days, later, minutes } from "@/lib/platform/clock";
import type { TokenState } from "./state-names";

export { after, type TokenEvent, tokenEvents } from "./transitions";

/** What a user's token rows say, as far as states go. `revokedAt` is the last revocation's. */
type TokenFacts = {
  inUse: { expiresAt: Date | null } | null;
  issuance: { lapsesAt: Date } | null;
  revokedAt: Date | null;
};

export const isLive = (issuance: { lapsesAt: Date } | null, now: Date): boolean => issuance !== null && issuance.lapsesAt > now;
export const isExpired = (token: { expiresAt: Date | null }, now: Date): boolean => token.expiresAt !== null && token.expiresAt <= now;

/** Notice, reference 2: at exactly this moment the user may log in and issue again. */
export const reissuableAt = (revokedAt: Date): Date => later(revokedAt, minutes(policy.waitAfterRevocationMinutes));

/** Computed from rows and `now`; nothing runs at night to flip it. */
export function tokenState({ inUse, issuance, revokedAt }: TokenFacts, now: Date): TokenState {
  if (inUse && !isExpired(inUse, now)) return "in_use";
  if (isLive(issuance, now)) return "issued";
  if (inUse) return "expired";
  if (revokedAt && reissuableAt(revokedAt) > now) return "revoked";
  return "unregistered";
}

/** R14: from this moment a token in use may be renewed. */
export const renewableFrom = (expiresAt: Date): Date => later(expiresAt, -days(policy.renewalDays));
