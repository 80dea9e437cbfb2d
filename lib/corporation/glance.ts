import { and, asc, eq, gt, isNotNull, isNull, lte, sql } from "drizzle-orm";
import { corporations, tokens, users } from "@/drizzle/schema";
import { days, later } from "@/lib/platform/clock";
import { database, withinDeadline } from "@/lib/platform/database";
import { policy } from "@/lib/policy";
import { ableManagers } from "./managers";
import { countUsers } from "./user-list";

/** For `requireManager`. */
export const serviceColumn = { serviceAppliesFrom: sql<string | null>`${corporations.serviceAppliesFrom}` };

const mostExpiriesShown = 10;

/** The company at a glance: how many users are in each state, who can lift (R21), and which tokens end soon. */
export async function glanceAt(corporationId: string, now: Date) {
  const endsSoon = and(
    eq(tokens.corporationId, corporationId), isNotNull(tokens.confirmedAt), isNull(tokens.endedAt),
    gt(tokens.expiresAt, now), lte(tokens.expiresAt, later(now, days(policy.renewalDays))),
  );
  const [counts, able, expiries] = await withinDeadline(Promise.all([
    countUsers(corporationId),
    ableManagers(database(), corporationId, now),
    database().select({ id: users.id, loginId: users.loginId, name: users.name, expiresAt: tokens.expiresAt, total: sql`count(*) over ()`.mapWith(Number) })
      .from(tokens).innerJoin(users, and(eq(users.id, tokens.userId), eq(users.corporationId, tokens.corporationId)))
      .where(endsSoon).orderBy(asc(tokens.expiresAt)).limit(mostExpiriesShown),
  ]));
  return { counts, able, expiries: { total: expiries[0]?.total ?? 0, first: expiries.map(({ total: _, ...expiry }) => expiry) } };
}
