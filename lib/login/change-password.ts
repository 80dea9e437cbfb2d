import { hashPassword, passwordMatches } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import type { Browser } from "./browser";
import { countWrongPassword, isStopped } from "./count-wrong-password";
import { problemOfNewPassword } from "./new-password";
import { openSession, type OpenedSession } from "./session";
import type { Standing } from "./standing";

export type PasswordChange = { currentPassword: string; newPassword: string };

/**
 * Changes one's own login password. The present one is asked for, and the session gets a new secret, which ends every other one (R20).
 * A wrong present password counts as a wrong login password does: a stolen session is no place to guess it.
 */
export async function changeLoginPassword(
  work: Work, standing: Standing, { currentPassword, newPassword }: PasswordChange, browser: Browser,
): Promise<Result<OpenedSession, Refusal<"wrong_current_password"> | { fields: Record<string, string> }>> {
  const { user, corporation } = standing;
  const stopped = isStopped(standing, work.now);
  if (!(await passwordMatches(stopped ? null : user.loginPasswordHash, currentPassword))) {
    if (!stopped) countWrongPassword(work, standing);
    work.record({ name: "login_password.change_refused", userId: user.id, reason: "wrong_current_password" });
    return refuse({ reason: "wrong_current_password" });
  }
  const unfit = await problemOfNewPassword("login", newPassword, standing);
  if (unfit) {
    work.record({ name: "login_password.change_refused", userId: user.id, reason: "unfit" });
    return refuse({ fields: { newPassword: unfit } });
  }
  work.changeUser(user.id, { loginPasswordHash: await hashPassword(newPassword), loginPasswordTemporary: false });
  work.record({ name: "login_password.changed", userId: user.id });
  work.mail({
    corporationId: corporation.id, userId: user.id, recipient: user.mailAddress,
    content: { kind: "login_password_changed", userName: user.name, at: work.now.toISOString() },
  });
  return done(openSession(work, { ...standing, user: { ...user, loginPasswordTemporary: false } }, browser, { told: true }));
}
