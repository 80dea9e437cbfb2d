import { proofFields, proofIn } from "@/lib/approval/prove";
import { problemsOfPasswords, registerUsers } from "@/lib/corporation/register";
import { newUserFields } from "@/lib/corporation/user-fields";
import { passwordField } from "@/lib/login/fields";
import { requireManager } from "@/lib/login/guards";
import { post } from "@/lib/platform/http";

const fields = newUserFields.extend({ confirmationPassword: passwordField("確認用パスワード"), ...proofFields });

export const POST = post({ fields, back: "/management/users/new", guard: requireManager }, async ({ caller, session, input }) => {
  const { confirmationPassword, assertion, approvalCode, approvalNonce, proofOneTimePassword, ...user } = input;
  const proof = proofIn({ assertion, approvalCode, approvalNonce, proofOneTimePassword });
  const problems = await problemsOfPasswords(user, session.corporation);
  if (Object.keys(problems).length > 0) return { fields: problems };
  const result = await registerUsers(caller, session, { added: [user], by: "form", confirmationPassword, proof });
  if (result.ok) return { go: `/management/users/${result.value[0]}?registered` };
  return "taken" in result.refusal
    ? { fields: { loginId: "このログインIDは、すでに使われています。別のログインIDを入力してください。" } }
    : { refusal: result.refusal };
});
