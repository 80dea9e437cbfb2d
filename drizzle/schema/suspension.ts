import { sql } from "drizzle-orm";
import { index, pgEnum, pgTable, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns";
import { corporations, users } from "./corporation";

export const suspensionCause = pgEnum("suspension_cause", ["wrong_one_time_passwords"]);

/** 利用停止 of a user's one-time password verification. *Suspended* means an open row. */
export const suspensions = pgTable(
  "suspensions",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive
    suspendedAt: moment("suspended_at").notNull(), // not sensitive
    cause: suspensionCause("cause").notNull(), // not sensitive
    liftedAt: moment("lifted_at"), // not sensitive
    liftedBy: uuid("lifted_by"), // the manager; null for the counter
  },
  (t) => [
    uniqueIndex("suspensions_one_open_per_user").on(t.userId).where(sql`${t.liftedAt} is null`),
    index("suspensions_open_by_corporation").on(t.corporationId).where(sql`${t.liftedAt} is null`),
  ],
);

/** 利用停止 of a login password: set and lifted by a manager or the counter only, never by counting. */
export const loginPasswordSuspensions = pgTable(
  "login_password_suspensions",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive
    suspendedAt: moment("suspended_at").notNull(), // not sensitive
    suspendedBy: uuid("suspended_by"), // the manager; null for the counter
    liftedAt: moment("lifted_at"), // not sensitive
    liftedBy: uuid("lifted_by"), // the manager; null for the counter
  },
  (t) => [uniqueIndex("login_password_suspensions_one_open_per_user").on(t.userId).where(sql`${t.liftedAt} is null`)],
);
