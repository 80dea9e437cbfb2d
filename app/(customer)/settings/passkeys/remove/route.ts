import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { passwordField } from "@/lib/login/fields";
import { actAsUser, requireUser } from "@/lib/login/guards";
import { removePasskey } from "@/lib/passkey/remove";
import { post } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";

const fields = z.object({ passkey: z.uuid({ error: "パスキーを選択してください。" }), confirmationPassword: passwordField("確認用パスワード"), ...proofFields });

export const POST = post({ fields, back: "/settings", guard: requireUser }, async ({ caller, session, input }) => {
  const result = await atTheBench(() =>
    actAsUser(caller, session, (work, standing) =>
      removePasskey(work, standing, { passkeyId: input.passkey, confirmationPassword: input.confirmationPassword, proof: proofIn(input) })));
  return result.ok ? { go: "/settings", extras: { done: "passkey_removed" } } : { refusal: result.refusal };
});
