import { z } from "zod";
import { browserOf, newBrowser } from "@/lib/login/browser";
import { assertionField } from "@/lib/passkey/fields";
import { inOneTransaction } from "@/lib/platform/transaction";
import { standingBehindStaffHalfLogin } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { staffLoggedIn } from "@/lib/staff/logged-in";
import { presentStaffPasskey } from "@/lib/staff/passkey";

const fields = z.object({ credential: assertionField });

export const POST = staffPost({ fields, back: "/staff/login/one-time-password" }, async ({ request, caller, input }) => {
  const known = browserOf(request);
  const fresh = known ? undefined : newBrowser();
  const result = await inOneTransaction(caller, standingBehindStaffHalfLogin(request), (work, { standing }) =>
    presentStaffPasskey(work, standing, input.credential, known ?? fresh!.browser));
  return result.ok ? staffLoggedIn(result.value, fresh?.cookie) : { refusal: result.refusal };
});
