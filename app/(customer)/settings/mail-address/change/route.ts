import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { changeOwnMailAddress } from "@/lib/corporation/change-user";
import { mailAddressField, passwordField } from "@/lib/login/fields";
import { actAsUser, requireUser } from "@/lib/login/guards";
import { parseMailAddress } from "@/lib/mail/address";
import { post } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";

const fields = z
  .object({ mailAddress: mailAddressField(), mailAddressAgain: z.string().default(""), confirmationPassword: passwordField("確認用パスワード"), ...proofFields })
  .superRefine((form, context) => {
    if (parseMailAddress(form.mailAddressAgain) !== form.mailAddress)
      context.addIssue({ code: "custom", path: ["mailAddressAgain"], message: "メールアドレスが、確認用と一致しません。" });
  });

export const POST = post({ fields, back: "/settings" }, async ({ request, caller, input }) => {
  const session = await requireUser(request);
  const result = await atTheBench(() =>
    actAsUser(caller, session, (work, standing) => changeOwnMailAddress(work, standing, { ...input, proof: proofIn(input) })));
  if (result.ok) return { go: "/settings" };
  return "nothing" in result.refusal ? { fields: { mailAddress: "現在のメールアドレスと異なるものを入力してください。" } } : { refusal: result.refusal };
});
