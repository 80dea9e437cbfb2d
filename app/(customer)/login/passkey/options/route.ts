import { z } from "zod";
import { standingBehindHalfLogin } from "@/lib/login/guards";
import { askForPasskey } from "@/lib/passkey/present";
import { post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

export const POST = post({ fields: z.object({}), back: "/login/passkey" }, async ({ request, caller }) => {
  const result = await inOneTransaction(caller, standingBehindHalfLogin(request), (work, { standing }) => askForPasskey(work, standing));
  return result.ok ? { go: "/login/passkey", extras: { options: result.value } } : { refusal: result.refusal };
});
