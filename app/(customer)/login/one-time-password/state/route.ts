import { standingBehindHalfLogin } from "@/lib/login/guards";
import { halfLoginHolds } from "@/lib/login/present-one-time-password";
import { attemptsLeft } from "@/lib/login/states";
import { get, NotAllowed } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

export const GET = get(({ request, caller }) =>
  inOneTransaction(caller, standingBehindHalfLogin(request), async (work, { standing }) => {
    const held = await halfLoginHolds(work, standing, "one_time_password");
    if (!held.ok) throw new NotAllowed(held.refusal);
    return { expiresAt: held.value.halfLogin!.expiresAt, attemptsLeft: attemptsLeft(held.value.user.oneTimePasswordFailures), passkey: held.value.passkeySince !== null };
  }));
