import { z } from "zod";
import { browserAt } from "@/lib/login/browser";
import { oneTimePasswordField } from "@/lib/login/fields";
import { requireApplicant } from "@/lib/login/guards";
import { loggedIn } from "@/lib/login/logged-in";
import { openSession } from "@/lib/login/session";
import { post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";
import { confirm } from "@/lib/token/confirm";
import { closedToHalfLogin } from "@/lib/token/ended-issuance";

const fields = z.object({ oneTimePassword: oneTimePasswordField() });

export const POST = post({ fields, back: "/token/confirmation" }, async ({ request, caller, input }) => {
  const open = await requireApplicant(request);
  const { browser, cookie } = browserAt(request);

  const result = await inOneTransaction(caller, open, async (work, applicant) => {
    const { standing } = applicant;
    work.corporationId = standing.corporation.id;
    work.actor = { kind: "user", id: standing.user.id, corporationId: standing.corporation.id };
    if (applicant.via === "half_login") {
      const refusal = await closedToHalfLogin(work, standing);
      if (refusal) {
        work.record({ name: "one_time_password.not_evaluated", userId: standing.user.id, screen: "confirmation", reason: refusal.reason });
        return { refusal };
      }
    }
    const confirmed = await confirm(work, standing, input.oneTimePassword);
    if (!confirmed.ok) return { refusal: confirmed.refusal };
    if (applicant.via === "session") return { go: "/" };
    return { opened: openSession(work, standing, browser, { by: "one_time_password", told: true }) };
  });

  return "opened" in result && result.opened ? loggedIn(result.opened, cookie) : result;
});
