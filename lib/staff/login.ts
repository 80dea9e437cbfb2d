import { eq } from "drizzle-orm";
import { staff, staffLoginAttempts } from "@/drizzle/schema";
import { attemptsLeft } from "@/lib/login/states";
import { verify } from "@/lib/otp/verifier";
import { later, minutes } from "@/lib/platform/clock";
import { fingerprint, newSecret } from "@/lib/platform/keys";
import { hashPassword, needsRehash, passwordMatches } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { staffKey } from "./key";
import { endStaffAccess, openStaffSession } from "./session";
import type { StaffStanding } from "./standing";

type Row = typeof staff.$inferSelect;

const change = (work: Work, { id }: Row, changes: Partial<typeof staff.$inferInsert>) => work.tx.update(staff).set(changes).where(eq(staff.id, id));

export type HalfStaffLogin = { secret: string; expiresAt: Date; attemptsLeft?: number };

/** Step 1 (R24). An unknown ID, a wrong password and a stopped count take one answer and one hash's time. */
export async function presentStaffPassword(
  work: Work, standing: StaffStanding | undefined, password: string,
): Promise<Result<HalfStaffLogin, Refusal<"wrong_staff_id_or_password" | "staff_suspended">>> {
  const no = (reason: "wrong" | "temporarily_stopped" | "unknown_staff_id") => {
    work.record({ name: "staff.password_refused", reason });
    return refuse({ reason: "wrong_staff_id_or_password" as const });
  };
  const stopped = standing?.staff.passwordStoppedUntil && standing.staff.passwordStoppedUntil > work.now;
  if (standing) work.actor = { kind: "staff", id: standing.staff.id };
  if (!(await passwordMatches(stopped ? null : standing?.staff.passwordHash, password))) {
    if (!standing) return no("unknown_staff_id");
    if (stopped) return no("temporarily_stopped");
    await countWrongPassword(work, standing.staff);
    return no("wrong");
  }
  const { staff: row } = standing!;
  work.record({ name: "staff.password_accepted" });
  await change(work, row, {
    passwordFailures: 0, passwordStoppedUntil: null, ...(needsRehash(row.passwordHash) && { passwordHash: await hashPassword(password) }),
  });
  if (row.suspendedAt) return refuse({ reason: "staff_suspended" });

  const secret = newSecret();
  const expiresAt = later(work.now, minutes(policy.halfLoginMinutes));
  const attempt = { secretHash: fingerprint(secret), expiresAt };
  await work.tx.insert(staffLoginAttempts).values({ staffId: row.id, ...attempt }).onConflictDoUpdate({ target: staffLoginAttempts.staffId, set: attempt });
  return done({ secret, expiresAt, attemptsLeft: attemptsLeft(row.oneTimePasswordFailures) });
}

/** Five in a row: for half an hour none is evaluated. The owner's phone is still needed, so a stranger can delay and nothing more. */
export async function countWrongPassword(work: Work, row: Row): Promise<void> {
  const failures = row.passwordStoppedUntil ? 1 : row.passwordFailures + 1; // a stop that is over began a new count
  const stops = failures >= policy.passwordFailuresBeforeStop;
  await change(work, row, { passwordFailures: failures, passwordStoppedUntil: stops ? later(work.now, minutes(policy.temporaryStopMinutes)) : null });
}

type FactorRefusal = Refusal<"staff_half_login_expired" | "staff_suspended" | "wrong_staff_one_time_password">;

/** What every door behind half a staff login asks first. */
export function staffHalfLoginHolds(work: Work, standing: StaffStanding | undefined): Result<StaffStanding, FactorRefusal> {
  if (!standing?.halfLogin || standing.halfLogin.expiresAt <= work.now) return refuse({ reason: "staff_half_login_expired" });
  work.actor = { kind: "staff", id: standing.staff.id };
  return standing.staff.suspendedAt ? refuse({ reason: "staff_suspended" }) : done(standing);
}

/** Step 2 (R24): the second factor, always. A time step is accepted once (R6); the fifth wrong one in a row suspends, as a customer's does (R7). */
export async function presentStaffOneTimePassword(
  work: Work, found: StaffStanding | undefined, presented: string,
): Promise<Result<{ secret: string; temporary: boolean }, FactorRefusal>> {
  const held = staffHalfLoginHolds(work, found);
  if (!held.ok) {
    work.record({ name: "staff.one_time_password_refused", reason: held.refusal.reason });
    return held;
  }
  const { staff: row } = held.value;
  const verification = verify({ key: staffKey(row), algorithm: row.algorithm, lastTimeStep: row.lastTimeStep }, presented, work.now);
  if (verification.accepted) {
    const { timeStep, drift } = verification;
    await change(work, row, { lastTimeStep: timeStep, oneTimePasswordFailures: 0 });
    work.record({ name: "staff.one_time_password_accepted", timeStep, drift });
    const { secret } = await openStaffSession(work, held.value);
    return done({ secret, temporary: row.passwordTemporary });
  }
  const failures = row.oneTimePasswordFailures + (verification.reason === "replayed" ? 0 : 1);
  work.record({ name: "staff.one_time_password_refused", reason: verification.reason, failures });
  const suspends = failures >= policy.failuresBeforeSuspension;
  await change(work, row, { oneTimePasswordFailures: failures, ...(suspends && { suspendedAt: work.now }) });
  if (!suspends) return refuse({ reason: "wrong_staff_one_time_password", attemptsLeft: attemptsLeft(failures) });
  work.record({ name: "staff.suspended", failures });
  await endStaffAccess(work, held.value, "changed");
  return refuse({ reason: "staff_suspended" });
}
