import { passwordChangeFields } from "@/lib/login/change-own-password";
import { browserAt } from "@/lib/login/browser";
import { atTheBench } from "@/lib/platform/password";
import { changeStaffPassword } from "@/lib/staff/change-password";
import { actAsStaff, requireAnyStaff, standingOfStaffSession } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { staffSessionCookie } from "@/lib/staff/session";

const fields = passwordChangeFields("現在のパスワード", "新しいパスワード");

export const POST = staffPost({ fields, back: "/staff/password/change", guard: requireAnyStaff }, async ({ request, caller, session, input }) => {
  const { browser, knownHash, cookie } = browserAt(request);
  const result = await atTheBench(() =>
    actAsStaff(request, caller, session, standingOfStaffSession(session, undefined, knownHash), (work, { standing }) => changeStaffPassword(work, standing, input, browser)));
  if (!result.ok) return "fields" in result.refusal ? { fields: result.refusal.fields } : { refusal: result.refusal };
  return { go: "/staff", cookies: [await staffSessionCookie(result.value.secret), ...(cookie ? [cookie] : [])] };
});
