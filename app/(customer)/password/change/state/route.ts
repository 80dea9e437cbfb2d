import { isConfirmationSuspended } from "@/lib/login/confirm-password";
import { actorOf, requirePasswordChanger, standingOfSession, viewerAnswer } from "@/lib/login/guards";
import { sayingWhoCanRelease } from "@/lib/login/who-can-release";
import { get, refusalAnswer } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

/** Which password is to be changed now: the login password, unless only the confirmation password is temporary. */
export const GET = get(async ({ request, caller }) => {
  const session = await requirePasswordChanger(request);
  return inOneTransaction(caller, standingOfSession(session), async (work, { standing }) => {
    const { loginPasswordTemporary: login, confirmationPasswordTemporary: confirmation } = standing.user;
    return {
      ...viewerAnswer(session),
      level: session.level,
      temporary: { login, confirmation },
      ...(isConfirmationSuspended(standing) && { confirmationRefusal: refusalAnswer(await sayingWhoCanRelease(work, standing, "confirmation_password_suspended")) }),
    };
  }, actorOf(session));
});
