import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { passwordField } from "@/lib/login/fields";
import { actorOf, requireUser, standingOfSession } from "@/lib/login/guards";
import { passkeyNameField } from "@/lib/passkey/fields";
import { beginRegistration } from "@/lib/passkey/register";
import { post } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z.object({ passkeyName: passkeyNameField, confirmationPassword: passwordField("確認用パスワード"), ...proofFields });

export const POST = post({ fields, back: "/settings", guard: requireUser }, async ({ caller, session, input }) => {
  const result = await atTheBench(() =>
    inOneTransaction(caller, standingOfSession(session), (work, { standing }) => {
      work.corporationId = session.corporation.id;
      return beginRegistration(work, standing, { confirmationPassword: input.confirmationPassword, proof: proofIn(input) });
    }, actorOf(session)));
  return result.ok ? { go: "/settings", extras: { options: result.value } } : { refusal: result.refusal };
});
