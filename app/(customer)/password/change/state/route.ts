import { confirmationClosed } from "@/lib/login/confirm-password";
import { actorOf, requirePasswordChanger, standingOfSession, viewerAnswer } from "@/lib/login/guards";
import { get, refusalAnswer } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

/** Which password is to be changed now: the login password, unless only the confirmation password is temporary. */
export const GET = get(async ({ request, caller }) => {
  const session = await requirePasswordChanger(request);
  return inOneTransaction(caller, standingOfSession(session), async (work, { standing }) => {
    const { loginPasswordTemporary: login, confirmationPasswordTemporary: confirmation } = standing.user;
    const closed = await confirmationClosed(work, standing);
    return {
      ...viewerAnswer(session),
      level: session.level,
      temporary: { login, confirmation },
      confirmationRefusal: closed && refusalAnswer(closed),
    };
  }, actorOf(session));
});
