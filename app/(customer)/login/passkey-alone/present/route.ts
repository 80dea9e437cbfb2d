import { z } from "zod";
import { browserAt } from "@/lib/login/browser";
import { loggedIn } from "@/lib/login/logged-in";
import { assertionField } from "@/lib/passkey/fields";
import { presentPasskeyAlone, standingOfPasskey } from "@/lib/passkey/present-alone";
import { readCookie } from "@/lib/platform/cookies";
import { post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z.object({ credential: assertionField });

export const POST = post({ fields, back: "/login" }, async ({ request, caller, input: { credential } }) => {
  const { browser, knownHash, cookie } = browserAt(request);
  const result = await inOneTransaction(caller, standingOfPasskey(readCookie(request, "passkeyLogin"), credential, knownHash), (work, opened) =>
    presentPasskeyAlone(work, opened, credential, browser));

  return result.ok ? loggedIn(result.value, cookie) : { refusal: result.refusal };
});
