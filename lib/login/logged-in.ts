import { removeCookie } from "@/lib/platform/cookies";
import type { Outcome } from "@/lib/platform/http";
import type { OpenedSession, SessionLevel } from "./session";
import { sessionCookie } from "./session-cookie";

const landings: Record<SessionLevel, string> = { full: "/", password_change: "/password/change", passkey_registration: "/settings/passkeys/required" };

/** Where a session of this level begins, and until it is full ends. */
export const landingOf = (level: SessionLevel): string => landings[level];

/** The answer to a completed login: the session's cookie, the half-login's end, and the device cookie of a browser not known before. */
export async function loggedIn(session: OpenedSession, browserCookie: string | undefined): Promise<Outcome> {
  const cookies = [await sessionCookie(session.secret), removeCookie("halfLogin")];
  return { go: landingOf(session.level), cookies: browserCookie ? [...cookies, browserCookie] : cookies };
}
