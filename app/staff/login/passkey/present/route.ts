import { z } from "zod";
import { browserAt } from "@/lib/login/browser";
import { assertionField } from "@/lib/passkey/fields";
import { inOneTransaction } from "@/lib/platform/transaction";
import { standingBehindStaffHalfLogin } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { staffLoggedIn } from "@/lib/staff/logged-in";
import { presentStaffPasskey } from "@/lib/staff/passkey";

const fields = z.object({ credential: assertionField });

export const POST = staffPost({ fields, back: "/staff/login/one-time-password" }, async ({ request, caller, input }) => {
  const { browser, cookie } = browserAt(request);
  const result = await inOneTransaction(caller, standingBehindStaffHalfLogin(request), (work, { standing }) =>
    presentStaffPasskey(work, standing, input.credential, browser));
  return result.ok ? staffLoggedIn(result.value, cookie) : { refusal: result.refusal };
});
