import type { tokens } from "@/drizzle/schema";
import type { Screen } from "@/lib/audit/events";
import type { Standing } from "@/lib/login/standing";
import { attemptsLeft } from "@/lib/login/states";
import { sayingWhoCanRelease } from "@/lib/login/who-can-release";
import { verify } from "@/lib/otp/verifier";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { countFailure, forgetFailures } from "@/lib/suspension/count-failure";
import { tokenKey } from "./key";
import { lastSpentTimeStep, raiseStepFloor } from "./step-floor";

type Token = typeof tokens.$inferSelect;

/** What an acceptance writes to the token's row: the caller saves it, with what else it has to say about that row. */
type Acceptance = { lastTimeStep: number; drift: number };

/**
 * Compares one normalised one-time password with one token, for whichever screen asks (R5–R8). The user's row is locked.
 * A wrong one counts and may suspend; a replayed one is refused in the same words and does not count.
 */
export async function present(
  work: Work, standing: Standing, token: Token, presented: string, screen: Screen,
): Promise<Result<Acceptance, Refusal<"wrong_one_time_password" | "suspended" | "suspended_counter">>> {
  const { user } = standing;
  const subject = { userId: user.id, tokenId: token.id, screen };
  if (standing.timeStepFloor === null) void raiseStepFloor();
  const lastTimeStep = lastSpentTimeStep(token.lastTimeStep, standing.timeStepFloor, work.now);
  const verification = verify({ key: tokenKey(token), algorithm: token.algorithm, lastTimeStep }, presented, work.now);

  if (verification.accepted) {
    const { timeStep, drift } = verification;
    await forgetFailures(work, standing);
    work.record({ name: "one_time_password.accepted", ...subject, timeStep, drift });
    return done({ lastTimeStep: timeStep, drift });
  }
  if (verification.reason === "replayed") {
    tellReplay(work, standing, token, verification.timeStep, screen);
    return refuse({ reason: "wrong_one_time_password", attemptsLeft: attemptsLeft(user.oneTimePasswordFailures) });
  }
  const failures = await countFailure(work, standing);
  work.record({ name: "one_time_password.refused", ...subject, reason: verification.reason, failures });
  return refuse(failures >= policy.failuresBeforeSuspension
    ? await sayingWhoCanRelease(work, standing, "suspended")
    : { reason: "wrong_one_time_password", attemptsLeft: attemptsLeft(failures) });
}

function tellReplay(work: Work, { user, corporation }: Standing, token: Token, timeStep: number, screen: Screen): void {
  work.record({ name: "one_time_password.replayed", userId: user.id, tokenId: token.id, screen, timeStep });
  if (token.lastTimeStep === null || timeStep > token.lastTimeStep) return; // below the floor of a new life of the database: perhaps used, perhaps not
  const replay = `${token.id}:${timeStep}`;
  if (user.replayNoticeTimeStep === replay) return;
  work.changeUser(user.id, { replayNoticeTimeStep: replay });
  work.mail({
    corporationId: corporation.id, userId: user.id, recipient: user.mailAddress,
    content: { kind: "one_time_password_replayed", userName: user.name, at: work.now.toISOString(), network: work.caller.network },
  });
}
