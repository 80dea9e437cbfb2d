import { desc, eq } from "drizzle-orm";
import { mailIntents } from "@/drizzle/schema";
import { requireApplicant } from "@/lib/login/guards";
import { sessionAnswer } from "@/lib/login/session-life";
import { attemptsLeft } from "@/lib/login/states";
import { maskMailAddress } from "@/lib/mail/address";
import { get, NotAllowed } from "@/lib/platform/http";
import { institution } from "@/lib/platform/institution";
import { inOneTransaction, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { resendableAt } from "@/lib/token/resend";
import { isLive } from "@/lib/token/states";
import { closedToHalfLogin } from "../ended-issuance";

/** Whether the link has left: `delayed` when the provider has not taken it at the first attempt. */
async function mailState(work: Work, tokenId: string): Promise<"waiting" | "sent" | "delayed"> {
  const [mail] = await work.tx.select({ state: mailIntents.state, attempts: mailIntents.attempts, problem: mailIntents.lastProblem })
    .from(mailIntents).where(eq(mailIntents.tokenId, tokenId)).orderBy(desc(mailIntents.createdAt)).limit(1);
  if (!mail || mail.state === "sent") return "sent";
  return mail.state === "waiting" && !mail.problem ? "waiting" : "delayed";
}

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
        address: maskMailAddress(issuance.mailAddress), state: await mailState(work, issuance.id),
        resendsLeft: policy.resends - issuance.resends, resendableAt: resendableAt(issuance),
      },
    };
  });
});
