import { and, eq, isNull, sql } from "drizzle-orm";
import { staff, staffLoginAttempts, staffSessions } from "@/drizzle/schema";
import { appNow } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/database";
import { fingerprint } from "@/lib/platform/keys";

/** Everything the rules ask about a member of staff, read under the lock of the row. */
export type StaffStanding = {
  staff: typeof staff.$inferSelect;
  halfLogin: typeof staffLoginAttempts.$inferSelect | undefined;
  openSession: { id: string } | undefined;
};

type Opened = { now: Date; standing: StaffStanding | undefined };

/** The row first, the rest once it is locked: a statement's own snapshot is older than a lock it waited for. */
async function lock(tx: Tx, which: ReturnType<typeof eq>): Promise<Opened> {
  const [found] = await tx.select({ now: appNow, staff }).from(staff).where(and(which, isNull(staff.endedAt))).for("update");
  if (!found) {
    const [clock] = await tx.select({ now: appNow }).from(sql`(select 1) as nobody`);
    return { now: clock!.now as Date, standing: undefined };
  }
  const [halfLogin] = await tx.select().from(staffLoginAttempts).where(eq(staffLoginAttempts.staffId, found.staff.id));
  const [openSession] = await tx.select({ id: staffSessions.id }).from(staffSessions).where(and(eq(staffSessions.staffId, found.staff.id), isNull(staffSessions.endedAt)));
  return { now: found.now as Date, standing: { staff: found.staff, halfLogin, openSession } };
}

export const standingOfStaffId = (staffId: string) => (tx: Tx) => lock(tx, eq(sql`lower(${staff.staffId})`, staffId.toLowerCase()));
export const standingOfStaff = (id: string) => (tx: Tx) => lock(tx, eq(staff.id, id));
export const standingOfStaffHalfLogin = (secret: string) => async (tx: Tx): Promise<Opened> => {
  const hash = fingerprint(secret);
  const opened = await lock(tx, eq(staff.id, sql`(select staff_id from ${staffLoginAttempts} where secret_hash = ${hash})`));
  return opened.standing?.halfLogin?.secretHash === hash ? opened : { ...opened, standing: undefined }; // a newer login took its place while we waited
};
