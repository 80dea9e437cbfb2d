import { z } from "zod";
import { browserAt } from "@/lib/login/browser";
import { actAsUser, requirePasskeyRegistrant } from "@/lib/login/guards";
import { loggedIn } from "@/lib/login/logged-in";
import { attestationField, passkeyNameField } from "@/lib/passkey/fields";
import { registerPasskey } from "@/lib/passkey/register";
import { post } from "@/lib/platform/http";

const fields = z.object({ passkeyName: passkeyNameField, credential: attestationField });

export const POST = post({ fields, back: "/settings", guard: requirePasskeyRegistrant }, async ({ request, caller, session, input }) => {
  const { browser, knownHash, cookie } = browserAt(request);
  const result = await actAsUser(caller, session, (work, standing) =>
    registerPasskey(work, standing, { name: input.passkeyName, presented: input.credential }, browser), knownHash);
  if (!result.ok) return { refusal: result.refusal };
  return result.value ? loggedIn(result.value, cookie) : { go: "/settings", extras: { done: "passkey_registered" } };
});
