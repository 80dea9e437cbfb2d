import { and, eq, sql } from "drizzle-orm";
import { staff, staffKnownBrowsers, staffLoginAttempts } from "@/drizzle/schema";
import type { AuditEvent } from "@/lib/audit/events";
import type { Browser } from "@/lib/login/browser";
import { afterWrongPassword, isStoppedAt, type WrongPasswords } from "@/lib/login/count-wrong-password";
import { attemptsLeft } from "@/lib/login/states";
import { verify } from "@/lib/otp/verifier";
import { later, minutes } from "@/lib/platform/clock";
import { fingerprint, newSecret } from "@/lib/platform/keys";
import { hashPassword, needsRehash, passwordMatches } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { knownFloor, lastSpentTimeStep } from "@/lib/token/step-floor";
import { staffKey } from "./key";
import { secondStepsOf } from "./passkey-store";
import { endStaffAccess, openStaffSession } from "./session";
import type { StaffStanding } from "./standing";

type Row = typeof staff.$inferSelect;

const change = (work: Work, { id }: Row, changes: Partial<typeof staff.$inferInsert>) => work.tx.update(staff).set(changes).where(eq(staff.id, id));

type HalfStaffLogin = { secret: string; expiresAt: Date; attemptsLeft?: number };

/** Step 1 (R24). An unknown ID, a wrong password and a stopped count take one answer and one hash's time. */
export async function presentStaffPassword(
  work: Work, standing: StaffStanding | undefined, password: string,
): Promise<Result<HalfStaffLogin, Refusal<"wrong_staff_id_or_password" | "staff_suspended">>> {
  const no = (reason: "wrong" | "temporarily_stopped" | "unknown_staff_id") => {
    work.record({ name: "staff.password_refused", reason });
    return refuse({ reason: "wrong_staff_id_or_password" as const });
  };
  const stopped = standing !== undefined && isStopped(standing, work.now);
  if (standing) work.actor = { kind: "staff", id: standing.staff.id };
  if (!(await passwordMatches(stopped ? null : standing?.staff.passwordHash, password))) {
    if (!standing) return no("unknown_staff_id");
    if (stopped) return no("temporarily_stopped");
    await countWrongPassword(work, standing);
    return no("wrong");
  }
  const { staff: row } = standing!;
  work.record({ name: "staff.password_accepted" });
  await setCount(work, standing!, { failures: 0, stoppedUntil: null });
  if (needsRehash(row.passwordHash)) await change(work, row, { passwordHash: await hashPassword(password) });
  if (row.suspendedAt) {
    work.record({ name: "staff.login_refused", reason: "staff_suspended" });
    return refuse({ reason: "staff_suspended" });
  }

  const secret = newSecret();
  const expiresAt = later(work.now, minutes(policy.halfLoginMinutes));
  const attempt = { secretHash: fingerprint(secret), expiresAt };
  await work.tx.insert(staffLoginAttempts).values({ staffId: row.id, ...attempt }).onConflictDoUpdate({ target: staffLoginAttempts.staffId, set: attempt });
  return done({ secret, expiresAt, attemptsLeft: attemptsLeft(row.oneTimePasswordFailures) });
}

/** The count that a password from this browser goes to: the browser's own where it is known, the account's otherwise (R4). */
const countOf = ({ staff: row, browser }: StaffStanding): WrongPasswords => browser ?? { failures: row.passwordFailures, stoppedUntil: row.passwordStoppedUntil };

const isStopped = (standing: StaffStanding, now: Date): boolean => isStoppedAt(countOf(standing), now);

async function countWrongPassword(work: Work, standing: StaffStanding): Promise<void> {
  const count = afterWrongPassword(countOf(standing), work.now);
  await setCount(work, standing, count);
  if (count.stoppedUntil) work.record({ name: "staff.password_stopped", counted: standing.browser ? "browser" : "account", until: count.stoppedUntil.toISOString() });
}

async function setCount(work: Work, { staff: row, browser }: StaffStanding, { failures, stoppedUntil }: WrongPasswords): Promise<void> {
  if (!browser) return void (await change(work, row, { passwordFailures: failures, passwordStoppedUntil: stoppedUntil }));
  await work.tx.update(staffKnownBrowsers).set({ failures, stoppedUntil })
    .where(and(eq(staffKnownBrowsers.staffId, row.id), eq(staffKnownBrowsers.browserHash, browser.browserHash)));
}

