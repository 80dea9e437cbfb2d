import { z } from "zod";
import { browserAt } from "@/lib/login/browser";
import { oneTimePasswordField } from "@/lib/login/fields";
import { inOneTransaction } from "@/lib/platform/transaction";
import { standingBehindStaffHalfLogin } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { staffLoggedIn } from "@/lib/staff/logged-in";
import { presentStaffOneTimePassword } from "@/lib/staff/login";

const fields = z.object({ oneTimePassword: oneTimePasswordField() });

export const POST = staffPost({ fields, back: "/staff/login/one-time-password" }, async ({ request, caller, input }) => {
  const { browser, cookie } = browserAt(request);
  const result = await inOneTransaction(caller, standingBehindStaffHalfLogin(request), (work, { standing }) =>
    presentStaffOneTimePassword(work, standing, input.oneTimePassword, browser));
  return result.ok ? staffLoggedIn(result.value, cookie) : { refusal: result.refusal };
});
