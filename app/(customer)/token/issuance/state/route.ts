import { requireApplicant } from "@/lib/login/guards";
import { halfLoginHolds } from "@/lib/login/present-one-time-password";
import { sayingWhoCanRelease } from "@/lib/login/who-can-release";
import { get, NotAllowed, refusalAnswer } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";
import { permits } from "@/lib/token/permission";
import { isLive, renewableFrom, tokenState } from "@/lib/token/states";

export const GET = get(async ({ request, caller }) => {
  const open = await requireApplicant(request);
  return inOneTransaction(caller, open, async (work, { standing, via }) => {
    const { user, permission, issuance, inUse } = standing;
    const shown = { loginId: user.loginId, userName: user.name, again: isLive(issuance, work.now) };
    if (via === "session") {
      if (!inUse || tokenState(standing, work.now) !== "in_use" || renewableFrom(inUse.expiresAt!) > work.now) throw new NotAllowed({ reason: "not_renewable_yet" });
      return { mode: "renewal", ...shown, permission: null };
    }
    const held = await halfLoginHolds(work, standing, "issuance");
    if (!held.ok) throw new NotAllowed(held.refusal);
    const first = { mode: "first", ...shown, passkey: standing.passkeySince !== null };
    if (permits(permission, work.now)) return { ...first, permission: { closesAt: permission!.closesAt } };
    return { ...first, permission: null, refusal: refusalAnswer(await sayingWhoCanRelease(work, standing, "no_issuance_permission")) };
  });
});
