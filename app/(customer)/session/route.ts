import { requireAnySession } from "@/lib/login/guards";
import { sessionAnswer } from "@/lib/login/session-life";
import { get } from "@/lib/platform/http";

/** How long the session still lasts. Asking is no use of it. */
export const GET = get(async ({ request }) => ({ session: sessionAnswer(await requireAnySession(request, { prolong: false })) }));
