import { z } from "zod";
import { requireApplicant } from "@/lib/login/guards";
import { post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";
import { closedToHalfLogin } from "@/lib/token/ended-issuance";
import { resendLink } from "@/lib/token/resend";

export const POST = post({ fields: z.object({}), back: "/token/confirmation" }, async ({ request, caller }) => {
  const open = await requireApplicant(request);
  return inOneTransaction(caller, open, async (work, { standing, via }) => {
    work.corporationId = standing.corporation.id;
    work.actor = { kind: "user", id: standing.user.id, corporationId: standing.corporation.id };
    if (via === "half_login") {
      const refusal = await closedToHalfLogin(work, standing);
      if (refusal) {
        work.record({ name: "token.resend_refused", userId: standing.user.id, reason: refusal.reason });
        return { refusal };
      }
    }
    const resent = resendLink(work, standing);
    return resent.ok ? { go: "/token/confirmation" } : { refusal: resent.refusal };
  });
});
