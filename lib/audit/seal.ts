import { createHmac } from "node:crypto";
import { asc, desc, sql } from "drizzle-orm";
import { auditEvents, auditSeals } from "@/drizzle/schema";
import { readClock } from "@/lib/platform/clock";
import { database, type Database, type Tx } from "@/lib/platform/database";
import { env } from "@/lib/platform/env";

/*
 * The hash chain is laid over the log after the fact: chaining at insert would make every login of every company wait for one row.
 * Events are sealed in the order of their transactions, and only those older than any transaction still running, so that none can
 * come in behind a seal. What a thief may still change unseen is the last minute; the export to another machine (LOG-06) closes that.
 */

const sealing = 7_272_741; // advisory lock: one process seals at a time
const eventsPerSeal = 5_000;

type Point = { upToTransaction: string; upToEvent: bigint };
const beginning: Point = { upToTransaction: "0", upToEvent: 0n };

const after = ({ upToTransaction, upToEvent }: Point) =>
  sql`(${auditEvents.transaction}, ${auditEvents.id}) > (${upToTransaction}::xid8, ${upToEvent.toString()}::bigint)`;

/** The sealed text of an event: every column, in the order of the table. */
const sealedText = sql`jsonb_build_array(${auditEvents.id}, ${auditEvents.transaction}::text, extract(epoch from ${auditEvents.at})::text, ${auditEvents.name}, ${auditEvents.result},
  ${auditEvents.code}, ${auditEvents.corporationId}, ${auditEvents.actorKind}, ${auditEvents.actorId}, ${auditEvents.userId}, ${auditEvents.requestId},
  ${auditEvents.network}, ${auditEvents.browser}, ${auditEvents.details})::text`.mapWith(String);

async function eventsAfter(db: Tx | Database, from: Point, upTo: Point | undefined) {
  const end = upTo
    ? sql`(${auditEvents.transaction}, ${auditEvents.id}) <= (${upTo.upToTransaction}::xid8, ${upTo.upToEvent.toString()}::bigint)`
    : sql`${auditEvents.transaction} < pg_snapshot_xmin(pg_current_snapshot())`;
  const query = db
    .select({ upToEvent: auditEvents.id, upToTransaction: sql`${auditEvents.transaction}::text`.mapWith(String), text: sealedText })
    .from(auditEvents).where(sql`${after(from)} and ${end}`).orderBy(asc(auditEvents.transaction), asc(auditEvents.id));
  return upTo ? query : query.limit(eventsPerSeal);
}

function hashOf(previous: string, texts: string[]): string {
  const hmac = createHmac("sha256", Buffer.from(env().AUDIT_SIGNING_KEY, "base64")).update(previous);
  for (const text of texts) hmac.update("\n").update(text);
  return hmac.digest("base64url");
}

/** Seals what has been written since the last seal. */
export async function sealAuditLog(): Promise<void> {
  const { now } = await readClock(database());
  await database().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sealing})`);
    const [last] = await tx.select().from(auditSeals).orderBy(desc(auditSeals.number)).limit(1);
    const events = await eventsAfter(tx, last ?? beginning, undefined);
    const end = events.at(-1);
    if (!end) return;
    await tx.insert(auditSeals).values({
      number: (last?.number ?? 0) + 1, upToTransaction: end.upToTransaction, upToEvent: end.upToEvent, events: events.length,
      hash: hashOf(last?.hash ?? "", events.map((event) => event.text)), sealedAt: now,
    });
  });
}

/** Checks the chain: the number of the first seal that the log no longer answers to, or undefined when all is as it was written. */
export async function firstBrokenSeal(): Promise<number | undefined> {
  let previous: (Point & { hash: string }) | undefined;
  let expected = 1;
  for (const seal of await database().select().from(auditSeals).orderBy(asc(auditSeals.number))) {
    const events = await eventsAfter(database(), previous ?? beginning, seal);
    const texts = events.map((event) => event.text);
    if (seal.number !== expected || events.length !== seal.events || hashOf(previous?.hash ?? "", texts) !== seal.hash) return expected;
    previous = seal;
    expected += 1;
  }
  return undefined;
}
