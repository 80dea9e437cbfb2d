import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { staff, staffKnownBrowsers, staffLoginAttempts, staffSessions } from "@/drizzle/schema";
import { appNow } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/database";
import { fingerprint } from "@/lib/platform/keys";

/** Everything the rules ask about a member of staff, read under the lock of the row. */
export type StaffStanding = {
  staff: typeof staff.$inferSelect;
  halfLogin: typeof staffLoginAttempts.$inferSelect | undefined;
  /** `provedAt`: the last second factor, the session's first or one asked for since. */
  openSession: { id: string; provedAt: Date; expiresAt: Date } | undefined;
  /** What the browser at hand is known for; undefined where it is not known. */
  browser: typeof staffKnownBrowsers.$inferSelect | undefined;
};

type Opened = { now: Date; standing: StaffStanding | undefined };

/** When whoever holds a session last gave a second factor. */
export const lastProof = sql`coalesce(${staffSessions.provedAgainAt}, ${staffSessions.openedAt})`.mapWith(staffSessions.openedAt) as SQL<Date>;

const nobody = sql`(select 1) as nobody`;

/** The row first, the rest once it is locked: a statement's own snapshot is older than a lock it waited for. */
async function lock(tx: Tx, which: ReturnType<typeof eq>, browserHash = "", instead = nobody): Promise<Opened> {
  const [found] = await tx.select({ now: appNow, staff }).from(staff).where(and(which, isNull(staff.endedAt))).for("update");
  if (!found) {
    const [clock] = await tx.select({ now: appNow }).from(instead);
    return { now: clock!.now as Date, standing: undefined };
  }
  const [halfLogin] = await tx.select().from(staffLoginAttempts).where(eq(staffLoginAttempts.staffId, found.staff.id));
  const [openSession] = await tx.select({ id: staffSessions.id, provedAt: lastProof, expiresAt: staffSessions.expiresAt }).from(staffSessions).where(and(eq(staffSessions.staffId, found.staff.id), isNull(staffSessions.endedAt)));
  const [browser] = await tx.select().from(staffKnownBrowsers).where(and(eq(staffKnownBrowsers.staffId, found.staff.id), eq(staffKnownBrowsers.browserHash, browserHash)));
  return { now: found.now as Date, standing: { staff: found.staff, halfLogin, openSession, browser } };
}

/** Where there is nobody of this ID a lock takes the row's place: requests at once wait for each other whether or not it exists. */
export const standingOfStaffId = (staffId: string, browserHash?: string) => (tx: Tx) =>
  lock(tx, eq(sql`lower(${staff.staffId})`, staffId.toLowerCase()), browserHash, sql`pg_advisory_xact_lock(hashtextextended('staff ' || lower(${staffId}), 0)) as nobody`);
export const standingOfStaff = (id: string, browserHash?: string) => (tx: Tx) => lock(tx, eq(staff.id, id), browserHash);
export const standingOfStaffHalfLogin = (secret: string, browserHash?: string) => async (tx: Tx): Promise<Opened> => {
  const hash = fingerprint(secret);
  const opened = await lock(tx, eq(staff.id, sql`(select staff_id from ${staffLoginAttempts} where secret_hash = ${hash})`), browserHash);
  return opened.standing?.halfLogin?.secretHash === hash ? opened : { ...opened, standing: undefined }; // a newer login took its place while we waited
};
