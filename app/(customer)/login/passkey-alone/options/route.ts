import { z } from "zod";
import { loginChallengeCookie } from "@/lib/passkey/login-challenge";
import { askForAnyPasskey } from "@/lib/passkey/present-alone";
import { post } from "@/lib/platform/http";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";

export const POST = post({ fields: z.object({}), back: "/login" }, async ({ caller }) => {
  const { secret, options } = await inOneTransaction(caller, byTheClock, askForAnyPasskey);
  return { go: "/login", cookies: [loginChallengeCookie(secret)], extras: { options } };
});
