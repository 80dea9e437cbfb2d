import { requireAnySession, sessionAnswer } from "@/lib/login/guards";
import { get } from "@/lib/platform/http";

/** How long the session still lasts. Asking is no use of it. */
export const GET = get(async ({ request }) => ({ session: sessionAnswer(await requireAnySession(request, { prolong: false })) }));
