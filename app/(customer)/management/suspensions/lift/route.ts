import { z } from "zod";
import { liftSuspensions } from "@/lib/corporation/act-on-list";
import { actResultCookie } from "@/lib/corporation/act-result";
import { chosenUsersField } from "@/lib/corporation/list-request";
import { operate } from "@/lib/corporation/operator";
import { passwordField } from "@/lib/login/fields";
import { requireManager } from "@/lib/login/guards";
import { post } from "@/lib/platform/http";

const fields = z.object({ users: chosenUsersField, confirmationPassword: passwordField("確認用パスワード") });

export const POST = post({ fields, back: "/management/suspensions", guard: requireManager }, async ({ caller, session, input }) => {
  const result = await operate(caller, session, { userIds: input.users, confirmationPassword: input.confirmationPassword }, (work, operation) =>
    liftSuspensions(work, operation, input.users));
  return result.ok ? { go: "/management/suspensions/result", cookies: [actResultCookie(result.value.secret)] } : { refusal: result.refusal };
});
