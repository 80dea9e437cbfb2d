import { requireUser, viewerAnswer } from "@/lib/login/guards";
import { lastLogins } from "@/lib/login/last-logins";
import { get } from "@/lib/platform/http";
import { passkeyColumns, passkeyNotices } from "@/lib/passkey/notices";
import { renewableFrom } from "@/lib/token/states";

export const GET = get(async ({ request }) => {
  const session = await requireUser(request, { more: { ...lastLogins, ...passkeyColumns } });
  const { now, logins, tokenExpiresAt } = session;
  const renewal = tokenExpiresAt !== null && tokenExpiresAt > now && renewableFrom(tokenExpiresAt) <= now;
  return {
    ...viewerAnswer(session),
    logins,
    notices: [...(renewal ? [{ kind: "renewal", expiresAt: tokenExpiresAt }] : []), ...passkeyNotices(session, now)],
  };
});
