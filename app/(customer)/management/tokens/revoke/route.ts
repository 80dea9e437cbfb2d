import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { revokeTokens } from "@/lib/corporation/act-on-list";
import { actResultCookie } from "@/lib/corporation/act-result";
import { approvalOfRevocation } from "@/lib/corporation/approvals";
import { chosenUsersField } from "@/lib/corporation/list-request";
import { operate, type Operation } from "@/lib/corporation/operator";
import { passwordField } from "@/lib/login/fields";
import { requireManager } from "@/lib/login/guards";
import { removeCookie } from "@/lib/platform/cookies";
import { post } from "@/lib/platform/http";

const fields = z.object({
  users: chosenUsersField,
  confirmationPassword: passwordField("確認用パスワード"),
  allowReissue: z.literal("on").optional().catch(undefined), // 「失効後7日間、再発行を許可する」: a box that is not ticked is not sent
  ...proofFields,
});

export const POST = post({ fields, back: "/management/tokens", guard: requireManager }, async ({ caller, session, input }) => {
  const { users: userIds, confirmationPassword } = input;
  const allowReissue = input.allowReissue === "on";
  const asked = { userIds, confirmationPassword, proof: proofIn(input), approval: (operation: Operation) => approvalOfRevocation(operation, userIds, allowReissue) };
  const result = await operate(caller, session, asked, (work, operation) => revokeTokens(work, operation, userIds, allowReissue));
  if (!result.ok) return { refusal: result.refusal };
  const { secret, ownSessionEnded } = result.value;
  return { go: "/management/tokens/result", cookies: [actResultCookie(secret), ...(ownSessionEnded ? [removeCookie("session")] : [])] };
});
