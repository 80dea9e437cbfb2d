import { attemptsLeft } from "@/lib/login/states";
import { NotAllowed } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";
import { standingBehindStaffHalfLogin } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";
import { staffHalfLoginHolds } from "@/lib/staff/login";

export const GET = staffGet(({ request, caller }) =>
  inOneTransaction(caller, standingBehindStaffHalfLogin(request), (work, { standing }) => {
    const held = staffHalfLoginHolds(work, standing);
    if (!held.ok) throw new NotAllowed(held.refusal);
    return { expiresAt: held.value.halfLogin!.expiresAt, attemptsLeft: attemptsLeft(held.value.staff.oneTimePasswordFailures) };
  }));
