import { createHash } from "node:crypto";
import { readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { institution } from "@/lib/platform/institution";
import { fingerprintOf, type Row } from "./chain.mjs";
import { auditKey } from "./key";
import { beginning, blockOf, blocksOfChain, chainsOf, isPast, type Point, pointOfRow, rowsOfChain, unsealedAfter } from "./store";
import { Broken, type Found, format, newVerifier } from "./verify.mjs";

const blocksAtOnce = 500;
const rowsAtOnce = 2_000;

/** `unsealed` events were too young for a block, and are not in the export. */
export type Exported = { chains: number; blocks: number; rows: number; unsealed: number };

/**
 * The sealed log as NDJSON, a line at a time, chain by chain: each block with its rows behind it, whatever the rows have become since.
 * Undefined for a company that has no chain. What is sealed never changes, so no snapshot is held while someone writes it away.
 */
export async function exportAuditLog(contractNumber?: string): Promise<AsyncGenerator<string, Exported, void> | undefined> {
  const { upTo, chains } = await chainsOf(database(), contractNumber);
  return contractNumber !== undefined && chains.length === 0 ? undefined : linesOf(chains, upTo, contractNumber ?? null);
}

type Chain = Awaited<ReturnType<typeof chainsOf>>["chains"][number];

async function* linesOf(chains: Chain[], upTo: Point, contractNumber: string | null): AsyncGenerator<string, Exported, void> {
  const hash = createHash("sha256");
  const line = (value: object) => {
    const text = JSON.stringify(value);
    hash.update(text).update("\n");
    return text;
  };
  const { publicKey, sign } = auditKey();
  const { now } = await readClock(database());
  const count = { chains: chains.length, blocks: 0, rows: 0 };
  yield line({ kind: "export", format, institution: institution().name, contractNumber, publicKey, fingerprint: fingerprintOf(publicKey), at: now.toISOString() });
  for (const chain of chains) {
    yield line({ kind: "chain", chain: chain.chain, contractNumber: chain.contractNumber });
    for await (const part of partsOf(chain, upTo)) {
      count[part.kind === "block" ? "blocks" : "rows"] += 1;
      yield line(part);
    }
  }
  yield JSON.stringify({ kind: "end", ...count, signature: sign("export", hash.digest("hex")) });
  return { ...count, unsealed: await unsealedAfter(database(), upTo) };
}

/** Blocks, each followed by the rows from the end of the one before to its own; then rows that no block has, if there are any. */
async function* partsOf({ chain, last }: Chain, upTo: Point) {
  const rows = inBatches(rowsAtOnce, beginning, (from, limit) => rowsOfChain(database(), chain, from, upTo, limit), pointOfRow);
  const blocks = inBatches(blocksAtOnce, 0, (after, limit) => blocksOfChain(database(), chain, after, last, limit), ({ number }) => number);
  let next = await rows.next();
  for await (const block of blocks) {
    yield { kind: "block" as const, ...blockOf(block), hash: block.hash, signature: block.signature };
    for (; !next.done && !isPast(pointOfRow(next.value), block); next = await rows.next()) yield rowPart(next.value);
  }
  for (; !next.done; next = await rows.next()) yield rowPart(next.value);
}

const rowPart = (row: Row) => ({ kind: "row" as const, ...row });

/** All of something, read a batch at a time from where the last one ended. */
async function* inBatches<Item, Place>(limit: number, from: Place, read: (from: Place, limit: number) => Promise<Item[]>, placeOf: (item: Item) => Place): AsyncGenerator<Item, void, void> {
  for (let place = from; ;) {
    const batch = await read(place, limit);
    yield* batch;
    const last = batch.at(-1);
    if (last === undefined || batch.length < limit) return;
    place = placeOf(last);
  }
}

/** Looks whether the log is still as it was sealed: what an export of this moment would show. */
export async function verifyChains(known: { heads?: { number: number; hash: string }[] } = {}): Promise<{ ok: true; found: Found } | { ok: false; problem: string }> {
  const verifier = newVerifier({ publicKey: auditKey().publicKey, ...known });
  try {
    for await (const line of (await exportAuditLog())!) verifier.take(line);
    return { ok: true, found: verifier.finish() };
  } catch (error) {
    if (error instanceof Broken) return { ok: false, problem: error.message };
    throw error;
  }
}
