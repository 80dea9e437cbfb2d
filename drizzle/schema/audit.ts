import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgEnum, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment, transactionId } from "./columns";

export const auditResult = pgEnum("audit_result", ["done", "refused"]);
export const actorKind = pgEnum("actor_kind", ["anonymous", "user", "staff", "system"]);

/** 監査ログ: who did what to whom, when, from where, with which result. Rows are only ever added (a trigger refuses the rest). */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(), // not sensitive
    transaction: transactionId("transaction").notNull().default(sql`pg_current_xact_id()`), // the order of sealing
    at: moment("at").notNull(), // not sensitive
    name: text("name").notNull(), // not sensitive
    result: auditResult("result").notNull(), // not sensitive
    code: text("code"), // the refusal's reference code
    corporationId: uuid("corporation_id"), // null when nobody was recognised
    actorKind: actorKind("actor_kind").notNull(), // not sensitive
    actorId: uuid("actor_id"), // the user or the member of staff
    userId: uuid("user_id"), // whom it was done to
    requestId: uuid("request_id").notNull(), // not sensitive
    network: text("network").notNull(), // personal
    browser: text("browser").notNull(), // personal
    details: jsonb("details").notNull(), // closed types of lib/audit/events.ts; no secret fits in
  },
  (t) => [
    index("audit_events_by_corporation").on(t.corporationId, t.at, t.id),
    index("audit_events_by_name").on(t.corporationId, t.name, t.at, t.id),
    index("audit_events_by_user").on(t.userId, t.at, t.id),
    index("audit_events_by_actor").on(t.actorId, t.at, t.id).where(sql`${t.userId} is null or ${t.actorId} <> ${t.userId}`), // what one did to another, or to nobody
    index("audit_events_by_case").on(sql`lower(${t.details} ->> 'caseNumber')`).where(sql`${t.details} ->> 'caseNumber' is not null`), // the counter's
    index("audit_events_by_transaction").on(t.transaction, t.id),
  ],
);

/** The hash chain over the audit log: each seal covers the events since the one before, and that seal's own hash. */
export const auditSeals = pgTable("audit_seals", {
  number: integer("number").primaryKey(), // 1, 2, 3 … without a gap
  upToTransaction: transactionId("up_to_transaction").notNull(), // the last event covered
  upToEvent: bigint("up_to_event", { mode: "bigint" }).notNull(), // the last event covered
  events: integer("events").notNull(), // how many
  hash: text("hash").notNull(), // HMAC-SHA-256 under AUDIT_SIGNING_KEY
  sealedAt: moment("sealed_at").notNull(), // not sensitive
});
