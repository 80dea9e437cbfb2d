import { and, isNull, sql } from "drizzle-orm";
import { issuancePermissions, users } from "@/drizzle/schema";
import type { Standing } from "@/lib/login/standing";
import { days, later } from "@/lib/platform/clock";
import { among } from "@/lib/platform/database";
import { startOfDay } from "@/lib/platform/japan-time";
import { actingUser, afterSaved, ours, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";

type Cause = typeof issuancePermissions.$inferInsert["cause"];
type Permission = Standing["permission"];
type Permitted = Pick<Standing, "user" | "permission">;

/** R13: a user may issue only while this holds. */
export const permits = (permission: Permission, now: Date): boolean =>
  permission !== null && permission.opensAt <= now && permission.closesAt > now;

/** R13: the 発行許可 that every user has for 30 days from the date the service applies. It opens now where that date is over. */
export function permissionFromService(appliesFrom: string, now: Date): { opensAt: Date; closesAt: Date } {
  const begins = startOfDay(appliesFrom);
  return { opensAt: begins > now ? begins : now, closesAt: later(begins, days(policy.permissionDaysFromService)) };
}

/** The same for users who come later, for as long as it lasts. */
export function permitFromService(work: Work, { id: corporationId, serviceAppliesFrom }: Standing["corporation"], userIds: string[]): void {
  if (!serviceAppliesFrom) return;
  const { opensAt, closesAt } = permissionFromService(serviceAppliesFrom, work.now);
  if (closesAt <= work.now) return;
  work.save("permissions_opened", work.tx.insert(issuancePermissions)
    .values(userIds.map((userId) => ({ corporationId, userId, opensAt, closesAt, cause: "service_applied" as const }))));
  for (const userId of userIds) work.record({ name: "issuance_permission.opened", userId, cause: "service_applied", closesAt: closesAt.toISOString() });
}

/** Opens a 発行許可 for each of these users of one company, in place of an earlier one: a user has at most one. The counter's takes no time away. */
export function openPermissions(work: Work, standings: Permitted[], cause: Cause, opensAt: Date, lifeMilliseconds: number): void {
  if (standings.length === 0) return;
  const closes = savePermissionsClosed(work, standings);
  const end = later(opensAt, lifeMilliseconds);
  const rows = standings.map(({ user, permission }) =>
    ({ id: user.id, closesAt: cause === "counter" && permission && permission.closesAt > end ? permission.closesAt : end }));
  const afterClosed = closes ? sql`and ${afterSaved("permissions_closed")}` : sql``;
  const openedBy = actingUser(work);
  const permitted = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as permitted(id uuid, "closesAt" timestamptz)`;
  work.save("permissions_opened", sql`(insert into ${issuancePermissions} (corporation_id, user_id, opens_at, closes_at, cause, opened_by)
    select ${users.corporationId}, ${users.id}, ${opensAt.toISOString()}::timestamptz, permitted."closesAt",
      ${cause}::permission_cause, ${openedBy}::uuid from ${permitted} join ${users} on ${users.id} = permitted.id where ${ours(work, users)} ${afterClosed})`);
  for (const { id, closesAt } of rows) {
    work.raiseRevision(id);
    work.record({ name: "issuance_permission.opened", userId: id, cause, closesAt: closesAt.toISOString() });
  }
}

export function closePermissions(work: Work, standings: Permitted[]): void {
  const open = standings.filter(({ permission }) => permission);
  savePermissionsClosed(work, open);
  for (const { user } of open) {
    work.raiseRevision(user.id);
    work.record({ name: "issuance_permission.closed", userId: user.id });
  }
}

/** Whether there was any to close. */
function savePermissionsClosed(work: Work, standings: Permitted[]): boolean {
  const ids = standings.filter(({ permission }) => permission).map(({ user }) => user.id);
  if (ids.length === 0) return false;
  work.save("permissions_closed", work.tx.update(issuancePermissions).set({ closedAt: work.now })
    .where(and(ours(work, issuancePermissions), among(issuancePermissions.userId, ids), isNull(issuancePermissions.closedAt))).returning({ id: issuancePermissions.id }));
  return true;
}
