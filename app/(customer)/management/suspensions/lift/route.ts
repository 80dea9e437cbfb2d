import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { liftSuspensions } from "@/lib/corporation/act-on-list";
import { actResultCookie } from "@/lib/corporation/act-result";
import { approvalOfLift } from "@/lib/corporation/approvals";
import { chosenUsersField } from "@/lib/corporation/list-request";
import { operate, type Operation } from "@/lib/corporation/operator";
import { passwordField } from "@/lib/login/fields";
import { requireManager } from "@/lib/login/guards";
import { post } from "@/lib/platform/http";

const fields = z.object({ users: chosenUsersField, confirmationPassword: passwordField("確認用パスワード"), ...proofFields });

export const POST = post({ fields, back: "/management/suspensions", guard: requireManager }, async ({ caller, session, input }) => {
  const { users: userIds, confirmationPassword } = input;
  const asked = { userIds, confirmationPassword, proof: proofIn(input), approval: (operation: Operation) => approvalOfLift(operation, userIds) };
  const result = await operate(caller, session, asked, (work, operation) => liftSuspensions(work, operation, userIds));
  return result.ok ? { go: "/management/suspensions/result", cookies: [actResultCookie(result.value.secret)] } : { refusal: result.refusal };
});
