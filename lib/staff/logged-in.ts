import { removeCookie } from "@/lib/platform/cookies";
import type { Outcome } from "@/lib/platform/http";
import type { StaffLogin } from "./login";
import { staffSessionCookie } from "./session";

/** The answer to a completed staff login: the session's cookie, the half-login's end, and the device cookie of a browser not known before. */
export async function staffLoggedIn({ secret, temporary }: StaffLogin, browserCookie: string | undefined): Promise<Outcome> {
  const cookies = [await staffSessionCookie(secret), removeCookie("staffHalfLogin")];
  return { go: temporary ? "/staff/password/change" : "/staff", cookies: browserCookie ? [...cookies, browserCookie] : cookies };
}
