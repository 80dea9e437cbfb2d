import { z } from "zod";
import { removeCookie } from "@/lib/platform/cookies";
import { NotAllowed } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";
import { requireAnyStaff, staffActor, standingOfStaffSession } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { endStaffAccess } from "@/lib/staff/session";

/** Whoever presses the button is logged out, with a session or without. */
export const POST = staffPost({ fields: z.object({}), back: "/staff" }, async ({ request, caller }) => {
  try {
    const session = await requireAnyStaff(request);
    await inOneTransaction(caller, standingOfStaffSession(session), (work, { standing }) => endStaffAccess(work, standing, "logout"), staffActor(session));
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
  }
  return { go: "/staff/login?ended=logout", cookies: [removeCookie("staffSession"), removeCookie("staffHalfLogin")] };
});
