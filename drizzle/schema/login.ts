import { sql } from "drizzle-orm";
import { boolean, check, index, pgEnum, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns";
import { corporations, users } from "./corporation";

/** Half a login: the password was right, the last factor is missing. One per user; a newer one takes its place. It opens nothing. */
export const loginAttempts = pgTable(
  "login_attempts",
  {
    userId: uuid("user_id").primaryKey().references(() => users.id), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    secretHash: text("secret_hash").notNull().unique(), // sensitive: SHA-256 of the cookie's secret
    createdAt: moment("created_at").notNull(), // not sensitive
    expiresAt: moment("expires_at").notNull(), // not sensitive
  },
  (t) => [index("login_attempts_expiry").on(t.expiresAt)],
);

export const sessionEnd = pgEnum("session_end", [
  "logout", "replaced", "idle", "absolute", "suspended", "revoked", "stopped", "user_class_changed", "password_changed", "service_changed", "deleted",
]);
export const sessionLevel = pgEnum("session_level", ["full", "password_change", "passkey_registration"]);

/** A session: its row is the truth, the cookie holds only its secret. */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive
    level: sessionLevel("level").notNull(), // password_change, passkey_registration: nothing opens but the change of a temporary password, or the registration of the passkey that the contract requires
    secretHash: text("secret_hash").notNull().unique(), // sensitive: SHA-256 of the cookie's secret
    openedAt: moment("opened_at").notNull(), // not sensitive
    lastSeenAt: moment("last_seen_at").notNull(), // written at most once in 30 s: it may end a session early, never late
    expiresAt: moment("expires_at").notNull(), // absolute end
    provedAgainAt: moment("proved_again_at"), // the last fresh proof after the one that opened it
    passkeyOffered: boolean("passkey_offered").notNull().default(false), // its top page offers a passkey, once in the user's life
    network: text("network").notNull(), // personal: address the login came from
    browser: text("browser").notNull(), // personal: browser and system in words
    endedAt: moment("ended_at"), // not sensitive
    endedBecause: sessionEnd("ended_because"), // told to the browser that held it
  },
  (t) => [
    uniqueIndex("sessions_one_open_per_user").on(t.userId).where(sql`${t.endedAt} is null`),
    index("sessions_by_user").on(t.userId, t.openedAt),
    check("sessions_end_has_cause", sql`(${t.endedAt} is null) = (${t.endedBecause} is null)`),
  ],
);

/** A browser that has logged in as this user: it keeps a count of wrong passwords of its own, so that a stranger cannot shut the owner out. */
export const knownBrowsers = pgTable(
  "known_browsers",
  {
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive
    browserHash: text("browser_hash").notNull(), // sensitive: SHA-256 of the device cookie's secret
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    failures: smallint("failures").notNull().default(0), // wrong login passwords in a row from this browser
    stoppedUntil: moment("stopped_until"), // 利用一時停止 of this browser ends
    firstSeenAt: moment("first_seen_at").notNull(), // not sensitive
    lastSeenAt: moment("last_seen_at").notNull(), // not sensitive
  },
  (t) => [primaryKey({ columns: [t.userId, t.browserHash] }), check("known_browsers_failures_not_negative", sql`${t.failures} >= 0`)],
);
