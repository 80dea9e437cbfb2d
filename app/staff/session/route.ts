import { sessionAnswer } from "@/lib/login/session-life";
import { requireAnyStaff } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

/** How long the session still lasts. Asking is no use of it. */
export const GET = staffGet(async ({ request }) => ({ session: sessionAnswer(await requireAnyStaff(request, { prolong: false })) }));
