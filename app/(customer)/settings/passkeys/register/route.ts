import { z } from "zod";
import { actorOf, requireUser, standingOfSession } from "@/lib/login/guards";
import { attestationField, passkeyNameField } from "@/lib/passkey/fields";
import { registerPasskey } from "@/lib/passkey/register";
import { post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z.object({ passkeyName: passkeyNameField, credential: attestationField });

export const POST = post({ fields, back: "/settings", guard: requireUser }, async ({ caller, session, input }) => {
  const result = await inOneTransaction(caller, standingOfSession(session), (work, { standing }) => {
    work.corporationId = session.corporation.id;
    return registerPasskey(work, standing, { name: input.passkeyName, presented: input.credential });
  }, actorOf(session));
  return result.ok ? { go: "/settings", extras: { done: "passkey_registered" } } : { refusal: result.refusal };
});
