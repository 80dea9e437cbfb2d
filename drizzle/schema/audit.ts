import { sql } from "drizzle-orm";
import { bigint, check, date, index, integer, jsonb, pgEnum, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytes, moment, transactionId } from "./columns";
import { corporations } from "./corporation";

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
    index("audit_events_by_transaction").on(t.transaction, t.id), // what is not sealed yet
    index("audit_events_by_chain").on(t.corporationId, t.transaction, t.id), // the rows of a block
  ],
);

/**
 * The hash chains over the audit log, one for each company and one for the institution: a block covers its chain's events since the block before,
 * and that block's hash. Rows are only ever added (a trigger refuses the rest). docs/audit.md says what is hashed.
 */
export const auditBlocks = pgTable(
  "audit_blocks",
  {
    chain: uuid("chain").notNull(), // the company; 00000000-0000-0000-0000-000000000000 is the institution, for events without a company
    number: integer("number").notNull(), // 1, 2, 3 … without a gap
    previousHash: text("previous_hash").notNull(), // of the block before; 64 zeros before the first
    upToTransaction: transactionId("up_to_transaction").notNull(), // how far the log was sealed with it: every event of the chain up to here is in this block or an earlier one
    upToEvent: bigint("up_to_event", { mode: "bigint" }).notNull(), // the same
    events: integer("events").notNull(), // how many
    rowHashes: bytes("row_hashes").notNull(), // SHA-256 of each event, 32 bytes after 32 bytes
    hash: text("hash").notNull(), // SHA-256 of all the above and the moment
    signature: text("signature").notNull(), // of the hash, Ed25519 under AUDIT_SIGNING_KEY
    sealedAt: moment("sealed_at").notNull(), // not sensitive
  },
  (t) => [
    primaryKey({ columns: [t.chain, t.number] }),
    index("audit_blocks_by_place").on(t.upToTransaction, t.upToEvent),
    check("audit_blocks_have_rows", sql`${t.number} > 0 and ${t.events} > 0 and octet_length(${t.rowHashes}) = 32 * ${t.events}`),
  ],
);

/** Whose masters have been mailed their chain's head in a month: once a company and month, whichever process was first. */
export const auditHeadMails = pgTable(
  "audit_head_mails",
  {
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    month: date("month", { mode: "string" }).notNull(), // its first day, Japan's
    number: integer("number").notNull(), // the head that was mailed
    hash: text("hash").notNull(), // not sensitive
    mailedAt: moment("mailed_at").notNull(), // not sensitive
  },
  (t) => [primaryKey({ columns: [t.corporationId, t.month] })],
);

/** The one chain there was before `audit_blocks`, kept for receipts that name its seals. Nothing is added: the new chains begin with the first event again. */
export const auditSeals = pgTable("audit_seals", {
  number: integer("number").primaryKey(), // 1, 2, 3 … without a gap
  upToTransaction: transactionId("up_to_transaction").notNull(), // the last event covered
  upToEvent: bigint("up_to_event", { mode: "bigint" }).notNull(), // the last event covered
  events: integer("events").notNull(), // how many
  hash: text("hash").notNull(), // HMAC-SHA-256 under AUDIT_SIGNING_KEY, as it was then
  sealedAt: moment("sealed_at").notNull(), // not sensitive
});
