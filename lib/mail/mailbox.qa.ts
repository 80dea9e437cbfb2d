import { desc, eq, sql } from "drizzle-orm";
import { pgSchema, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "@/drizzle/schema/columns";
import { type Database, database } from "@/lib/platform/database";
import type { Transport } from "./transport";

/** Demo and QA only, in schema `qa`: no migration knows it. One statement, as prepared ones must be. */
const mailboxTable = `create table if not exists qa.mailbox (
  id uuid primary key,
  recipient text not null,
  subject text not null,
  text text not null,
  html text not null,
  sent_at timestamptz(3) not null
)`;

export const createMailbox = (db: Database) => db.execute(sql.raw(mailboxTable));

const mails = pgSchema("qa").table("mailbox", {
  id: uuid("id").primaryKey(), // the idempotency key
  recipient: text("recipient").notNull(),
  subject: text("subject").notNull(),
  text: text("text").notNull(),
  html: text("html").notNull(),
  sentAt: moment("sent_at").notNull(),
});

/** Takes each idempotency key once, as Resend does. */
export const mailbox: Transport = async ({ to, ...mail }, { idempotencyKey }) => {
  await database().insert(mails).values({ id: idempotencyKey, recipient: to, ...mail, sentAt: sql`app_now()` }).onConflictDoNothing();
  return "sent";
};

type MailboxEntry = { to: string; subject: string; text: string; html: string; links: string[]; sentAt: string };

/** What has reached an address, newest first; every address without one. */
export async function readMailbox(to?: string): Promise<MailboxEntry[]> {
  const rows = await database().select().from(mails).where(to === undefined ? undefined : eq(mails.recipient, to)).orderBy(desc(mails.sentAt)).limit(200);
  return rows.map(({ recipient, subject, text, html, sentAt }) =>
    ({ to: recipient, subject, text, html, links: text.match(/https?:\/\/[^\s　]+/g) ?? [], sentAt: sentAt.toISOString() }));
}
