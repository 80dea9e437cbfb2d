import { and, isNull, sql } from "drizzle-orm";
import { issuancePermissions } from "@/drizzle/schema";
import type { Standing } from "@/lib/login/standing";
import { later } from "@/lib/platform/clock";
import { among } from "@/lib/platform/database";
import { actingUser, type Work } from "@/lib/platform/transaction";

type Cause = typeof issuancePermissions.$inferInsert["cause"];
type Permission = Standing["permission"];
type Permitted = Pick<Standing, "user" | "permission">;

/** R13: a user may issue only while this holds. */
export const permits = (permission: Permission, now: Date): boolean =>
  permission !== null && permission.opensAt <= now && permission.closesAt > now;

/** Opens a 発行許可 for each of these users of one company, in place of an earlier one: a user has at most one. */
export function openPermissions(work: Work, standings: Permitted[], cause: Cause, opensAt: Date, lifeMilliseconds: number): void {
  if (standings.length === 0) return;
  const closes = savePermissionsClosed(work, standings);
  const closesAt = later(opensAt, lifeMilliseconds);
  // The unique index allows one open permission: the earlier one's end is read first, which makes it happen first.
  const afterClosed = closes ? sql`where (select count(*) from permissions_closed) >= 0` : sql``;
  const openedBy = actingUser(work);
  const users = sql`(select id, corporation_id from users where ${among(sql`id`, standings.map(({ user }) => user.id))}) as permitted`;
  work.save("permissions_opened", sql`(insert into ${issuancePermissions} (corporation_id, user_id, opens_at, closes_at, cause, opened_by)
    select permitted.corporation_id, permitted.id, ${opensAt.toISOString()}::timestamptz, ${closesAt.toISOString()}::timestamptz,
      ${cause}::permission_cause, ${openedBy}::uuid from ${users} ${afterClosed})`);
  for (const { user } of standings) {
    work.changeUser(user.id, {});
    work.record({ name: "issuance_permission.opened", userId: user.id, cause, closesAt: closesAt.toISOString() });
  }
}

export function closePermissions(work: Work, standings: Permitted[]): void {
  const open = standings.filter(({ permission }) => permission);
  savePermissionsClosed(work, open);
  for (const { user } of open) {
    work.changeUser(user.id, {});
    work.record({ name: "issuance_permission.closed", userId: user.id });
  }
}

/** Whether there was any to close. */
function savePermissionsClosed(work: Work, standings: Permitted[]): boolean {
  const ids = standings.filter(({ permission }) => permission).map(({ user }) => user.id);
  if (ids.length === 0) return false;
  work.save("permissions_closed", work.tx.update(issuancePermissions).set({ closedAt: work.now })
    .where(and(among(issuancePermissions.userId, ids), isNull(issuancePermissions.closedAt))).returning({ id: issuancePermissions.id }));
  return true;
}
