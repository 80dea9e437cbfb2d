import { attemptsLeft } from "@/lib/login/states";
import { NotAllowed } from "@/lib/platform/http";
import { inOneTransaction } from "@/lib/platform/transaction";
import { standingBehindStaffHalfLogin } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";
import { staffHalfLoginHolds } from "@/lib/staff/login";
import { secondStepsOf } from "@/lib/staff/passkey-store";

export const GET = staffGet(({ request, caller }) =>
  inOneTransaction(caller, standingBehindStaffHalfLogin(request), async (work, { standing }) => {
    const held = staffHalfLoginHolds(work, standing);
    if (!held.ok) throw new NotAllowed(held.refusal);
    const { staff, halfLogin } = held.value;
    return { expiresAt: halfLogin!.expiresAt, attemptsLeft: attemptsLeft(staff.oneTimePasswordFailures), ...(await secondStepsOf(work.tx, staff.id)) };
  }));
