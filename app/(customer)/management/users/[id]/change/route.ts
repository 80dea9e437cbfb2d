import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { changeUser } from "@/lib/corporation/change-user";
import { approvalOf } from "@/lib/corporation/approvals";
import { operate } from "@/lib/corporation/operator";
import { userClassField, userNameField } from "@/lib/corporation/user-fields";
import { mailAddressField, passwordField } from "@/lib/login/fields";
import { requireManager } from "@/lib/login/guards";
import { NotAllowed, post } from "@/lib/platform/http";

const fields = z.object({
  name: userNameField, userClass: userClassField, mailAddress: mailAddressField(),
  confirmationPassword: passwordField("確認用パスワード"),
  ...proofFields,
});

export const POST = post({ fields, back: "/management/users", guard: requireManager }, async ({ caller, session, params, input }) => {
  const id = z.uuid().safeParse(params.id);
  if (!id.success) throw new NotAllowed({ reason: "unknown_user" });
  const { name, userClass, mailAddress, confirmationPassword } = input;
  const asked = { userIds: [id.data], confirmationPassword, proof: proofIn(input), approval: () => approvalOf("change") };
  const result = await operate(caller, session, asked, (work, operation) => changeUser(work, operation, id.data, { name, userClass, mailAddress }));
  if (result.ok) return { go: `/management/users/${id.data}`, extras: { done: "change" } };
  return "nothing" in result.refusal ? { fields: { name: "変更する内容がありません。" } } : { refusal: result.refusal };
});
