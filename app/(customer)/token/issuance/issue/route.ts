import { z } from "zod";
import { mailAddressField, oneTimePasswordField } from "@/lib/login/fields";
import { requireApplicant } from "@/lib/login/guards";
import { halfLoginHolds } from "@/lib/login/present-one-time-password";
import { parseMailAddress } from "@/lib/mail/address";
import { post } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";
import { inOneTransaction } from "@/lib/platform/transaction";
import { issue, renew } from "@/lib/token/issue";

const activationPassword = z.string({ error: "利用開始パスワードを入力してください。" }).min(1, "利用開始パスワードを入力してください。")
  .transform((text) => text.normalize("NFKC")).pipe(z.string().regex(/^[0-9]{6,8}$/, "利用開始パスワードは6〜8桁の半角数字で入力してください。"));

const fields = z
  .object({
    mailAddress: mailAddressField("携帯電話メールアドレス"),
    mailAddressAgain: z.string().default(""),
    activationPassword,
    activationPasswordAgain: z.string().default(""),
    oneTimePassword: oneTimePasswordField().optional(),
  })
  .superRefine((form, context) => {
    if (parseMailAddress(form.mailAddressAgain) !== form.mailAddress)
      context.addIssue({ code: "custom", path: ["mailAddressAgain"], message: "携帯電話メールアドレスが、確認用と一致しません。" });
    if (form.activationPasswordAgain.normalize("NFKC") !== form.activationPassword)
      context.addIssue({ code: "custom", path: ["activationPasswordAgain"], message: "利用開始パスワードが、確認用と一致しません。" });
  });

export const POST = post({ fields, back: "/token/issuance" }, async ({ request, caller, input }) => {
  const open = await requireApplicant(request);
  return atTheBench(() =>
    inOneTransaction(caller, open, async (work, applicant) => {
      if (applicant.via === "half_login") {
        const held = await halfLoginHolds(work, applicant.standing, "issuance");
        if (!held.ok) {
          work.record({ name: "token.issue_refused", userId: applicant.standing.user.id, reason: held.refusal.reason });
          return { refusal: held.refusal };
        }
        const issued = await issue(work, held.value, input);
        return issued.ok ? { go: "/token/confirmation" } : { refusal: issued.refusal };
      }
      work.corporationId = applicant.standing.corporation.id;
      work.actor = { kind: "user", id: applicant.standing.user.id, corporationId: applicant.standing.corporation.id };
      if (input.oneTimePassword === undefined) return { fields: { oneTimePassword: "ワンタイムパスワードを入力してください。" } };
      const renewed = await renew(work, applicant.standing, input, input.oneTimePassword);
      return renewed.ok ? { go: "/token/confirmation" } : { refusal: renewed.refusal };
    }));
});
