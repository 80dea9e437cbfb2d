import { sql } from "drizzle-orm";
import { check, index, jsonb, pgEnum, pgTable, smallint, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns";
import { corporations, users } from "./corporation";
import { tokens } from "./token";

export const mailState = pgEnum("mail_state", ["waiting", "sent", "refused", "unknown", "withdrawn"]);

/** A mail that a transaction meant to send. Its id is the idempotency key and the Message-ID, for ever. */
export const mailIntents = pgTable(
  "mail_intents",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").references(() => users.id), // whom it is about
    tokenId: uuid("token_id").references(() => tokens.id), // the issuance whose link it carries
    kind: text("kind").notNull(), // not sensitive
    recipient: text("recipient").notNull(), // personal: exactly one address
    content: jsonb("content"), // personal: what the template says; null where sealed
    sealedContent: text("sealed_content"), // secret: content with a link, AES-256-GCM under KEY_RING, erased once sent
    createdAt: moment("created_at").notNull(), // not sensitive
    dueAt: moment("due_at").notNull(), // next attempt
    firstAttemptAt: moment("first_attempt_at"), // the first attempt that may have been accepted: the provider remembers its key for 24 h from here; null while none may
    attempts: smallint("attempts").notNull().default(0), // not sensitive
    leasedUntil: moment("leased_until"), // a worker is at it
    state: mailState("state").notNull().default("waiting"), // not sensitive
    endedAt: moment("ended_at"), // sent, given up or withdrawn
    lastProblem: text("last_problem"), // not sensitive: the transport's error name, never its text
  },
  (t) => [
    index("mail_intents_due").on(t.dueAt).where(sql`${t.state} = 'waiting'`),
    index("mail_intents_by_token").on(t.tokenId),
    check("mail_intents_end", sql`(${t.state} = 'waiting') = (${t.endedAt} is null)`),
    check("mail_intents_link_is_erased", sql`${t.state} = 'waiting' or ${t.sealedContent} is null`),
  ],
);
