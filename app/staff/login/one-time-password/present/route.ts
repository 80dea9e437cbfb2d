import { z } from "zod";
import { browserOf, newBrowser } from "@/lib/login/browser";
import { oneTimePasswordField } from "@/lib/login/fields";
import { removeCookie } from "@/lib/platform/cookies";
import { inOneTransaction } from "@/lib/platform/transaction";
import { standingBehindStaffHalfLogin } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { presentStaffOneTimePassword } from "@/lib/staff/login";
import { staffSessionCookie } from "@/lib/staff/session";

const fields = z.object({ oneTimePassword: oneTimePasswordField() });

export const POST = staffPost({ fields, back: "/staff/login/one-time-password" }, async ({ request, caller, input }) => {
  const known = browserOf(request);
  const fresh = known ? undefined : newBrowser();
  const result = await inOneTransaction(caller, standingBehindStaffHalfLogin(request), (work, { standing }) =>
    presentStaffOneTimePassword(work, standing, input.oneTimePassword, known ?? fresh!.browser));
  if (!result.ok) return { refusal: result.refusal };
  const { secret, temporary } = result.value;
  return { go: temporary ? "/staff/password/change" : "/staff", cookies: [await staffSessionCookie(secret), removeCookie("staffHalfLogin"), ...(fresh ? [fresh.cookie] : [])] };
});
