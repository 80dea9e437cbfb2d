import { z } from "zod";
import { changeLoginPassword } from "@/lib/login/change-password";
import { passwordField } from "@/lib/login/fields";
import { actorOf, requireAnySession, standingOfSession } from "@/lib/login/guards";
import { sessionCookie } from "@/lib/login/session-cookie";
import { browserOf, newBrowser } from "@/lib/login/browser";
import { post } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z
  .object({ currentPassword: passwordField("現在のパスワード"), newPassword: passwordField("新しいパスワード"), newPasswordAgain: z.string().default("") })
  .superRefine((form, context) => {
    if (form.newPassword !== form.newPasswordAgain)
      context.addIssue({ code: "custom", path: ["newPasswordAgain"], message: "新しいパスワードが、確認用と一致しません。" });
  });

export const POST = post({ fields, back: "/password/change" }, async ({ request, caller, input }) => {
  const session = await requireAnySession(request);
  const known = browserOf(request);
  const fresh = known ? undefined : newBrowser();
  const result = await atTheBench(() =>
    inOneTransaction(caller, standingOfSession(session, known?.hash), (work, { standing }) => {
      work.corporationId = session.corporation.id;
      return changeLoginPassword(work, standing, input, known ?? fresh!.browser);
    }, actorOf(session)));
  if (!result.ok) return "fields" in result.refusal ? { fields: result.refusal.fields } : { refusal: result.refusal };
  return { go: "/", cookies: [await sessionCookie(result.value.secret), ...(fresh ? [fresh.cookie] : [])] };
});
