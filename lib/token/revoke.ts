import { tellUsersAndMasters } from "@/lib/corporation/tell";
import { endAccess } from "@/lib/login/session";
import type { Standing } from "@/lib/login/standing";
import { removePasskeys } from "@/lib/passkey/remove";
import { days } from "@/lib/platform/clock";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { endTokens } from "./end";
import { closePermissions, openPermissions } from "./permission";
import { after, tokenState } from "./states";

/** A row whose issuance has lapsed is none: who erases its secrets comes later, and nothing depends on when. */
const hasRevocableToken = (standing: Standing, now: Date): boolean => after(tokenState(standing, now), "revoke") !== undefined;

/** There is a token, or a passkey: what a lost device could still be used with. */
export const isRevocable = (standing: Standing, now: Date): boolean => hasRevocableToken(standing, now) || standing.passkeySince !== null;

/**
 * 失効 (notice, reference 2) of users of one company: the tokens' keys are gone, the passkeys removed, the sessions end, the wait begins. A suspension stays (R19).
 * The wait is a revoked token's; who had a passkey alone waits for nothing, and has nothing left to log in with but a new token.
 * A 発行許可 takes the earlier one's place if re-issuance is allowed, and is closed if not (R13). Who may do it is the caller's question.
 * Answers for whom there was something to revoke.
 */
export async function revoke(work: Work, standings: Standing[], { allowReissue }: { allowReissue: boolean }): Promise<Standing[]> {
  const revoked = standings.filter((standing) => isRevocable(standing, work.now));
  for (const { user } of standings.filter((standing) => !revoked.includes(standing)))
    work.record({ name: "token.revoke_refused", userId: user.id, reason: "not_revocable" });
  if (revoked.length === 0) return [];

  const live = revoked.filter((standing) => hasRevocableToken(standing, work.now)).flatMap(({ inUse, issuance }) => [inUse, issuance].filter((token) => token !== null));
  if (live.length > 0) endTokens(work, live.map((token) => token.id), "revoked");
  const passkeysRemoved = await removePasskeys(work, revoked, "revoked");
  endAccess(work, revoked, "revoked");
  if (allowReissue) openPermissions(work, revoked, "revocation", work.now, days(policy.permissionDays));
  else closePermissions(work, revoked);
  for (const { user } of revoked) work.raiseRevision(user.id);
  for (const token of live) work.record({ name: "token.revoked", userId: token.userId, tokenId: token.id });
  const at = work.now.toISOString();
  await tellUsersAndMasters(work, revoked.filter(({ user }) => live.some(({ userId }) => userId === user.id)), (userNames) => ({ kind: "token_revoked", userNames, at }));
  await tellUsersAndMasters(work, passkeysRemoved, (userNames) => ({ kind: "passkey_removed", userNames, at }));
  return revoked;
}
