import { managersOf } from "@/lib/corporation/managers";
import { endHalfLogin, endSession } from "@/lib/login/session";
import type { Standing } from "@/lib/login/standing";
import { days } from "@/lib/platform/clock";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { endTokens } from "./end";
import { closePermission, openPermission } from "./permission";
import { after, reissuableAt, tokenState } from "./states";

/**
 * 失効 (notice, reference 2): the tokens' keys are gone, the sessions end, the wait begins. A suspension stays (R19).
 * A 発行許可 takes the earlier one's place if re-issuance is allowed, and is closed if not (R13). Who may do it is the caller's question.
 */
export async function revoke(
  work: Work, standing: Standing, { allowReissue }: { allowReissue: boolean },
): Promise<Result<{ reissuableAt: Date }, Refusal<"not_issuable">>> {
  const { user, corporation, inUse, issuance } = standing;
  if (after(tokenState(standing, work.now), "revoke") === undefined) {
    work.record({ name: "token.revoke_refused", userId: user.id, reason: "not_issuable" });
    return refuse({ reason: "not_issuable" });
  }
  const live = [inUse, issuance].filter((token) => token !== null);
  endTokens(work, live.map((token) => token.id), "revoked");
  endSession(work, standing, "revoked");
  endHalfLogin(work, standing);
  if (allowReissue) openPermission(work, standing, "revocation", work.now, days(policy.permissionDays));
  else closePermission(work, standing);
  work.changeUser(user.id, {});
  for (const token of live) work.record({ name: "token.revoked", userId: user.id, tokenId: token.id });

  const masters = await managersOf(work.tx, corporation.id, ["master"]);
  for (const recipient of new Set([user.mailAddress, ...masters.map((master) => master.mailAddress)])) {
    work.mail({
      corporationId: corporation.id, userId: user.id, recipient,
      content: { kind: "token_revoked", userName: user.name, at: work.now.toISOString() },
    });
  }
  return done({ reissuableAt: reissuableAt(work.now) });
}
