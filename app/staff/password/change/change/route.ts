import { passwordChangeFields } from "@/lib/login/change-own-password";
import { atTheBench } from "@/lib/platform/password";
import { inOneTransaction } from "@/lib/platform/transaction";
import { changeStaffPassword } from "@/lib/staff/change-password";
import { requireAnyStaff, staffActor, standingOfStaffSession } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { staffSessionCookie } from "@/lib/staff/session";

const fields = passwordChangeFields("現在のパスワード", "新しいパスワード");

export const POST = staffPost({ fields, back: "/staff/password/change" }, async ({ request, caller, input }) => {
  const session = await requireAnyStaff(request);
  const result = await atTheBench(() =>
    inOneTransaction(caller, standingOfStaffSession(session), (work, { standing }) => changeStaffPassword(work, standing, input), staffActor(session)));
  if (!result.ok) return "fields" in result.refusal ? { fields: result.refusal.fields } : { refusal: result.refusal };
  return { go: "/staff", cookies: [await staffSessionCookie(result.value.secret)] };
});
