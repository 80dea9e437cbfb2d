import { removeCookie } from "@/lib/platform/cookies";
import type { Outcome } from "@/lib/platform/http";
import type { OpenedSession } from "./session";
import { sessionCookie } from "./session-cookie";

/** The answer to a completed login: the session's cookie, the half-login's end, and the device cookie of a browser not known before. */
export async function loggedIn(session: OpenedSession, browserCookie: string | undefined): Promise<Outcome> {
  const cookies = [await sessionCookie(session.secret), removeCookie("halfLogin")];
  return { go: session.level === "full" ? "/" : "/password/change", cookies: browserCookie ? [...cookies, browserCookie] : cookies };
}
