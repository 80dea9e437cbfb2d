import { and, eq, isNull, sql } from "drizzle-orm";
import { issuancePermissions } from "@/drizzle/schema";
import type { Standing } from "@/lib/login/standing";
import { later } from "@/lib/platform/clock";
import type { Work } from "@/lib/platform/transaction";

type Cause = typeof issuancePermissions.$inferInsert["cause"];
type Permission = Standing["permission"];

/** R13: a user may issue only while this holds. */
export const permits = (permission: Permission, now: Date): boolean =>
  permission !== null && permission.opensAt <= now && permission.closesAt > now;

/** Opens a 発行許可 in place of an earlier one: there is at most one. */
export function openPermission(work: Work, standing: Pick<Standing, "user" | "corporation" | "permission">, cause: Cause, opensAt: Date, lifeMilliseconds: number): void {
  const { user, corporation, permission } = standing;
  if (permission) savePermissionClosed(work, user.id);
  const closesAt = later(opensAt, lifeMilliseconds);
  const afterClosed = permission ? sql`where (select count(*) from ${sql.identifier(`permission_closed_${work.nth(user.id)}`)}) >= 0` : sql``;
  const openedBy = work.actor.kind === "user" ? work.actor.id : null;
  work.save(`permission_opened_${work.nth(user.id)}`, sql`(insert into ${issuancePermissions} (corporation_id, user_id, opens_at, closes_at, cause, opened_by)
    select ${corporation.id}::uuid, ${user.id}::uuid, ${opensAt.toISOString()}::timestamptz, ${closesAt.toISOString()}::timestamptz,
      ${cause}::permission_cause, ${openedBy}::uuid ${afterClosed})`);
  work.changeUser(user.id, {});
  work.record({ name: "issuance_permission.opened", userId: user.id, cause, closesAt: closesAt.toISOString() });
}

export function closePermission(work: Work, { user, permission }: Pick<Standing, "user" | "permission">): void {
  if (!permission) return;
  savePermissionClosed(work, user.id);
  work.changeUser(user.id, {});
  work.record({ name: "issuance_permission.closed", userId: user.id });
}

const savePermissionClosed = (work: Work, userId: string): void =>
  work.save(`permission_closed_${work.nth(userId)}`, work.tx.update(issuancePermissions).set({ closedAt: work.now })
    .where(and(eq(issuancePermissions.userId, userId), isNull(issuancePermissions.closedAt))).returning({ id: issuancePermissions.id }));
