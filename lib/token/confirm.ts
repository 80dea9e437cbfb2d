import { eq, sql } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { managersOf } from "@/lib/corporation/managers";
import type { Standing } from "@/lib/login/standing";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { endTokens } from "./end";
import { closePermission } from "./permission";
import { present } from "./present";
import { isExpired, isLive } from "./states";

export type ConfirmRefusal = Refusal<
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
  // The unique index allows one token in use: the older one's end is read first, which makes it happen first.
  const afterOlder = inUse ? sql`${tokens.id} = ${issuance.id} and (select count(*) from tokens_ended) >= 0` : eq(tokens.id, issuance.id);
  work.save("token_confirmed", work.tx.update(tokens)
    .set({ ...result.value, confirmedAt: work.now, activationPasswordHash: null, linkCodeMac: null }).where(afterOlder));
  work.changeUser(user.id, {});
  if (!issuance.renewal) closePermission(work, standing);
  work.record({ name: "token.confirmed", userId: user.id, tokenId: issuance.id, renewal: issuance.renewal });
  await tellConfirmed(work, standing, issuance.renewal);
  return done(undefined);
}

/** So that a thief with a password cannot enrol a phone unseen. */
async function tellConfirmed(work: Work, { user, corporation }: Standing, renewal: boolean): Promise<void> {
  const masters = await managersOf(work.tx, corporation.id, ["master"]);
  const recipients = new Set([user.mailAddress, ...masters.map((master) => master.mailAddress)]);
  for (const recipient of recipients) {
    work.mail({
      corporationId: corporation.id, userId: user.id, recipient,
      content: { kind: "token_confirmed", userName: user.name, at: work.now.toISOString(), network: work.caller.network, renewal },
    });
  }
}
