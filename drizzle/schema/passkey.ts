import { sql } from "drizzle-orm";
import { bigint, check, index, pgEnum, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, moment } from "./columns";
import { corporations, users } from "./corporation";
import { sessions } from "./login";

export const passkeyEnd = pgEnum("passkey_end", ["removed", "revoked", "service_ended", "user_deleted"]);

/** パスキー of a user: a WebAuthn credential, from registration by its user to its removal. Rows stay. *Registered* means `removed_at` is null. */
export const passkeys = pgTable(
  "passkeys",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive; only its own user ever registers one
    credentialId: text("credential_id").notNull().unique("passkeys_credential_id"), // not sensitive: base64url, told to whoever knows the login password
    publicKey: bytes("public_key").notNull(), // not sensitive: COSE
    counter: bigint("counter", { mode: "number" }).notNull(), // not sensitive: the last signature counter seen; 0 where the authenticator has none
    transports: text("transports").array().notNull(), // not sensitive: how the browser reaches the authenticator
    name: text("name").notNull(), // personal: what its user calls it
    registeredAt: moment("registered_at").notNull(), // not sensitive
    lastUsedAt: moment("last_used_at"), // not sensitive
    removedAt: moment("removed_at"), // not sensitive
    removedBecause: passkeyEnd("removed_because"), // not sensitive
    removedBy: uuid("removed_by"), // the user or the manager; null for the counter
  },
  (t) => [
    index("passkeys_of_user").on(t.userId).where(sql`${t.removedAt} is null`),
    index("passkeys_by_corporation").on(t.corporationId, t.userId).where(sql`${t.removedAt} is null`),
    check("passkeys_end_has_cause", sql`(${t.removedAt} is null) = (${t.removedBecause} is null)`),
    check("passkeys_counter_not_negative", sql`${t.counter} >= 0`),
  ],
);

export const passkeyPurpose = pgEnum("passkey_purpose", ["registration", "login", "approval"]);

/** Of a login or a registration, for a passkey to sign; of an approval, for a passkey to sign, or for a 承認番号 or a one-time password to answer. For one purpose, of one half-login or one session, once. A user's newer one for the same purpose takes its place. */
export const passkeyChallenges = pgTable(
  "passkey_challenges",
  {
    id: uuid("id").primaryKey(), // not sensitive: stands in the audit log beside what it was used for
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive
    purpose: passkeyPurpose("purpose").notNull(), // not sensitive
    challenge: text("challenge").notNull().unique("passkey_challenges_challenge"), // not sensitive: 256 random bits, base64url; of an approval what lib/approval/statement.ts makes of the nonce and what is approved
    nonce: text("nonce"), // not sensitive: of an approval, 256 random bits, base64url
    halfLoginHash: text("half_login_hash"), // sensitive: the half-login's, as in login_attempts
    sessionId: uuid("session_id").references(() => sessions.id), // not sensitive
    createdAt: moment("created_at").notNull(), // not sensitive
    expiresAt: moment("expires_at").notNull(), // not sensitive
    usedAt: moment("used_at"), // presented, whatever came of it
  },
  (t) => [
    uniqueIndex("passkey_challenges_one_open").on(t.userId, t.purpose).where(sql`${t.usedAt} is null`),
    index("passkey_challenges_expiry").on(t.expiresAt),
    check("passkey_challenges_bound", sql`case ${t.purpose} when 'login' then ${t.halfLoginHash} is not null and ${t.sessionId} is null else ${t.halfLoginHash} is null and ${t.sessionId} is not null end`),
    check("passkey_challenges_in_order", sql`${t.createdAt} < ${t.expiresAt}`),
  ],
);

/** A challenge for a passkey instead of login ID and password: whoever answers it is known by the passkey alone. Of one browser, once. */
export const passkeyLoginChallenges = pgTable(
  "passkey_login_challenges",
  {
    id: uuid("id").primaryKey(), // not sensitive: stands in the audit log beside what it was used for
    secretHash: text("secret_hash").notNull().unique(), // sensitive: SHA-256 of the cookie's secret
    challenge: text("challenge").notNull().unique(), // not sensitive: 256 random bits, base64url
    createdAt: moment("created_at").notNull(), // not sensitive
    expiresAt: moment("expires_at").notNull(), // not sensitive
  },
  (t) => [index("passkey_login_challenges_expiry").on(t.expiresAt)],
);
