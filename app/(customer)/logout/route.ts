import { z } from "zod";
import { actorOf, requireAnySession, standingOfSession } from "@/lib/login/guards";
import { endSession } from "@/lib/login/session";
import { removeCookie } from "@/lib/platform/cookies";
import { NotAllowed, post } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

const loggedOut = () => ({ go: "/login?ended=logout", cookies: [removeCookie("session"), removeCookie("halfLogin"), removeCookie("actResult")] });

/** Logging out works for every session and also where there is none: whoever presses the button is logged out. */
export const POST = post({ fields: z.object({}), back: "/" }, async ({ request, caller }) => {
  try {
    const session = await requireAnySession(request);
    await inOneTransaction(caller, standingOfSession(session), (work, { standing }) => {
      work.corporationId = session.corporation.id;
      endSession(work, standing, "logout");
    }, actorOf(session));
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
  }
  return loggedOut();
});
