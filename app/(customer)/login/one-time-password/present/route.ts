import { z } from "zod";
import { browserAt } from "@/lib/login/browser";
import { oneTimePasswordField } from "@/lib/login/fields";
import { standingBehindHalfLogin } from "@/lib/login/guards";
import { loggedIn } from "@/lib/login/logged-in";
import { presentOneTimePassword } from "@/lib/login/present-one-time-password";
import { post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z.object({ oneTimePassword: oneTimePasswordField() });

export const POST = post({ fields, back: "/login/one-time-password" }, async ({ request, caller, input }) => {
  const { browser, cookie } = browserAt(request);
  const result = await inOneTransaction(caller, standingBehindHalfLogin(request), (work, { standing }) =>
    presentOneTimePassword(work, standing, input.oneTimePassword, browser));

  return result.ok ? loggedIn(result.value, cookie) : { refusal: result.refusal };
});
