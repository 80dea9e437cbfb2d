import { sql } from "drizzle-orm";
import { boolean, check, date, index, integer, jsonb, pgEnum, pgTable, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns";

export const userClass = pgEnum("user_class", ["master", "administrator", "general"]);

/** Whether passkeys are only offered, asked of masters and administrators at each login, or the second step's only way from a date. */
export const passkeyPolicy = pgEnum("passkey_policy", ["offered", "asked_of_managers", "required"]);

/** Of whom a fresh proof is asked before an act that matters, once the last one is old; `each_act`: of everyone, and before each act whose proof is bound to it. */
export const stepUpPolicy = pgEnum("step_up_policy", ["off", "managers_with_passkey", "everyone", "each_act"]);

/** 契約: a company that uses corporate internet banking. */
export const corporations = pgTable("corporations", {
  id: uuid("id").primaryKey().defaultRandom(), // not sensitive
  contractNumber: text("contract_number").notNull().unique(), // business data
  name: text("name").notNull(), // business data
  serviceAppliesFrom: date("service_applies_from", { mode: "string" }), // 申込済 from 00:00 Japan time of this date; null is 未申込
  passkeyPolicy: passkeyPolicy("passkey_policy").notNull().default("offered"), // business data
  passkeyRequiredFrom: date("passkey_required_from", { mode: "string" }), // `required` from 00:00 Japan time of this date
  passkeyAlone: boolean("passkey_alone").notNull().default(false), // a passkey also instead of login ID and login password
  stepUpPolicy: stepUpPolicy("step_up_policy").notNull().default("managers_with_passkey"), // business data
  createdAt: moment("created_at").notNull(), // not sensitive
}, (t) => [check("corporations_passkey_required", sql`(${t.passkeyPolicy} = 'required') = (${t.passkeyRequiredFrom} is not null)`)]);

/** 利用者. The row is the lock of everything that is decided about its user. */
export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    loginId: text("login_id").notNull(), // personal
    name: text("name").notNull(), // personal
    userClass: userClass("user_class").notNull(), // not sensitive
    mailAddress: text("mail_address").notNull(), // personal: the registered address
    loginPasswordHash: text("login_password_hash").notNull(), // secret: Argon2id with its parameters
    loginPasswordTemporary: boolean("login_password_temporary").notNull().default(false), // not sensitive
    loginFailures: smallint("login_failures").notNull().default(0), // wrong login passwords in a row, from browsers not known
    loginStoppedUntil: moment("login_stopped_until"), // 利用一時停止 ends
    confirmationPasswordHash: text("confirmation_password_hash").notNull(), // secret: Argon2id with its parameters
    confirmationPasswordTemporary: boolean("confirmation_password_temporary").notNull().default(false), // not sensitive
    confirmationFailures: smallint("confirmation_failures").notNull().default(0), // wrong confirmation passwords in a row
    confirmationSuspendedAt: moment("confirmation_suspended_at"), // 確認用パスワード 利用停止 since; null while it is 利用可能
    oneTimePasswordFailures: smallint("one_time_password_failures").notNull().default(0), // wrong one-time passwords in a row
    oneTimePasswordLogins: smallint("one_time_password_logins").notNull().default(0), // counted up to the one that offers a passkey
    replayNoticeTimeStep: text("replay_notice_time_step"), // the token and time step whose replay was last mailed: one mail each
    revision: integer("revision").notNull().default(0), // grows with every change of what is decided about this user
    createdAt: moment("created_at").notNull(), // not sensitive
    deletedAt: moment("deleted_at"), // a deleted user's row stays for the history; nothing finds it as a user any more
    loginKey: text("login_key").notNull().generatedAlwaysAs(sql`lower(login_id)`), // personal: one spelling, for order
    searchText: text("search_text").notNull().generatedAlwaysAs(sql`lower(normalize(login_id || ' ' || name, NFKC))`), // personal: what 「利用者を検索」 looks through
  },
  (t) => [
    uniqueIndex("users_login_id").on(sql`lower(${t.loginId})`).where(sql`${t.deletedAt} is null`),
    // Each order of a list, with the id: a page far down is found in the index alone.
    index("users_by_login_key").on(t.corporationId, t.loginKey, t.id).where(sql`${t.deletedAt} is null`),
    index("users_by_name").on(t.corporationId, t.name, t.loginKey, t.id).where(sql`${t.deletedAt} is null`),
    index("users_by_user_class").on(t.corporationId, t.userClass, t.loginKey, t.id).where(sql`${t.deletedAt} is null`),
    index("users_deleted").on(t.corporationId).where(sql`${t.deletedAt} is not null`), // whom only the history still knows
    check("users_confirmation_suspended", sql`${t.confirmationSuspendedAt} is null or ${t.confirmationFailures} > 0`),
    check("users_failures_not_negative", sql`${t.loginFailures} >= 0 and ${t.confirmationFailures} >= 0 and ${t.oneTimePasswordFailures} >= 0`),
  ],
);

export const stopCause = pgEnum("stop_cause", ["manager", "counter", "emergency"]);

export const actKind = pgEnum("act_kind", ["lift_suspension", "revoke_token"]);

/** What an act on a list of users came to, as its operator's browser may read it for a while by a cookie of its own: the session may have ended with the act (R16). */
export const actResults = pgTable(
  "act_results",
  {
    id: uuid("id").primaryKey(), // not sensitive: the act's request id, which its audit events have, too
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    operatorId: uuid("operator_id").notNull().references(() => users.id), // not sensitive
    kind: actKind("kind").notNull(), // not sensitive
    secretHash: text("secret_hash").notNull().unique(), // sensitive: SHA-256 of the one-act cookie's secret
    rows: jsonb("rows").notNull(), // personal: one result per user, see lib/corporation/act-result.ts
    actedAt: moment("acted_at").notNull(), // not sensitive
    expiresAt: moment("expires_at").notNull(), // not sensitive
  },
  (t) => [index("act_results_expiry").on(t.expiresAt)],
);

/** 停止中: a user whom a manager or the counter has stopped. Open while `released_at` is null. */
export const stops = pgTable(
  "stops",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive
    stoppedAt: moment("stopped_at").notNull(), // not sensitive
    cause: stopCause("cause").notNull(), // not sensitive
    stoppedBy: uuid("stopped_by"), // the manager; null for the counter
    releasedAt: moment("released_at"), // not sensitive
    releasedBy: uuid("released_by"), // the manager; null for the counter
  },
  (t) => [uniqueIndex("stops_one_open_per_user").on(t.userId).where(sql`${t.releasedAt} is null`)],
);
