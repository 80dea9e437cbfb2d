import { loginAttempts } from "@/drizzle/schema";
import { later, minutes } from "@/lib/platform/clock";
import { fingerprint, newSecret } from "@/lib/platform/keys";
import { hashPassword, needsRehash, passwordMatches } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import type { Browser } from "./browser";
import { countWrongPassword, isStopped, resetCount } from "./count-wrong-password";
import { openSession, type OpenedSession } from "./session";
import type { Standing } from "./standing";
import { afterPassword, attemptsLeft, type LoginStepName } from "./states";
import { sayingWhyClosed } from "./who-can-release";

/** Half a login: the secret is for the browser's cookie; `attemptsLeft` speaks from two on (R8). */
export type HalfLogin = { secret: string; expiresAt: Date; attemptsLeft?: number; passkey: boolean };

type LoginStep =
  | { step: "session"; session: OpenedSession }
  | { step: Exclude<LoginStepName, "session">; halfLogin: HalfLogin };

export type PasswordRefusal = Refusal<
  | "wrong_id_or_password" | "user_stopped" | "user_stopped_by_counter" | "login_password_suspended" | "login_password_suspended_counter"
  | "suspended" | "suspended_counter" | "waiting_after_revocation"
>;

/**
 * Step 1 of login (R2–R4). An unknown ID, a wrong password and a stopped count take one answer and one hash's time.
 * A browser that has logged in as this user keeps a count of its own, so that a stranger cannot shut the owner out.
 */
export async function presentPassword(
  work: Work, standing: Standing | undefined, password: string, browser: Browser,
): Promise<Result<LoginStep, PasswordRefusal>> {
  if (!standing) {
    await passwordMatches(null, password);
    work.record({ name: "login_password.refused", reason: "unknown_login_id" });
    return refuse({ reason: "wrong_id_or_password" });
  }
  const { user, corporation } = standing;
  work.corporationId = corporation.id;

  if (isStopped(standing, work.now)) {
    await passwordMatches(null, password);
    work.record({ name: "login_password.refused", userId: user.id, reason: "temporarily_stopped" });
    return refuse({ reason: "wrong_id_or_password" });
  }
  if (!(await passwordMatches(user.loginPasswordHash, password))) {
    work.record({ name: "login_password.refused", userId: user.id, reason: "wrong" });
    countWrongPassword(work, standing);
    return refuse({ reason: "wrong_id_or_password" });
  }

  work.actor = { kind: "user", id: user.id, corporationId: corporation.id };
  work.record({ name: "login_password.accepted", userId: user.id, browserKnown: standing.browser !== null });
  if (needsRehash(user.loginPasswordHash)) work.changeUser(user.id, { loginPasswordHash: await hashPassword(password) });

  const next = afterPassword(standing, work.now);
  const opensNow = "step" in next && next.step === "session"; // then the browser's row is written by the session's opening
  if (!(opensNow && standing.browser)) resetCount(work, standing);
  if ("refused" in next) {
    work.record({ name: "login.refused", userId: user.id, reason: next.refused });
    return refuse(await sayingWhyClosed(work, standing, next));
  }
  if (next.step === "session") return done({ step: "session", session: openSession(work, standing, browser) });
  return done({ step: next.step, halfLogin: openHalfLogin(work, standing) });
}

function openHalfLogin(work: Work, { user, corporation, passkeySince }: Standing): HalfLogin {
  const secret = newSecret();
  const expiresAt = later(work.now, minutes(policy.halfLoginMinutes));
  const row = { corporationId: corporation.id, secretHash: fingerprint(secret), createdAt: work.now, expiresAt };
  work.save("half_login", work.tx.insert(loginAttempts).values({ userId: user.id, ...row }).onConflictDoUpdate({ target: loginAttempts.userId, set: row }));
  work.raiseRevision(user.id);
  return { secret, expiresAt, attemptsLeft: attemptsLeft(user.oneTimePasswordFailures), passkey: passkeySince !== null };
}
