import { and, lt, sql } from "drizzle-orm";
import { auditBlocks, auditHeadMails, corporations } from "@/drizzle/schema";
import { managersOf } from "@/lib/corporation/managers";
import { firstBusinessDay } from "@/lib/platform/business-days";
import { ourselves } from "@/lib/platform/caller";
import { hours, later, readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { sortableDate, startOfDay } from "@/lib/platform/japan-time";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";
import { headOf } from "./store";

const fromHour = 9; // no mail in the night

const companiesARound = 100; // what more there are follows a minute later: an issuance link must not wait behind thousands of these

/** 監査ログの封印値のお知らせ, once a company and month, from 9:00 of the month's first business day: each master has the head of the company's chain in hand. */
export async function tellAuditHeads(): Promise<void> {
  const { now } = await readClock(database());
  const from = later(startOfDay(firstBusinessDay(now)), hours(fromHour));
  if (now < from) return;
  const month = `${sortableDate(now).slice(0, 8)}01`;
  const untold = await database().select({ id: corporations.id, name: corporations.name }).from(corporations)
    .where(and(
      lt(corporations.createdAt, from),
      sql`not exists (select from ${auditHeadMails} where ${auditHeadMails.corporationId} = ${corporations.id} and ${auditHeadMails.month} = ${month})`,
      sql`exists (select from ${auditBlocks} where ${auditBlocks.chain} = ${corporations.id})`,
    ))
    .orderBy(corporations.id).limit(companiesARound);
  for (const company of untold) await tell(company, month);
}

/** The row is written first: whoever comes second waits for it, finds it there, and mails nothing. */
const tell = ({ id, name }: { id: string; name: string }, month: string): Promise<void> =>
  inOneTransaction(ourselves(), byTheClock, async (work) => {
    const head = await headOf(work.tx, id);
    if (!head) return;
    const { number, hash, sealedAt } = head;
    const mine = await work.tx.insert(auditHeadMails).values({ corporationId: id, month, number, hash, mailedAt: work.now }).onConflictDoNothing().returning();
    if (mine.length === 0) return;
    const masters = await managersOf(work.tx, id, ["master"]);
    for (const recipient of new Set(masters.map(({ mailAddress }) => mailAddress))) {
      work.mail({ corporationId: id, recipient, content: { kind: "audit_head", corporationName: name, number, hash, sealedAt: sealedAt.toISOString() } });
    }
  }, { kind: "system" });
