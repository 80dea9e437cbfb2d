import { and, desc, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { corporations, sessions, tokens, users } from "@/drizzle/schema";
import { inUse } from "@/lib/token/in-use";

type Login = { at: string; browser: string; network: string };

const login = alias(sessions, "login");
const newest = sql`select ${login.openedAt} as at, ${login.browser} as browser, ${login.network} as network from ${sessions} as login
  where ${and(eq(login.userId, users.id), eq(login.corporationId, corporations.id))} order by ${desc(login.openedAt)} limit 3`;

/** For `requireUser`: when the session was opened, and from where. */
export const presentLogin = {
  openedAt: sql`${sessions.openedAt}`.mapWith(sessions.openedAt), network: sql<string>`${sessions.network}`, browser: sql<string>`${sessions.browser}`,
};

/** For `requireUser`: the user's last three logins, the present one included, and when the token in use expires. */
export const lastLogins = {
  logins: sql`(select json_agg(newest) from (${newest}) as newest)`
    .mapWith((logins: Login[]) => logins.map(({ at, ...from }) => ({ at: new Date(at), ...from }))),
  tokenExpiresAt: sql<Date | null>`(select ${tokens.expiresAt} from ${tokens}
    where ${and(eq(tokens.userId, users.id), inUse)})`.mapWith(tokens.expiresAt),
};
