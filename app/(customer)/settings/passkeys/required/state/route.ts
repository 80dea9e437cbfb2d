import { isConfirmationSuspended } from "@/lib/login/confirm-password";
import { actorOf, requirePasskeyRegistrant, standingOfSession, viewerAnswer } from "@/lib/login/guards";
import { sayingWhoCanRelease } from "@/lib/login/who-can-release";
import { get, refusalAnswer } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

/** `waits`: the session is for this alone; who has a full one has `/settings`. */
export const GET = get(async ({ request, caller }) => {
  const session = await requirePasskeyRegistrant(request);
  return inOneTransaction(caller, standingOfSession(session), async (work, { standing }) => ({
    ...viewerAnswer(session),
    waits: session.level === "passkey_registration",
    ...(isConfirmationSuspended(standing) && { confirmationRefusal: refusalAnswer(await sayingWhoCanRelease(work, standing, "confirmation_password_suspended")) }),
  }), actorOf(session));
});
