import { z } from "zod";
import { inOneTransaction } from "@/lib/platform/transaction";
import { standingBehindStaffHalfLogin } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { askForStaffPasskey } from "@/lib/staff/passkey";

const back = "/staff/login/one-time-password";

export const POST = staffPost({ fields: z.object({}), back }, async ({ request, caller }) => {
  const result = await inOneTransaction(caller, standingBehindStaffHalfLogin(request), (work, { standing }) => askForStaffPasskey(work, standing));
  return result.ok ? { go: back, extras: { options: result.value } } : { refusal: result.refusal };
});
