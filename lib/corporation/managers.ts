import { and, eq, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { loginPasswordSuspensions, stops, suspensions, tokens, users } from "@/drizzle/schema";
import { policy } from "@/lib/policy";
import type { Database, Tx } from "@/lib/platform/database";
import { inUse } from "@/lib/token/in-use";
import type { UserClass } from "./user-classes";

/**
 * R21: who can lift, release or permit in this company: a master or administrator who is not 停止中,
 * whose passwords and one-time password are 利用可能 and whose token is サービス利用中. A passkey alone does not count: the rule names the token.
 */
export async function ableManagers(tx: Tx | Database, corporationId: string, now: Date): Promise<{ id: string; loginId: string; name: string; userClass: UserClass }[]> {
  return tx
    .select({ id: users.id, loginId: users.loginId, name: users.name, userClass: users.userClass })
    .from(users)
    .innerJoin(tokens, and(eq(tokens.userId, users.id), inUse, gt(tokens.expiresAt, now)))
    .leftJoin(suspensions, and(eq(suspensions.userId, users.id), isNull(suspensions.liftedAt)))
    .leftJoin(stops, and(eq(stops.userId, users.id), isNull(stops.releasedAt)))
    .leftJoin(loginPasswordSuspensions, and(eq(loginPasswordSuspensions.userId, users.id), isNull(loginPasswordSuspensions.liftedAt)))
    .where(and(
      eq(users.corporationId, corporationId), isNull(users.deletedAt),
      inArray(users.userClass, ["master", "administrator"]),
      isNull(suspensions.id), isNull(stops.id), isNull(loginPasswordSuspensions.id),
      lt(users.confirmationFailures, policy.confirmationFailuresBeforeSuspension),
      or(isNull(users.loginStoppedUntil), sql`${users.loginStoppedUntil} <= ${now.toISOString()}::timestamptz`),
    ))
    .orderBy(users.loginId);
}

/** Whether somebody other than this user can. */
export const hasAbleManager = async (tx: Tx, corporationId: string, exceptUserId: string, now: Date): Promise<boolean> =>
  (await ableManagers(tx, corporationId, now)).some(({ id }) => id !== exceptUserId);

/** Registered addresses of a company's masters, or of its masters and administrators. */
export async function managersOf(tx: Tx, corporationId: string, classes: ("master" | "administrator")[]) {
  return tx
    .select({ id: users.id, mailAddress: users.mailAddress })
    .from(users)
    .where(and(eq(users.corporationId, corporationId), isNull(users.deletedAt), inArray(users.userClass, classes)));
}
