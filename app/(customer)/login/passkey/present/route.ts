import { z } from "zod";
import { browserAt } from "@/lib/login/browser";
import { standingBehindHalfLogin } from "@/lib/login/guards";
import { loggedIn } from "@/lib/login/logged-in";
import { assertionField } from "@/lib/passkey/fields";
import { presentPasskey } from "@/lib/passkey/present";
import { post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z.object({ credential: assertionField });

export const POST = post({ fields, back: "/login/passkey" }, async ({ request, caller, input }) => {
  const { browser, cookie } = browserAt(request);
  const result = await inOneTransaction(caller, standingBehindHalfLogin(request), (work, { standing }) =>
    presentPasskey(work, standing, input.credential, browser));

  return result.ok ? loggedIn(result.value, cookie) : { refusal: result.refusal };
});
