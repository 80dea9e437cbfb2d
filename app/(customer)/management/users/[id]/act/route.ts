import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { actOnUser, userActs } from "@/lib/corporation/act-on-user";
import { approvalOf } from "@/lib/corporation/approvals";
import { operate } from "@/lib/corporation/operator";
import { passwordField } from "@/lib/login/fields";
import { requireManager } from "@/lib/login/guards";
import { NotAllowed, post } from "@/lib/platform/http";

const fields = z.object({
  act: z.enum(userActs, { error: "操作を選択してください。" }),
  confirmationPassword: passwordField("確認用パスワード"),
  ...proofFields,
});

export const POST = post({ fields, back: "/management/users", guard: requireManager }, async ({ caller, session, params, input }) => {
  const id = z.uuid().safeParse(params.id);
  if (!id.success) throw new NotAllowed({ reason: "unknown_user" });
  const { act, confirmationPassword } = input;
  const asked = { userIds: [id.data], confirmationPassword, proof: proofIn(input), approval: () => approvalOf(act) };
  const result = await operate(caller, session, asked, (work, operation) => actOnUser(work, operation, id.data, act));
  if (!result.ok) return { refusal: result.refusal };
  return { go: act === "delete" ? "/management/users?deleted" : `/management/users/${id.data}`, extras: { done: act, ...result.value } };
});
