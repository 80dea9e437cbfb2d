import { and, isNull, sql } from "drizzle-orm";
import { knownBrowsers, loginAttempts, sessions } from "@/drizzle/schema";
import { hours, later } from "@/lib/platform/clock";
import { among } from "@/lib/platform/database";
import { startOfDay } from "@/lib/platform/japan-time";
import { fingerprint, newSecret } from "@/lib/platform/keys";
import { afterSaved, ours, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Browser } from "./browser";
import type { Standing } from "./standing";
import { passkeyIsRequired, serviceApplies } from "./states";

export type SessionEnd = NonNullable<typeof sessions.$inferSelect["endedBecause"]>;

export type SessionLevel = typeof sessions.$inferSelect["level"];

/** What opened a session: a proof, or an act in the session before it. */
export type OpenedBy = "login_password" | "one_time_password" | "passkey" | "passkey_alone" | "password_change" | "passkey_registration";

/** A session just opened. The secret is shown to the browser once, in its cookie. */
export type OpenedSession = { secret: string; level: SessionLevel };

/** What has to be done before anything else: the change of a temporary password, then the registration of the passkey that the contract requires. */
function levelOf({ user, corporation, passkeySince }: Pick<Standing, "user" | "corporation" | "passkeySince">, now: Date): SessionLevel {
  if (user.loginPasswordTemporary || user.confirmationPasswordTemporary) return "password_change";
  return passkeyIsRequired(corporation, now) && passkeySince === null ? "passkey_registration" : "full";
}

const loginsBeforeOffer = 6;

/**
 * A passkey is offered once in a user's life, with the sixth login by one-time password: who comes so often may like to do without. Only logins count at which
 * one could be registered and nothing else is said about it.
 */
function offersPasskey(work: Work, { user, corporation, passkeySince, openSession: older }: Standing, by: OpenedBy): boolean {
  if (by === "password_change") return older?.passkeyOffered ?? false; // the same session in a new guise
  const counts = by === "one_time_password" && passkeySince === null && corporation.passkeyPolicy === "offered" && serviceApplies(corporation.serviceAppliesFrom, work.now);
  if (!counts || user.oneTimePasswordLogins >= loginsBeforeOffer) return false;
  work.changeUser(user.id, { oneTimePasswordLogins: user.oneTimePasswordLogins + 1 });
  return user.oneTimePasswordLogins + 1 === loginsBeforeOffer;
}

/**
 * The end of a login: the half-login is used up, an older session ends (R25), the new one gets a secret of its own, and the browser is known from now on.
 * A login from a browser not known before is told to the owner, unless `told` says that another mail does. Only a right login password ends the row of wrong ones.
 * Where an act in the session before it opened it, what proved the user last is as old as it was, and the absolute end stays.
 */
export function openSession(work: Work, standing: Standing, browser: Browser, { by = "login_password" as OpenedBy, told = false, loginPasswordGiven = true } = {}): OpenedSession {
  const { user, corporation, openSession: older } = standing;
  const level = levelOf(standing, work.now);
  const passkeyOffered = offersPasskey(work, standing, by);
  const goesOn = by === "password_change" || by === "passkey_registration";
  const secret = newSecret();

  const absoluteEnd = later(work.now, hours(policy.absoluteHours));
  const serviceBegins = corporation.serviceAppliesFrom ? startOfDay(corporation.serviceAppliesFrom) : undefined;
  // A session of the password alone does not outlive the day before the service applies (R2).
  const latestEnd = serviceBegins && serviceBegins > work.now && serviceBegins < absoluteEnd ? serviceBegins : absoluteEnd;
  const expiresAt = goesOn && older && older.expiresAt < latestEnd ? older.expiresAt : latestEnd;

  if (older) endSession(work, standing, "replaced");
  if (standing.halfLogin) endHalfLogins(work, [standing]);

  const row = sql`${corporation.id}::uuid, ${user.id}::uuid, ${level}::session_level, ${fingerprint(secret)}, ${work.now.toISOString()}::timestamptz,
    ${work.now.toISOString()}::timestamptz, ${expiresAt.toISOString()}::timestamptz, ${work.caller.network}, ${work.caller.browser}, ${passkeyOffered}::boolean,
    ${goesOn && older ? sql`(select coalesce(before.proved_again_at, before.opened_at) from sessions before where before.id = ${older.id}::uuid)` : sql`null::timestamptz`}`;
  const afterOlder = older ? sql`where ${afterSaved("sessions_ended")}` : sql``;
  work.save("session_opened", sql`(insert into ${sessions}
    (corporation_id, user_id, level, secret_hash, opened_at, last_seen_at, expires_at, network, browser, passkey_offered, proved_again_at) select ${row} ${afterOlder})`);

  const known = { userId: user.id, corporationId: corporation.id, browserHash: browser.hash, firstSeenAt: work.now, lastSeenAt: work.now };
  work.save("browser_known", work.tx.insert(knownBrowsers).values(known).onConflictDoUpdate({
    target: [knownBrowsers.userId, knownBrowsers.browserHash], set: { lastSeenAt: work.now, ...(loginPasswordGiven && { failures: 0, stoppedUntil: null }) },
  }));
  work.raiseRevision(user.id);
  work.record({ name: "session.opened", userId: user.id, level, by });
  if (!standing.browser && !told) {
    work.mail({
      corporationId: corporation.id, userId: user.id, recipient: user.mailAddress,
      content: { kind: "new_environment", userName: user.name, at: work.now.toISOString(), browser: work.caller.browser, network: work.caller.network },
    });
  }
  return { secret, level };
}

/** Ends the users' open sessions; the browser that holds one is told why at its next request. Other statements of the transaction may refer to `sessions_ended`. */
function endSessions(work: Work, standings: Pick<Standing, "user" | "openSession">[], because: SessionEnd): void {
  const ids = standings.filter(({ openSession }) => openSession).map(({ user }) => user.id);
  if (ids.length === 0) return;
  work.save("sessions_ended", work.tx.update(sessions).set({ endedAt: work.now, endedBecause: because })
    .where(and(ours(work, sessions), among(sessions.userId, ids), isNull(sessions.endedAt))).returning({ id: sessions.id }));
  for (const userId of ids) {
    work.raiseRevision(userId);
    work.record({ name: "session.ended", userId, because });
  }
}

export const endSession = (work: Work, standing: Pick<Standing, "user" | "openSession">, because: SessionEnd): void => endSessions(work, [standing], because);

function endHalfLogins(work: Work, standings: Pick<Standing, "user" | "halfLogin">[]): void {
  const ids = standings.filter(({ halfLogin }) => halfLogin).map(({ user }) => user.id);
  if (ids.length === 0) return;
  work.save("half_logins_ended", work.tx.delete(loginAttempts).where(and(ours(work, loginAttempts), among(loginAttempts.userId, ids))).returning({ userId: loginAttempts.userId }));
  for (const userId of ids) work.raiseRevision(userId);
}

/** R20: a suspension, a revocation, a stop, another class or password: the next request is a login page. */
export function endAccess(work: Work, standings: Standing[], because: SessionEnd): void {
  endSessions(work, standings, because);
  endHalfLogins(work, standings);
}
