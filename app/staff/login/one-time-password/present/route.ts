import { z } from "zod";
import { browserOf, newBrowser } from "@/lib/login/browser";
import { oneTimePasswordField } from "@/lib/login/fields";
import { inOneTransaction } from "@/lib/platform/transaction";
import { standingBehindStaffHalfLogin } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { staffLoggedIn } from "@/lib/staff/logged-in";
import { presentStaffOneTimePassword } from "@/lib/staff/login";

const fields = z.object({ oneTimePassword: oneTimePasswordField() });

export const POST = staffPost({ fields, back: "/staff/login/one-time-password" }, async ({ request, caller, input }) => {
  const known = browserOf(request);
  const fresh = known ? undefined : newBrowser();
  const result = await inOneTransaction(caller, standingBehindStaffHalfLogin(request), (work, { standing }) =>
    presentStaffOneTimePassword(work, standing, input.oneTimePassword, known ?? fresh!.browser));
  return result.ok ? staffLoggedIn(result.value, fresh?.cookie) : { refusal: result.refusal };
});
