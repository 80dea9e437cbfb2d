import { and, eq } from "drizzle-orm";
import { knownBrowsers } from "@/drizzle/schema";
import { later, minutes } from "@/lib/platform/clock";
import { ours, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Standing } from "./standing";

/** Wrong passwords in a row, of an account or of one browser of its owner's: a customer's and a member of staff's. */
export type WrongPasswords = { failures: number; stoppedUntil: Date | null };

/** 利用一時停止: while it lasts no password is evaluated. */
export const isStoppedAt = ({ stoppedUntil }: WrongPasswords, now: Date): boolean => stoppedUntil !== null && stoppedUntil > now;

/** One more: the last allowed one stops the evaluation for a while. */
export function afterWrongPassword({ failures: before, stoppedUntil }: WrongPasswords, now: Date): WrongPasswords {
  const failures = stoppedUntil ? 1 : before + 1; // a stop that is over began a new count
  return { failures, stoppedUntil: failures < policy.passwordFailuresBeforeStop ? null : later(now, minutes(policy.temporaryStopMinutes)) };
}

/** The count that a password from this browser goes to: the browser's own where it is known, the account's otherwise (R4). */
export const countOf = ({ user, browser }: Standing): WrongPasswords => browser ?? { failures: user.loginFailures, stoppedUntil: user.loginStoppedUntil };

export const isStopped = (standing: Standing, now: Date): boolean => isStoppedAt(countOf(standing), now);

/** One more wrong login password in a row; the owner is told of a stop. */
export function countWrongPassword(work: Work, standing: Standing): void {
  const { user, corporation } = standing;
  const count = afterWrongPassword(countOf(standing), work.now);
  setCount(work, standing, count);
  const until = count.stoppedUntil;
  if (!until) return;
  work.record({ name: "login_password.temporarily_stopped", userId: user.id, counted: standing.browser ? "browser" : "account", until: until.toISOString() });
  work.mail({
    corporationId: corporation.id, userId: user.id, recipient: user.mailAddress,
    content: { kind: "login_temporarily_stopped", userName: user.name, at: work.now.toISOString(), until: until.toISOString(), network: work.caller.network },
  });
}

/** A right password ends the row of wrong ones. */
export function resetCount(work: Work, standing: Standing): void {
  if (countOf(standing).failures > 0) setCount(work, standing, { failures: 0, stoppedUntil: null });
}

function setCount(work: Work, { user, browser }: Standing, { failures, stoppedUntil }: WrongPasswords): void {
  if (!browser) return work.changeUser(user.id, { loginFailures: failures, loginStoppedUntil: stoppedUntil });
  work.raiseRevision(user.id);
  work.save("browser_count", work.tx.update(knownBrowsers).set({ failures, stoppedUntil })
    .where(and(ours(work, knownBrowsers), eq(knownBrowsers.userId, user.id), eq(knownBrowsers.browserHash, browser.browserHash))).returning({ failures: knownBrowsers.failures }));
}
