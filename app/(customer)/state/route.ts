import { requireUser, sessionAnswer } from "@/lib/login/guards";
import { lastLogins } from "@/lib/login/last-logins";
import { isManager } from "@/lib/corporation/managers";
import { get } from "@/lib/platform/http";
import { renewableFrom } from "@/lib/token/states";

export const GET = get(async ({ request }) => {
  const session = await requireUser(request, { more: lastLogins });
  const { user, corporation, now, logins, tokenExpiresAt } = session;
  const renewal = tokenExpiresAt !== null && tokenExpiresAt > now && renewableFrom(tokenExpiresAt) <= now;
  return {
    company: corporation.name,
    user: { loginId: user.loginId, name: user.name, userClass: user.userClass },
    isManager: isManager(user.userClass),
    logins,
    notices: renewal ? [{ kind: "renewal", expiresAt: tokenExpiresAt }] : [],
    session: sessionAnswer(session),
  };
});
