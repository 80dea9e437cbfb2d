import { standingBehindHalfLogin } from "@/lib/login/guards";
import { halfLoginHolds } from "@/lib/login/present-one-time-password";
import { afterPassword } from "@/lib/login/states";
import { get, NotAllowed } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";

export const GET = get(({ request, caller }) =>
  inOneTransaction(caller, standingBehindHalfLogin(request), async (work, { standing }) => {
    const held = await halfLoginHolds(work, standing, "passkey");
    if (!held.ok) throw new NotAllowed(held.refusal);
    const next = afterPassword(held.value, work.now) as { step: "one_time_password" | "confirmation" | "passkey"; only?: true };
    return { expiresAt: held.value.halfLogin!.expiresAt, otherwise: next.only ? null : next.step === "passkey" ? "issuance" : next.step };
  }));
