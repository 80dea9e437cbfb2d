import { and, eq } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { tellUsersAndMasters } from "@/lib/corporation/tell";
import type { Standing } from "@/lib/login/standing";
import { done, refuse, type Result } from "@/lib/platform/result";
import { afterSaved, ours, type Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { endTokens } from "./end";
import { closePermissions } from "./permission";
import { present } from "./present";
import { isExpired, isLive } from "./states";

type ConfirmRefusal = Refusal<
  "issuance_ended" | "phone_not_set_up" | "wrong_one_time_password" | "suspended" | "suspended_counter"
>;

/**
 * 手順D–E (R12): the first one-time password of the new token puts it in use, closes the 発行許可 and, at a renewal, ends the older token in the same transaction.
 * Nothing is evaluated or counted before the phone is set up (R7).
 */
export async function confirm(work: Work, standing: Standing, presented: string): Promise<Result<void, ConfirmRefusal>> {
  const { user, issuance, inUse } = standing;
  const no = (reason: "issuance_ended" | "phone_not_set_up") => {
    work.record({ name: "one_time_password.not_evaluated", userId: user.id, screen: "confirmation", reason });
    return refuse({ reason });
  };
  if (!issuance || !isLive(issuance, work.now)) return no("issuance_ended");
  if (!issuance.setUpAt) return no("phone_not_set_up");

  const result = await present(work, standing, issuance, presented, "confirmation");
  if (!result.ok) return result;

  if (inUse) {
    const because = isExpired(inUse, work.now) ? "replaced" : "renewed";
    endTokens(work, [inUse.id], because);
    work.record({ name: "token.ended", userId: user.id, tokenId: inUse.id, because });
  }
  const afterOlder = inUse ? afterSaved("tokens_ended") : undefined;
  work.save("token_confirmed", work.tx.update(tokens)
    .set({ ...result.value, confirmedAt: work.now, activationPasswordHash: null, linkCodeMac: null }).where(and(ours(work, tokens), eq(tokens.id, issuance.id), afterOlder)));
  work.raiseRevision(user.id);
  if (!issuance.renewal) closePermissions(work, [standing]);
  work.record({ name: "token.confirmed", userId: user.id, tokenId: issuance.id, renewal: issuance.renewal });
  // So that a thief with a password cannot enrol a phone unseen.
  await tellUsersAndMasters(work, [standing], ([userName]) => ({
    kind: "token_confirmed", userName: userName!, at: work.now.toISOString(), network: work.caller.network, renewal: issuance.renewal,
  }));
  return done(undefined);
}
