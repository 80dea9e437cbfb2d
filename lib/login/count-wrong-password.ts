import { and, eq } from "drizzle-orm";
import { knownBrowsers } from "@/drizzle/schema";
import { later, minutes } from "@/lib/platform/clock";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Standing } from "./standing";

/** The count that a password from this browser goes to: the browser's own where it is known, the account's otherwise (R4). */
export const countOf = ({ user, browser }: Standing) => browser ?? { failures: user.loginFailures, stoppedUntil: user.loginStoppedUntil };

/** 利用一時停止: while it lasts no login password is evaluated. */
export const isStopped = (standing: Standing, now: Date): boolean => {
  const { stoppedUntil } = countOf(standing);
  return stoppedUntil !== null && stoppedUntil > now;
};

/** One more wrong login password in a row; the last allowed one stops the count's evaluation for a while, and the owner is told. */
export function countWrongPassword(work: Work, standing: Standing): void {
  const { user, corporation } = standing;
  const count = countOf(standing);
  const failures = count.stoppedUntil ? 1 : count.failures + 1; // a stop that is over began a new count
  if (failures < policy.passwordFailuresBeforeStop) return setCount(work, standing, failures, null);

  const until = later(work.now, minutes(policy.temporaryStopMinutes));
  setCount(work, standing, failures, until);
  work.record({ name: "login_password.temporarily_stopped", userId: user.id, counted: standing.browser ? "browser" : "account", until: until.toISOString() });
  work.mail({
    corporationId: corporation.id, userId: user.id, recipient: user.mailAddress,
    content: { kind: "login_temporarily_stopped", userName: user.name, at: work.now.toISOString(), until: until.toISOString(), network: work.caller.network },
  });
}

/** A right password ends the row of wrong ones. */
export function resetCount(work: Work, standing: Standing): void {
  if (countOf(standing).failures > 0) setCount(work, standing, 0, null);
}

function setCount(work: Work, { user, browser }: Standing, failures: number, stoppedUntil: Date | null): void {
  if (!browser) return work.changeUser(user.id, { loginFailures: failures, loginStoppedUntil: stoppedUntil });
  work.raiseRevision(user.id);
  work.save("browser_count", work.tx.update(knownBrowsers).set({ failures, stoppedUntil })
    .where(and(eq(knownBrowsers.userId, user.id), eq(knownBrowsers.browserHash, browser.browserHash))).returning({ failures: knownBrowsers.failures }));
}