/** One's own password in an open session. A wrong one counts as at login. */
export async function isOwnStaffPassword(work: Work, standing: StaffStanding, password: string): Promise<boolean> {
  const stopped = isStopped(standing, work.now);
  if (await passwordMatches(stopped ? null : standing.staff.passwordHash, password)) return true;
  if (!stopped) await countWrongPassword(work, standing);
  return false;
}

type HalfLoginRefusal = Refusal<"staff_half_login_expired" | "staff_suspended">;

/** What every door behind half a staff login asks first. */
export function staffHalfLoginHolds(work: Work, standing: StaffStanding | undefined): Result<StaffStanding, HalfLoginRefusal> {
  if (!standing?.halfLogin || standing.halfLogin.expiresAt <= work.now) return refuse({ reason: "staff_half_login_expired" });
  work.actor = { kind: "staff", id: standing.staff.id };
  return standing.staff.suspendedAt ? refuse({ reason: "staff_suspended" }) : done(standing);
}

/** A login that is complete: the session's secret, and whether the password has to be changed first. */
export type StaffLogin = { secret: string; temporary: boolean };

/** Step 2 (R24): the second factor, always; where passkeys are required, not of whoever has one. */
export async function presentStaffOneTimePassword(
  work: Work, found: StaffStanding | undefined, presented: string, browser: Browser,
): Promise<Result<StaffLogin, HalfLoginRefusal | Refusal<"wrong_staff_one_time_password" | "staff_passkey_needed">>> {
  const held = staffHalfLoginHolds(work, found);
  if (!held.ok) {
    work.record({ name: "staff.one_time_password_refused", reason: held.refusal.reason });
    return held;
  }
  const { staff: row } = held.value;
  if (!(await secondStepsOf(work.tx, row.id)).oneTimePassword) {
    work.record({ name: "staff.one_time_password_refused", reason: "staff_passkey_needed" });
    return refuse({ reason: "staff_passkey_needed" });
  }
  const verified = await verifyStaffOneTimePassword(work, held.value, presented, {
    accepted: (proof) => ({ name: "staff.one_time_password_accepted", ...proof }),
    refused: (flaw) => ({ name: "staff.one_time_password_refused", ...flaw }),
  });
  if (!verified.ok) return verified;
  const { secret } = await openStaffSession(work, held.value, browser);
  return done({ secret, temporary: row.passwordTemporary });
}

/** What the log is told of digits, in the words of where they were asked for. */
type Told = {
  accepted(proof: { timeStep: number; drift: number }): AuditEvent;
  refused(flaw: { reason: "wrong" | "stale" | "replayed"; failures: number }): AuditEvent;
};

/** The digits of a member of staff, wherever they are asked for: a time step is accepted once (R6); the fifth wrong one in a row suspends (R7), and ends every access. */
export async function verifyStaffOneTimePassword(
  work: Work, standing: StaffStanding, presented: string, told: Told,
): Promise<Result<void, Refusal<"wrong_staff_one_time_password" | "staff_suspended">>> {
  const { staff: row } = standing;
  const [life] = await work.tx.select({ floor: knownFloor }).from(sql`(select 1) as one`);
  const lastTimeStep = lastSpentTimeStep(row.lastTimeStep, life!.floor, work.now);
  const verification = verify({ key: staffKey(row), algorithm: row.algorithm, lastTimeStep }, presented, work.now);
  if (verification.accepted) {
    const { timeStep, drift } = verification;
    await change(work, row, { lastTimeStep: timeStep, oneTimePasswordFailures: 0 });
    work.record(told.accepted({ timeStep, drift }));
    return done(undefined);
  }
  const { reason } = verification;
  const failures = row.oneTimePasswordFailures + (reason === "replayed" ? 0 : 1);
  work.record(told.refused({ reason, failures }));
  const suspends = failures >= policy.failuresBeforeSuspension;
  await change(work, row, { oneTimePasswordFailures: failures, ...(suspends && { suspendedAt: work.now }) });
  if (!suspends) return refuse({ reason: "wrong_staff_one_time_password", attemptsLeft: attemptsLeft(failures) });
  work.record({ name: "staff.suspended", failures });
  await endStaffAccess(work, standing, "changed");
  return refuse({ reason: "staff_suspended" });
}
