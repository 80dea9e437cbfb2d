import { z } from "zod";
import { browserOf, newBrowser } from "@/lib/login/browser";
import { loggedIn } from "@/lib/login/logged-in";
import { assertionField } from "@/lib/passkey/fields";
import { presentPasskeyAlone, standingOfPasskey } from "@/lib/passkey/present-alone";
import { readCookie } from "@/lib/platform/cookies";
import { post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z.object({ credential: assertionField });

export const POST = post({ fields, back: "/login" }, async ({ request, caller, input: { credential } }) => {
  const known = browserOf(request);
  const fresh = known ? undefined : newBrowser();
  const result = await inOneTransaction(caller, standingOfPasskey(readCookie(request, "passkeyLogin"), credential, known?.hash), (work, opened) =>
    presentPasskeyAlone(work, opened, credential, known ?? fresh!.browser));

  return result.ok ? loggedIn(result.value, fresh?.cookie) : { refusal: result.refusal };
});
