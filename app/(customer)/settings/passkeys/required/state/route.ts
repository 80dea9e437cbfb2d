import { confirmationClosed } from "@/lib/login/confirm-password";
import { actorOf, requirePasskeyRegistrant, standingOfSession, viewerAnswer } from "@/lib/login/guards";
import { get, refusalAnswer } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

/** `waits`: the session is for this alone; who has a full one has `/settings`. */
export const GET = get(async ({ request, caller }) => {
  const session = await requirePasskeyRegistrant(request);
  return inOneTransaction(caller, standingOfSession(session), async (work, { standing }) => {
    const closed = await confirmationClosed(work, standing);
    return { ...viewerAnswer(session), waits: session.level === "passkey_registration", confirmationRefusal: closed && refusalAnswer(closed) };
  }, actorOf(session));
});
