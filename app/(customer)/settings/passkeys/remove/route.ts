import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { passwordField } from "@/lib/login/fields";
import { actorOf, requireUser, standingOfSession } from "@/lib/login/guards";
import { removePasskey } from "@/lib/passkey/remove";
import { post } from "@/lib/platform/http";
import { atTheBench } from "@/lib/platform/password";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z.object({ passkey: z.uuid({ error: "パスキーを選択してください。" }), confirmationPassword: passwordField("確認用パスワード"), ...proofFields });

export const POST = post({ fields, back: "/settings", guard: requireUser }, async ({ caller, session, input }) => {
  const result = await atTheBench(() =>
    inOneTransaction(caller, standingOfSession(session), (work, { standing }) => {
      work.corporationId = session.corporation.id;
      return removePasskey(work, standing, { passkeyId: input.passkey, confirmationPassword: input.confirmationPassword, proof: proofIn(input) });
    }, actorOf(session)));
  return result.ok ? { go: "/settings", extras: { done: "passkey_removed" } } : { refusal: result.refusal };
});
