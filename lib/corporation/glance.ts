import { and, asc, eq, sql } from "drizzle-orm";
import { corporations, tokens, users } from "@/drizzle/schema";
import { database, withinDeadline } from "@/lib/platform/database";
import { endsSoon } from "@/lib/token/in-use";
import { ableManagers } from "./managers";
import { countUsers } from "./user-list";

/** For `requireManager`: from when the contract's service applies. */
export const serviceColumn = { serviceAppliesFrom: sql<string | null>`${corporations.serviceAppliesFrom}` };

const mostExpiriesShown = 10;

/** The company at a glance: how many users are in each state, who can lift (R21), and which tokens end soon. */
export async function glanceAt(corporationId: string, now: Date) {
  const [counts, able, expiries] = await withinDeadline(Promise.all([
    countUsers(corporationId),
    ableManagers(database(), corporationId, now),
    database().select({ id: users.id, loginId: users.loginId, name: users.name, expiresAt: tokens.expiresAt, total: sql`count(*) over ()`.mapWith(Number) })
      .from(tokens).innerJoin(users, and(eq(users.id, tokens.userId), eq(users.corporationId, tokens.corporationId)))
      .where(and(eq(tokens.corporationId, corporationId), endsSoon(now))).orderBy(asc(tokens.expiresAt)).limit(mostExpiriesShown),
  ]));
  return { counts, able, expiries: { total: expiries[0]?.total ?? 0, first: expiries.map(({ total: _, ...expiry }) => expiry) } };
}
