import { z } from "zod";
import { browserOf, newBrowser } from "@/lib/login/browser";
import { actorOf, requirePasskeyRegistrant, standingOfSession } from "@/lib/login/guards";
import { loggedIn } from "@/lib/login/logged-in";
import { attestationField, passkeyNameField } from "@/lib/passkey/fields";
import { registerPasskey } from "@/lib/passkey/register";
import { post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z.object({ passkeyName: passkeyNameField, credential: attestationField });

export const POST = post({ fields, back: "/settings", guard: requirePasskeyRegistrant }, async ({ request, caller, session, input }) => {
  const known = browserOf(request);
  const fresh = known ? undefined : newBrowser();
  const result = await inOneTransaction(caller, standingOfSession(session, known?.hash), (work, { standing }) => {
    work.corporationId = session.corporation.id;
    return registerPasskey(work, standing, { name: input.passkeyName, presented: input.credential }, known ?? fresh!.browser);
  }, actorOf(session));
  if (!result.ok) return { refusal: result.refusal };
  return result.value ? loggedIn(result.value, fresh?.cookie) : { go: "/settings", extras: { done: "passkey_registered" } };
});
