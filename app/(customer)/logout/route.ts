import { z } from "zod";
import { actAsUser, requireAnySession } from "@/lib/login/guards";
import { endSession } from "@/lib/login/session";
import { removeCookie } from "@/lib/platform/cookies";
import { NotAllowed, post } from "@/lib/platform/http";

const loggedOut = () => ({ go: "/login?ended=logout", cookies: [removeCookie("session"), removeCookie("halfLogin"), removeCookie("actResult")] });

/** Logging out works for every session and also where there is none: whoever presses the button is logged out. */
export const POST = post({ fields: z.object({}), back: "/" }, async ({ request, caller }) => {
  try {
    const session = await requireAnySession(request);
    await actAsUser(caller, session, (work, standing) => endSession(work, standing, "logout"));
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
  }
  return loggedOut();
});
