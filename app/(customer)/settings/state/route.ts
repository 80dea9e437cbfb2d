import { confirmationClosed } from "@/lib/login/confirm-password";
import { countOf, isStopped } from "@/lib/login/count-wrong-password";
import { browserOf } from "@/lib/login/browser";
import { actorOf, requireUser, standingOfSession, viewerAnswer } from "@/lib/login/guards";
import { presentLogin } from "@/lib/login/last-logins";
import { serviceApplies } from "@/lib/login/states";
import { passkeysOf } from "@/lib/passkey/store";
import { get, refusalAnswer } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";
import { renewableFrom, tokenState } from "@/lib/token/states";

export const GET = get(async ({ request, caller }) => {
  const session = await requireUser(request, { more: presentLogin });
  return inOneTransaction(caller, standingOfSession(session, browserOf(request)?.hash), async (work, { standing }) => {
    const { user, inUse, corporation } = standing;
    const state = tokenState(standing, work.now);
    const closed = await confirmationClosed(work, standing);
    return {
      ...viewerAnswer(session),
      mailAddress: user.mailAddress,
      login: { at: session.openedAt, network: session.network, browser: session.browser },
      loginStoppedUntil: isStopped(standing, work.now) ? countOf(standing).stoppedUntil : null,
      confirmationSuspended: closed ? { at: user.confirmationSuspendedAt, refusal: refusalAnswer(closed) } : null,
      passkeys: (await passkeysOf(work.tx, standing)).map(({ id, name, registeredAt, lastUsedAt }) => ({ id, name, registeredAt, lastUsedAt })),
      passkeysOffered: serviceApplies(corporation.serviceAppliesFrom, work.now),
      token: { state, expiresAt: inUse?.expiresAt ?? null, renewable: state === "in_use" && renewableFrom(inUse!.expiresAt!) <= work.now },
    };
  }, actorOf(session));
});
