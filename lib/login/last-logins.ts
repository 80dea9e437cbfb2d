import { and, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { sessions, tokens } from "@/drizzle/schema";
import { database, withinDeadline } from "@/lib/platform/database";
import type { CurrentSession } from "./guards";

/** The user's last three logins, the present one included, and when the token in use expires. One statement. */
export async function lastLogins({ user, corporation }: CurrentSession) {
  const tokenExpiresAt = sql`(select ${tokens.expiresAt} from ${tokens} where ${and(eq(tokens.userId, user.id), isNotNull(tokens.confirmedAt), isNull(tokens.endedAt))})`;
  const rows = await withinDeadline(database()
    .select({ at: sessions.openedAt, browser: sessions.browser, network: sessions.network, tokenExpiresAt: tokenExpiresAt.mapWith(tokens.expiresAt) })
    .from(sessions)
    .where(and(eq(sessions.userId, user.id), eq(sessions.corporationId, corporation.id)))
    .orderBy(desc(sessions.openedAt))
    .limit(3));
  return {
    logins: rows.map(({ at, browser, network }) => ({ at, browser, network })),
    tokenExpiresAt: (rows[0]?.tokenExpiresAt ?? null) as Date | null,
  };
}
