import { requireApplicant } from "@/lib/login/guards";
import { sessionAnswer } from "@/lib/login/session-life";
import { attemptsLeft } from "@/lib/login/states";
import { maskMailAddress } from "@/lib/mail/address";
import { linkState } from "@/lib/mail/store";
import { get, NotAllowed } from "@/lib/platform/http";
import { institution } from "@/lib/platform/institution";
import { inOneTransaction } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { closedToHalfLogin } from "@/lib/token/ended-issuance";
import { resendableAt } from "@/lib/token/resend";
import { isLive } from "@/lib/token/states";

export const GET = get(async ({ request, caller }) => {
  const open = await requireApplicant(request, { prolong: false }); // the page asks every few seconds
  return inOneTransaction(caller, open, async (work, applicant) => {
    const { standing } = applicant;
    if (applicant.via === "half_login") {
      const refusal = await closedToHalfLogin(work, standing);
      if (refusal) throw new NotAllowed(refusal);
    }
    const { user, issuance } = standing;
    if (!issuance || !isLive(issuance, work.now)) throw new NotAllowed({ reason: "issuance_ended" });
    const { serviceId } = institution();
    return {
      serviceId, userId: issuance.userNumber, qr: `ICHIDO:${serviceId}:${issuance.userNumber}`,
      validUntil: issuance.lapsesAt, phoneSetUp: issuance.setUpAt !== null, attemptsLeft: attemptsLeft(user.oneTimePasswordFailures),
      passkey: applicant.via === "half_login" && standing.passkeySince !== null,
      session: applicant.via === "session" ? sessionAnswer(applicant.session) : undefined,
      mail: {
        address: maskMailAddress(issuance.mailAddress), state: await linkState(work.tx, issuance.id),
        resendsLeft: policy.resends - issuance.resends, resendableAt: resendableAt(issuance),
      },
    };
  });
});
