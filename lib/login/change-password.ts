import { and, desc, eq, gt } from "drizzle-orm";
import { auditEvents } from "@/drizzle/schema";
import { tellUsersAndMasters } from "@/lib/corporation/tell";
import { days, later } from "@/lib/platform/clock";
import { hashPassword, passwordMatches } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import type { Browser } from "./browser";
import { confirmPassword, type ConfirmationRefusal } from "./confirm-password";
import { countWrongPassword, isStopped } from "./count-wrong-password";
import { problemOfNewPassword } from "./new-password";
import { openSession, type OpenedSession } from "./session";
import type { Standing } from "./standing";

export type PasswordChange = { currentPassword: string; newPassword: string };

type Unfit = Refusal<"too_many_password_changes"> | { fields: { newPassword: string } };

/**
 * Changes one's own login password. The present one is asked for, and the session gets a new secret, which ends every other one (R20).
 * A wrong present password counts as a wrong login password does: a stolen session is no place to guess it.
 */
export async function changeLoginPassword(
  work: Work, standing: Standing, { currentPassword, newPassword }: PasswordChange, browser: Browser,
): Promise<Result<OpenedSession, Refusal<"wrong_current_password"> | Unfit>> {
  const { user, corporation } = standing;
  const stopped = isStopped(standing, work.now);
  if (!(await passwordMatches(stopped ? null : user.loginPasswordHash, currentPassword))) {
    if (!stopped) countWrongPassword(work, standing);
    work.record({ name: "login_password.change_refused", userId: user.id, reason: "wrong_current_password" });
    return refuse({ reason: "wrong_current_password" });
  }
  const unfit = await unfitFor(work, standing, "login", newPassword);
  if (unfit) return refuse(unfit);

  work.changeUser(user.id, { loginPasswordHash: await hashPassword(newPassword), loginPasswordTemporary: false });
  work.record({ name: "login_password.changed", userId: user.id });
  work.mail({
    corporationId: corporation.id, userId: user.id, recipient: user.mailAddress,
    content: { kind: "login_password_changed", userName: user.name, at: work.now.toISOString() },
  });
  return done(openSession(work, { ...standing, user: { ...user, loginPasswordTemporary: false } }, browser, { by: "password_change", told: true }));
}

/** Changes one's own confirmation password: the present one counts as it does before any act (R18). Sessions end as above; the masters are told, too. */
export async function changeConfirmationPassword(
  work: Work, standing: Standing, { currentPassword, newPassword }: PasswordChange, browser: Browser,
): Promise<Result<OpenedSession, ConfirmationRefusal | Unfit>> {
  const { user } = standing;
  const confirmed = await confirmPassword(work, standing, currentPassword);
  if (!confirmed.ok) {
    work.record({ name: "confirmation_password.change_refused", userId: user.id, reason: confirmed.refusal.reason });
    return confirmed;
  }
  const unfit = await unfitFor(work, standing, "confirmation", newPassword);
  if (unfit) return refuse(unfit);

  work.changeUser(user.id, { confirmationPasswordHash: await hashPassword(newPassword), confirmationPasswordTemporary: false });
  work.record({ name: "confirmation_password.changed", userId: user.id });
  await tellUsersAndMasters(work, [standing], (userNames) =>
    ({ kind: "user_changed", userNames, at: work.now.toISOString(), change: "confirmation_password_changed" }));
  return done(openSession(work, { ...standing, user: { ...user, confirmationPasswordTemporary: false } }, browser, { by: "password_change", told: true, loginPasswordGiven: false }));
}

async function unfitFor(work: Work, standing: Standing, kind: "login" | "confirmation", newPassword: string): Promise<Unfit | undefined> {
  const { user } = standing;
  const no = (reason: "too_many_password_changes" | "unfit") => work.record({ name: `${kind}_password.change_refused`, userId: user.id, reason });
  const freeAt = await nextChangeAt(work, standing, kind);
  if (freeAt) {
    no("too_many_password_changes");
    return { reason: "too_many_password_changes", until: freeAt, now: work.now };
  }
  const problem = await problemOfNewPassword(kind, newPassword, standing);
  if (!problem) return undefined;
  no("unfit");
  return { fields: { newPassword: problem } };
}

/**
 * When the day's limit lets the next change of this password through; undefined: now.
 *
 * The two passwords differ, so whoever has a session and one of them can guess at the other by changing to the guess. "It is the other one" is
 * a hit, and comes too late to be counted; every miss is a change that goes through. So it is changes that are limited, and the question is
 * not put once the day's are used up. Counting them as wrong tries of the other password would lock out owners who change theirs now and then
 * and never need the other. A temporary password's change is let through: somebody else issued it, and it opens one guess. What is left to a
 * thief is three guesses a day that are not easily guessed themselves, each with a mail to the owner. The audit log is the record of changes:
 * it is written in the change's own transaction, and read under the lock of the user's row.
 */
async function nextChangeAt(work: Work, { user }: Standing, kind: "login" | "confirmation"): Promise<Date | undefined> {
  if (kind === "login" ? user.loginPasswordTemporary : user.confirmationPasswordTemporary) return undefined;
  const [lastAllowed] = await work.tx.select({ at: auditEvents.at }).from(auditEvents)
    .where(and(eq(auditEvents.userId, user.id), gt(auditEvents.at, later(work.now, -days(1))), eq(auditEvents.name, `${kind}_password.changed`)))
    .orderBy(desc(auditEvents.at)).offset(policy.passwordChangesPerDay - 1).limit(1);
  return lastAllowed && later(lastAllowed.at, days(1));
}
