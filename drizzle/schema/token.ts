import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, pgEnum, pgTable, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns";
import { corporations, users } from "./corporation";

export const tokenEnd = pgEnum("token_end", ["revoked", "reissued", "renewed", "replaced", "set_up_failed", "lapsed", "service_ended", "user_deleted"]);
export const tokenAlgorithm = pgEnum("token_algorithm", ["SHA-1", "SHA-256", "SHA-512"]);

/**
 * トークン: an authenticator's registration, from issuance to its end. Open issuance: `confirmed_at` is null.
 * In use: `confirmed_at` is set. Ended: `ended_at` is set, and every secret of the row is gone.
 */
export const tokens = pgTable(
  "tokens",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive; binds the key agreement and the encryption
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive
    renewal: boolean("renewal").notNull().default(false), // issued while an older token stays in use

    issuedAt: moment("issued_at").notNull(), // not sensitive
    lapsesAt: moment("lapses_at").notNull(), // end of the issuance's validity
    mailAddress: text("mail_address").notNull(), // personal: the phone's address
    userNumber: text("user_number").unique("tokens_user_number"), // confidential until the end: ユーザID, 12 digits, shown on the PC only
    activationPasswordHash: text("activation_password_hash"), // secret: Argon2id, erased at confirmation and at the end
    linkCodeMac: text("link_code_mac").unique("tokens_link_code_mac"), // secret: HMAC of the mailed code, erased at confirmation and at the end
    setUpFailures: smallint("set_up_failures").notNull().default(0), // not sensitive
    resends: smallint("resends").notNull().default(0), // not sensitive
    lastMailAt: moment("last_mail_at").notNull(), // not sensitive

    setUpAt: moment("set_up_at"), // the phone's key was agreed
    phonePublicKey: text("phone_public_key"), // not sensitive: P-256 point, base64url
    serverPublicKey: text("server_public_key"), // not sensitive: P-256 point, base64url
    sealedKey: text("sealed_key"), // secret: the TOTP key, AES-256-GCM under KEY_RING, bound to this row
    algorithm: tokenAlgorithm("algorithm").notNull().default("SHA-256"), // not sensitive

    confirmedAt: moment("confirmed_at"), // サービス利用中 from here
    expiresAt: moment("expires_at"), // 期限切れ from here
    lastTimeStep: bigint("last_time_step", { mode: "number" }), // not sensitive: the last accepted time step; only grows
    expiryNoticeAt: moment("expiry_notice_at"), // 有効期限のお知らせ was written
    drift: smallint("drift").notNull().default(0), // time steps, measured at the last acceptance; never widens the window. For the help desk, who look at it by hand

    endedAt: moment("ended_at"), // not sensitive
    endedBecause: tokenEnd("ended_because"), // not sensitive
    endedBy: uuid("ended_by"), // the manager who revoked; null otherwise
  },
  (t) => [
    uniqueIndex("tokens_one_in_use_per_user").on(t.userId).where(sql`${t.confirmedAt} is not null and ${t.endedAt} is null`),
    uniqueIndex("tokens_one_open_issuance_per_user").on(t.userId).where(sql`${t.confirmedAt} is null and ${t.endedAt} is null`),
    index("tokens_revoked").on(t.userId, t.endedAt).where(sql`${t.endedBecause} = 'revoked'`),
    index("tokens_live_by_corporation").on(t.corporationId, t.userId).where(sql`${t.endedAt} is null`),
    index("tokens_revoked_by_corporation").on(t.corporationId, t.endedAt).where(sql`${t.endedBecause} = 'revoked'`),
    index("tokens_to_be_announced").on(t.expiresAt).where(sql`${t.confirmedAt} is not null and ${t.endedAt} is null and ${t.expiryNoticeAt} is null`),
    index("tokens_issued").on(t.userId, t.issuedAt),
    index("tokens_lapsing").on(t.lapsesAt).where(sql`${t.confirmedAt} is null and ${t.endedAt} is null`),
    check("tokens_end_has_cause", sql`(${t.endedAt} is null) = (${t.endedBecause} is null)`),
    check("tokens_set_up_is_whole", sql`${t.setUpAt} is null or ${t.expiresAt} is not null`),
    check("tokens_in_use_is_set_up", sql`${t.confirmedAt} is null or (${t.setUpAt} is not null and ${t.lastTimeStep} is not null)`),
    check("tokens_live_key", sql`${t.endedAt} is not null or ((${t.setUpAt} is null) = (${t.sealedKey} is null))`),
    check("tokens_ended_holds_no_secret", sql`${t.endedAt} is null or (${t.sealedKey} is null and ${t.activationPasswordHash} is null and ${t.linkCodeMac} is null and ${t.userNumber} is null)`),
    check("tokens_confirmed_forgets_activation", sql`${t.confirmedAt} is null or (${t.activationPasswordHash} is null and ${t.linkCodeMac} is null)`),
    check("tokens_drift_is_bounded", sql`${t.drift} between -1 and 1`),
    check("tokens_counts_not_negative", sql`${t.setUpFailures} >= 0 and ${t.resends} >= 0`),
  ],
);

export const permissionCause = pgEnum("permission_cause", ["service_applied", "manager", "counter", "revocation"]);

/** 発行許可: without an open one a stolen password cannot enrol a phone. */
export const issuancePermissions = pgTable(
  "issuance_permissions",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive
    opensAt: moment("opens_at").notNull(), // not sensitive
    closesAt: moment("closes_at").notNull(), // not sensitive
    cause: permissionCause("cause").notNull(), // not sensitive
    openedBy: uuid("opened_by"), // the manager; null otherwise
    closedAt: moment("closed_at"), // confirmation, revocation or a newer permission closed it
  },
  (t) => [
    uniqueIndex("issuance_permissions_one_open_per_user").on(t.userId).where(sql`${t.closedAt} is null`),
    check("issuance_permissions_in_order", sql`${t.opensAt} < ${t.closesAt}`),
  ],
);

/**
 * The life that the database believes to be in: its cluster and its timeline. A promoted standby or a restored backup is in another one, and may have forgotten the last
 * one-time passwords it accepted. One row.
 */
export const databaseLives = pgTable(
  "database_lives",
  {
    one: boolean("one").primaryKey().default(true), // not sensitive
    life: text("life").notNull(), // not sensitive: system identifier and timeline, see lib/token/step-floor.ts
    timeStepFloor: bigint("time_step_floor", { mode: "number" }).notNull(), // not sensitive: no time step up to this one is accepted any more
    beganAt: moment("began_at").notNull(), // not sensitive
  },
  (t) => [check("database_lives_one", sql`${t.one}`)],
);
