import { and, asc, desc, eq, gt, lte, sql, type SQL } from "drizzle-orm";
import { auditBlocks, auditEvents } from "@/drizzle/schema";
import type { Database, Tx } from "@/lib/platform/database";
import { type Block, columns, institutionChain, type Row } from "./chain.mjs";

type Column = (typeof columns)[number];

/** A place in the order of sealing. */
export type Point = { upToTransaction: string; upToEvent: bigint };

export const beginning: Point = { upToTransaction: "0", upToEvent: 0n };

const text = (column: SQL | (typeof auditEvents)[Column]) => sql<string | null>`${column}::text`;

/** Each column as text that has one form, whatever the session's settings. */
const asText: Record<Column, SQL<string | null>> = {
  ...(Object.fromEntries(columns.map((column) => [column, text(auditEvents[column])])) as Record<Column, SQL<string | null>>),
  at: sql<string>`(to_jsonb(${auditEvents.at} at time zone 'UTC') #>> '{}') || 'Z'`,
};

const pointOfEvent = sql`(${auditEvents.transaction}, ${auditEvents.id})`;
const pointOf = ({ upToTransaction, upToEvent }: Point) => sql`(${upToTransaction}::xid8, ${upToEvent.toString()}::bigint)`;

export const pointOfRow = (row: Row): Point => ({ upToTransaction: row.transaction!, upToEvent: BigInt(row.id!) });

export const isPast = (one: Point, other: Point): boolean => {
  const [left, right] = [BigInt(one.upToTransaction), BigInt(other.upToTransaction)];
  return left === right ? one.upToEvent > other.upToEvent : left > right;
};

export const chainOfRow = (row: Row): string => row.corporationId ?? institutionChain;

const ofChain = (chain: string): SQL => (chain === institutionChain ? sql`${auditEvents.corporationId} is null` : sql`${auditEvents.corporationId} = ${chain}::uuid`);

/** What no block covers yet, older than every transaction that still runs: ids do not commit in order, and nothing can come in behind these rows. */
export const sealableRows = (tx: Tx, from: Point, oldestRunning: string, limit: number): Promise<Row[]> =>
  tx.select(asText).from(auditEvents)
    .where(sql`${pointOfEvent} > ${pointOf(from)} and ${auditEvents.transaction} < ${oldestRunning}::xid8`)
    .orderBy(asc(auditEvents.transaction), asc(auditEvents.id)).limit(limit);

/** A chain's rows between two points, in order. */
export const rowsOfChain = (db: Database, chain: string, from: Point, upTo: Point, limit: number): Promise<Row[]> =>
  db.select(asText).from(auditEvents)
    .where(sql`${ofChain(chain)} and ${pointOfEvent} > ${pointOf(from)} and ${pointOfEvent} <= ${pointOf(upTo)}`)
    .orderBy(asc(auditEvents.transaction), asc(auditEvents.id)).limit(limit);

export type BlockRow = typeof auditBlocks.$inferSelect;

const hashBytes = 32;

/** A block as it is hashed. */
export const blockOf = ({ chain, number, previousHash, upToTransaction, upToEvent, sealedAt, rowHashes }: Omit<BlockRow, "hash" | "signature" | "events">): Block => ({
  chain, number, previous: previousHash, upToTransaction, upToEvent: upToEvent.toString(), sealedAt: sealedAt.toISOString(),
  rowHashes: Array.from({ length: rowHashes.length / hashBytes }, (_, index) => rowHashes.subarray(index * hashBytes, (index + 1) * hashBytes).toString("hex")),
});

export const packedHashes = (rowHashes: string[]): Buffer => Buffer.from(rowHashes.join(""), "hex");

/** Up to where the log is sealed. */
export async function lastPoint(db: Tx | Database): Promise<(Point & { chain: string; number: number }) | undefined> {
  const [last] = await db
    .select({ chain: auditBlocks.chain, number: auditBlocks.number, upToTransaction: sql<string>`${auditBlocks.upToTransaction}::text`, upToEvent: auditBlocks.upToEvent })
    .from(auditBlocks).orderBy(desc(auditBlocks.upToTransaction), desc(auditBlocks.upToEvent)).limit(1);
  return last;
}

/** The block that was closed last, of whatever chain. */
export async function lastBlock(db: Tx | Database): Promise<BlockRow | undefined> {
  const [last] = await db.select().from(auditBlocks).orderBy(desc(auditBlocks.upToTransaction), desc(auditBlocks.upToEvent)).limit(1);
  return last;
}

/** The last block of each of these chains. */
export const lastBlocks = (tx: Tx, chains: string[]): Promise<BlockRow[]> =>
  tx.select().from(auditBlocks).where(sql`(${auditBlocks.chain}, ${auditBlocks.number}) in (
    select chain, (select max(number) from audit_blocks of_chain where of_chain.chain = asked.chain) from unnest(${`{${chains.join(",")}}`}::uuid[]) asked(chain))`);

/** Blocks of a chain after a number, up to another, in order. */
export const blocksOfChain = (db: Database, chain: string, after: number, upTo: number, limit: number): Promise<BlockRow[]> =>
  db.select().from(auditBlocks).where(and(eq(auditBlocks.chain, chain), gt(auditBlocks.number, after), lte(auditBlocks.number, upTo)))
    .orderBy(asc(auditBlocks.number)).limit(limit);

export type Head = { chain: string; number: number; hash: string; sealedAt: Date };

/** Where a company's chain stands, or the institution's. */
export async function headOf(db: Tx | Database, corporationId: string | null): Promise<Head | undefined> {
  const [head] = await db.select({ chain: auditBlocks.chain, number: auditBlocks.number, hash: auditBlocks.hash, sealedAt: auditBlocks.sealedAt })
    .from(auditBlocks).where(eq(auditBlocks.chain, corporationId ?? institutionChain)).orderBy(desc(auditBlocks.number)).limit(1);
  return head;
}

/** Every chain that blocks or sealed events know of, or one contract's; its last block's number, 0 where it has none any more. Nothing up to that point changes while it is read. */
export async function chainsOf(db: Database, contractNumber?: string): Promise<{ upTo: Point; chains: { chain: string; contractNumber: string | null; last: number }[] }> {
  const upTo = (await lastPoint(db)) ?? beginning;
  const ofContract = (column: SQL) => (contractNumber === undefined ? sql`` : sql`and ${column} = (select id from corporations where contract_number = ${contractNumber})`);
  const rows = await db.execute<{ chain: string; contract_number: string | null; last: number }>(sql`
    select known.chain, corporations.contract_number, max(known.number) as last from (
      select chain, max(number) as number from audit_blocks where (up_to_transaction, up_to_event) <= ${pointOf(upTo)} ${ofContract(sql`chain`)} group by chain
      union all select coalesce(corporation_id, ${institutionChain}::uuid), 0 from audit_events where ${pointOfEvent} <= ${pointOf(upTo)} ${ofContract(sql`corporation_id`)} group by corporation_id
    ) known left join corporations on corporations.id = known.chain
    group by known.chain, corporations.contract_number order by corporations.contract_number nulls first, known.chain`);
  return { upTo, chains: rows.map(({ chain, contract_number, last }) => ({ chain, contractNumber: contract_number, last })) };
}

/** Events that are too young to be in a block. */
export const unsealedAfter = (db: Database, { upToTransaction, upToEvent }: Point): Promise<number> =>
  db.$count(auditEvents, sql`${pointOfEvent} > ${pointOf({ upToTransaction, upToEvent })}`);
