import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { passwordField } from "@/lib/login/fields";
import { actAsUser, requirePasskeyRegistrant } from "@/lib/login/guards";
import { passkeyNameField } from "@/lib/passkey/fields";
import { beginRegistration } from "@/lib/passkey/register";
import { post } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";

const fields = z.object({ passkeyName: passkeyNameField, confirmationPassword: passwordField("確認用パスワード"), ...proofFields });

export const POST = post({ fields, back: "/settings", guard: requirePasskeyRegistrant }, async ({ caller, session, input }) => {
  const result = await atTheBench(() =>
    actAsUser(caller, session, (work, standing) => beginRegistration(work, standing, { confirmationPassword: input.confirmationPassword, proof: proofIn(input) })));
  return result.ok ? { go: "/settings", extras: { options: result.value } } : { refusal: result.refusal };
});
