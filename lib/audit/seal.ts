import { sql } from "drizzle-orm";
import { auditBlocks } from "@/drizzle/schema";
import { appNow } from "@/lib/platform/clock";
import { database, type Tx } from "@/lib/platform/database";
import { beforeTheFirst, type Block, hashOfBlock, hashOfRow, type Row } from "./chain.mjs";
import { auditKey } from "./key";
import { beginning, blockOf, type BlockRow, chainOfRow, lastBlocks, lastPoint, packedHashes, type Point, pointOfRow, sealableRows } from "./store";

/*
 * The chains are laid over the log after the fact, each second: chaining at insert would make every login wait for one row.
 * A round takes the events since the round before, in the order of their transactions, only those older than every transaction that
 * still runs, and closes one block for each company they concern and one for the institution. docs/audit.md has the whole of it.
 */

/** Advisory lock: one process seals at a time. Whoever empties the log takes it first. */
export const sealing = 7_272_741;

const eventsPerRound = 5_000;

/** A reason not to seal on: what follows could not be trusted. The sentence holds nothing from the database. */
export class SealingRefused extends Error {
  override name = "SealingRefused";
}

/** Closes a block for each chain that something was written in. Does nothing where another process is at it. Answers whether more may be waiting. */
export const sealOneRound = (): Promise<boolean> => database().transaction(async (tx) => (await closeBlocks(tx)) === eventsPerRound);

/** Answers how many events they cover. */
async function closeBlocks(tx: Tx): Promise<number> {
  const [lock] = await tx.execute<{ held: boolean }>(sql`select pg_try_advisory_xact_lock(${sealing}::bigint) as held`);
  if (!lock?.held) return 0;
  const [clock] = await tx.select({ now: appNow, oldestRunning: sql<string>`pg_snapshot_xmin(pg_current_snapshot())::text` }).from(sql`(select 1) as one`);
  const { now, oldestRunning } = clock as { now: Date; oldestRunning: string };
  const last = await lastPoint(tx);
  if (last && BigInt(oldestRunning) <= BigInt(last.upToTransaction)) throw new SealingRefused("the database's transaction ids are behind the last block's: a dump was restored, or the block is not ours");
  const rows = await sealableRows(tx, last ?? beginning, oldestRunning, eventsPerRound);
  if (rows.length === 0) return 0;

  const byChain = new Map<string, Row[]>();
  for (const row of rows) {
    const ofChain = byChain.get(chainOfRow(row));
    if (ofChain) ofChain.push(row);
    else byChain.set(chainOfRow(row), [row]);
  }
  const heads = await lastBlocks(tx, [...new Set([...byChain.keys(), ...(last ? [last.chain] : [])])]);
  for (const head of heads) if (!isOurs(head)) throw new SealingRefused("the last block of a chain is not signed by AUDIT_SIGNING_KEY");
  const upTo = pointOfRow(rows.at(-1)!);
  await tx.insert(auditBlocks).values([...byChain].map(([chain, ofChain]) => nextBlock(chain, heads.find((head) => head.chain === chain), ofChain, upTo, now)));
  return rows.length;
}

/** Whether whoever wrote the block had the key. */
export function isOurs(block: BlockRow): boolean {
  return hashOfBlock(blockOf(block)) === block.hash && auditKey().isSigned("head", block.hash, block.signature);
}

function nextBlock(chain: string, head: BlockRow | undefined, rows: Row[], { upToTransaction, upToEvent }: Point, sealedAt: Date): typeof auditBlocks.$inferInsert {
  const block: Block = {
    chain, number: (head?.number ?? 0) + 1, previous: head?.hash ?? beforeTheFirst,
    upToTransaction, upToEvent: upToEvent.toString(), sealedAt: sealedAt.toISOString(), rowHashes: rows.map(hashOfRow),
  };
  const hash = hashOfBlock(block);
  return {
    chain, number: block.number, previousHash: block.previous, upToTransaction, upToEvent, sealedAt,
    events: rows.length, rowHashes: packedHashes(block.rowHashes), hash, signature: auditKey().sign("head", hash),
  };
}
