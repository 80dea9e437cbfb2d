import { and, eq } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import type { Standing } from "@/lib/login/standing";
import { later, seconds } from "@/lib/platform/clock";
import { done, refuse, type Result } from "@/lib/platform/result";
import { ours, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { linkCodeMacs, newLinkCode } from "./link-code";
import { mailLink } from "./issue";
import { isLive } from "./states";

type ResendRefusal = Refusal<"issuance_ended" | "already_set_up" | "no_resends_left" | "resend_too_soon">;

export const resendableAt = (token: { lastMailAt: Date }): Date => later(token.lastMailAt, seconds(policy.secondsBetweenResends));

/** 「メールを再送する」: a new code, which kills the older link (R10). */
export function resendLink(work: Work, { user, issuance }: Standing): Result<void, ResendRefusal> {
  const no = (refusal: ResendRefusal) => {
    work.record({ name: "token.resend_refused", userId: user.id, reason: refusal.reason });
    return refuse(refusal);
  };
  if (!issuance || !isLive(issuance, work.now)) return no({ reason: "issuance_ended" });
  if (issuance.setUpAt) return no({ reason: "already_set_up" });
  if (issuance.resends >= policy.resends) return no({ reason: "no_resends_left" });
  const free = resendableAt(issuance);
  if (free > work.now) return no({ reason: "resend_too_soon", until: free, now: work.now });

  const code = newLinkCode();
  const resends = issuance.resends + 1;
  work.save("link_replaced", work.tx.update(tokens).set({ linkCodeMac: linkCodeMacs(code)[0], resends, lastMailAt: work.now }).where(and(ours(work, tokens), eq(tokens.id, issuance.id))));
  work.raiseRevision(user.id);
  work.record({ name: "token.link_resent", userId: user.id, tokenId: issuance.id, resends });
  mailLink(work, issuance, code);
  return done(undefined);
}
