import { and, eq, isNull, sql, type SQL } from "drizzle-orm";
import { corporations, issuancePermissions, loginAttempts, sessions, tokens, users } from "@/drizzle/schema";
import { startOfDay } from "@/lib/platform/japan-time";
import type { Tx } from "@/lib/platform/database";
import { afterSaved, type Work } from "@/lib/platform/transaction";
import { endPasskeys } from "@/lib/passkey/remove";
import { endTokens } from "@/lib/token/end";
import { permissionFromService } from "@/lib/token/permission";
import { type Authentication, authenticationOf, isSameAuthentication, noPasskeyNeeded } from "./authentication";
import { tellMasters } from "./tell";

export type Corporation = typeof corporations.$inferSelect;

/** Locks a contract, and then all its users in the order of their ids: what follows concerns every one of them. */
export async function lockContract(tx: Tx, corporationId: string): Promise<{ corporation: Corporation; userIds: string[] }> {
  const [corporation] = await tx.select().from(corporations).where(eq(corporations.id, corporationId)).for("no key update");
  const locked = await tx.select({ id: users.id }).from(users).where(and(eq(users.corporationId, corporationId), isNull(users.deletedAt))).orderBy(users.id).for("update");
  return { corporation: corporation!, userIds: locked.map(({ id }) => id) };
}

const at = (moment: Date): SQL => sql`${moment.toISOString()}::timestamptz`;

/** Everybody logs in anew: whose session was opened by a password alone may not go on with it. */
function endEveryAccess(work: Work, corporationId: string, userIds: string[]): void {
  work.save("sessions_ended", work.tx.update(sessions).set({ endedAt: work.now, endedBecause: "service_changed" })
    .where(and(eq(sessions.corporationId, corporationId), isNull(sessions.endedAt))).returning({ id: sessions.id }));
  work.save("half_logins_ended", work.tx.delete(loginAttempts).where(eq(loginAttempts.corporationId, corporationId)));
  for (const userId of userIds) work.raiseRevision(userId);
}

/** 申込 of the OTP service from a date, 2026-11-22: the company's sessions end, every user may issue a token for 30 days from it (R13, R23), the masters are told. */
export async function applyService(work: Work, { corporation, userIds }: { corporation: Corporation; userIds: string[] }, from: string): Promise<void> {
  const { opensAt, closesAt } = permissionFromService(from, work.now);
  work.save("service", work.tx.update(corporations).set({ serviceAppliesFrom: from }).where(eq(corporations.id, corporation.id)));
  endEveryAccess(work, corporation.id, userIds);
  closeEveryPermission(work, corporation.id);
  work.save("permissions_opened", sql`(insert into ${issuancePermissions} (corporation_id, user_id, opens_at, closes_at, cause)
    select corporation_id, id, ${at(opensAt)}, ${at(closesAt)}, 'service_applied'::permission_cause from users
    where corporation_id = ${corporation.id} and deleted_at is null and ${afterSaved("permissions_closed")})`);
  work.record({ name: "service.applied", from, users: userIds.length });
  await tellMasters(work, corporation, { kind: "service_applied", corporationName: corporation.name, from: startOfDay(from).toISOString() });
}

const closeEveryPermission = (work: Work, corporationId: string) =>
  work.save("permissions_closed", work.tx.update(issuancePermissions).set({ closedAt: work.now })
    .where(and(eq(issuancePermissions.corporationId, corporationId), isNull(issuancePermissions.closedAt))).returning({ id: issuancePermissions.id }));

/** 解約 of the OTP service: the company's tokens, passkeys and sessions end (R23), and with them every 発行許可; a suspension stays. The masters are told. */
export async function endService(work: Work, { corporation, userIds }: { corporation: Corporation; userIds: string[] }): Promise<void> {
  const live = await work.tx.select({ id: tokens.id }).from(tokens).where(and(eq(tokens.corporationId, corporation.id), isNull(tokens.endedAt)));
  work.save("service", work.tx.update(corporations).set({ serviceAppliesFrom: null, ...noPasskeyNeeded }).where(eq(corporations.id, corporation.id)));
  endEveryAccess(work, corporation.id, userIds);
  closeEveryPermission(work, corporation.id);
  if (live.length > 0) endTokens(work, live.map(({ id }) => id), "service_ended");
  const passkeys = await endPasskeys(work, corporation.id);
  work.record({ name: "service.ended", users: userIds.length, tokens: live.length, passkeys });
  const after = { ...authenticationOf(corporation), ...noPasskeyNeeded };
  if (!isSameAuthentication(corporation, after)) work.record({ name: "contract.authentication_changed", before: authenticationOf(corporation), after });
  await tellMasters(work, corporation, { kind: "service_ended", corporationName: corporation.name, at: work.now.toISOString() });
}

/**
 * 認証方法の変更: what a contract asks of its users from now on, or from a date. Nobody is logged out: it is the next login that is asked. Every user's revision
 * grows, so that a login that waits for its row reads the contract anew. The masters are told.
 */
export async function changeAuthentication(work: Work, { corporation, userIds }: { corporation: Corporation; userIds: string[] }, after: Authentication): Promise<void> {
  work.save("authentication", work.tx.update(corporations).set(authenticationOf(after)).where(eq(corporations.id, corporation.id)));
  for (const userId of userIds) work.raiseRevision(userId);
  work.record({ name: "contract.authentication_changed", before: authenticationOf(corporation), after });
  await tellMasters(work, corporation, { kind: "authentication_changed", corporationName: corporation.name, at: work.now.toISOString(), authentication: after });
}
