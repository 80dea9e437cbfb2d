import { sql } from "drizzle-orm";
import { boolean, check, date, index, integer, pgEnum, pgTable, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns";

export const userClass = pgEnum("user_class", ["master", "administrator", "general"]);

/** 契約: a company that uses corporate internet banking. */
export const corporations = pgTable("corporations", {
  id: uuid("id").primaryKey().defaultRandom(), // not sensitive
  contractNumber: text("contract_number").notNull().unique(), // business data
  name: text("name").notNull(), // business data
  serviceAppliesFrom: date("service_applies_from", { mode: "string" }), // 申込済 from 00:00 Japan time of this date; null is 未申込
  createdAt: moment("created_at").notNull(), // not sensitive
});

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
    oneTimePasswordFailures: smallint("one_time_password_failures").notNull().default(0), // wrong one-time passwords in a row
    replayNoticeTimeStep: text("replay_notice_time_step"), // the token and time step whose replay was last mailed: one mail each
    revision: integer("revision").notNull().default(0), // grows with every change of what is decided about this user
    createdAt: moment("created_at").notNull(), // not sensitive
  },
  (t) => [
    uniqueIndex("users_login_id").on(sql`lower(${t.loginId})`),
    index("users_corporation").on(t.corporationId, t.userClass),
    check("users_failures_not_negative", sql`${t.loginFailures} >= 0 and ${t.confirmationFailures} >= 0 and ${t.oneTimePasswordFailures} >= 0`),
  ],
);

export const stopCause = pgEnum("stop_cause", ["manager", "counter", "emergency"]);

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
