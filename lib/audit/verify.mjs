// Reads an export of the audit log and finds what is not as it was sealed. Node alone is enough.
import { createHash } from "node:crypto";
import { beforeTheFirst, checkerOf, columns, fingerprintOf, hashOfBlock, hashOfRow, institutionChain, isPublicKey } from "./chain.mjs";

export const format = "ichido audit 1";

/** What is wrong and where, in one sentence. */
export class Broken extends Error {
  name = "Broken";
}

/** A file's own words reach a terminal: none of them moves its cursor. @param {string} sentence @returns {never} */
const broken = (sentence) => { throw new Broken(sentence.replace(/\p{C}/gu, "?")); };

/**
 * @typedef {{ number: number, hash: string }} Head
 * @typedef {{ chain: string, contractNumber: string | null, blocks: number, rows: number, head: (Head & { sealedAt: string }) | null }} ChainFound
 * @typedef {{ institution: string, at: string, publicKey: string, chains: ChainFound[], blocks: number, rows: number }} Found
 * @typedef {import("./chain.mjs").Row} Row
 * @typedef {import("./chain.mjs").Block & { hash: string, signature: string }} SealedBlock
 */

/** Names a chain as people do. @param {{ chain: string, contractNumber: string | null }} of */
const nameOf = ({ chain, contractNumber }) =>
  chain === institutionChain ? "the institution's chain" : contractNumber === null ? `the chain of company ${chain}` : `the chain of contract ${contractNumber}`;

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string";
/** @param {unknown} value @returns {value is string} */
const isHash = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value);

/**
 * Line after line of an export, in its order; throws `Broken` at the first thing that is wrong. Holds one block's rows at a time.
 * `heads` are known from elsewhere, from a receipt or a mail: each must be a block of the file.
 * @param {{ publicKey?: string, heads?: Head[] }} [known] the institution's key; without it the file's own is believed
 */
export function newVerifier({ publicKey, heads = [] } = {}) {
  const lines = createHash("sha256");
  const wanted = heads.map((head) => ({ ...head, found: false }));
  let lineNumber = 0;
  /** @type {Omit<Found, "chains"> | undefined} */
  let found;
  /** @type {ChainFound[]} */
  const chains = [];
  const seen = new Set();
  /** @type {ReturnType<typeof checkerOf> | undefined} */
  let isSigned;
  /** @type {{ hash: string, id: string }[]} */
  let rows = [];
  /** @type {SealedBlock | undefined} */
  let block;
  let ended = false;

  /** @param {any} line */
  function header(line) {
    if (line.kind !== "export" || !isText(line.format)) broken("This is not an export of the audit log.");
    if (line.format !== format) broken(`This export has the format ${JSON.stringify(line.format)}, and this program reads ${JSON.stringify(format)}.`);
    if (!isPublicKey(line.publicKey)) broken("The first line names no public key.");
    if (publicKey !== undefined && line.publicKey !== publicKey) {
      broken(`The file was signed by another key: its fingerprint is ${fingerprintOf(line.publicKey)}, and that of the key given is ${fingerprintOf(publicKey)}.`);
    }
    isSigned = checkerOf(line.publicKey);
    found = { institution: String(line.institution), at: String(line.at), publicKey: line.publicKey, blocks: 0, rows: 0 };
  }

  /** @param {any} line */
  function beginChain({ chain, contractNumber = null }) {
    closeBlock();
    if (!isText(chain) || seen.has(chain)) broken(`Line ${lineNumber} begins a chain that was there before.`);
    seen.add(chain);
    chains.push({ chain, contractNumber, blocks: 0, rows: 0, head: null });
  }

  /** @param {SealedBlock} next */
  function beginBlock(next) {
    closeBlock();
    const chain = chains.at(-1) ?? broken(`Line ${lineNumber} has a block before any chain.`);
    const where = `Block ${next.number} of ${nameOf(chain)}`;
    const whole = Number.isSafeInteger(next.number) && isText(next.upToTransaction) && isText(next.upToEvent) && isText(next.sealedAt) && isText(next.signature)
      && isHash(next.previous) && isHash(next.hash) && Array.isArray(next.rowHashes) && next.rowHashes.every(isHash);
    if (!whole) broken(`Line ${lineNumber} is no whole block.`);
    const number = chain.blocks + 1;
    if (next.number > number) broken(`Block ${number} of ${nameOf(chain)} is missing: block ${next.number} comes in its place.`);
    if (next.number < number) broken(`${where} comes a second time, or too late.`);
    if (next.chain !== chain.chain) broken(`${where} was sealed for another chain.`);
    if (hashOfBlock(next) !== next.hash) broken(`${where} was changed: its hash is not that of what it holds.`);
    if (!isSigned?.("head", next.hash, next.signature)) broken(`${where} is not signed by the institution's key.`);
    if (next.previous !== (chain.head?.hash ?? beforeTheFirst)) broken(`${where} does not follow the block before it, which was replaced.`);
    block = next;
  }

  /** @param {any} line */
  function row({ kind: _, ...line }) {
    const chain = chains.at(-1) ?? broken(`Line ${lineNumber} has a row before any chain.`);
    const whole = Object.keys(line).length === columns.length && columns.every((column) => line[column] === null || isText(line[column]));
    if (!whole) broken(`Line ${lineNumber} is no whole row: columns were taken away, added or changed in kind.`);
    if (!block) broken(`Event ${line.id} in ${nameOf(chain)} belongs to no block: it was added, or its block was removed.`);
    if (rows.length > 2 * /** @type {SealedBlock} */ (block).rowHashes.length + 1_000) closeBlock();
    rows.push({ hash: hashOfRow(line), id: String(line.id) });
  }

  /** Compares what was read with what was sealed. A row that follows a chain's last block and belongs to none is found here, too. */
  function closeBlock() {
    const chain = chains.at(-1);
    if (!block || !chain || !found) return;
    const problem = difference(block.rowHashes, rows);
    if (problem) broken(`Block ${block.number} of ${nameOf(chain)} is not as it was sealed: ${problem}.`);
    const { number, hash, sealedAt } = block;
    for (const head of wanted) head.found ||= head.number === number && head.hash === hash;
    chain.head = { number, hash, sealedAt };
    chain.blocks += 1;
    chain.rows += rows.length;
    found.blocks += 1;
    found.rows += rows.length;
    block = undefined;
    rows = [];
  }

  /** @param {any} line @param {string} before hash of all lines before it */
  function end(line, before) {
    closeBlock();
    const { blocks = 0, rows: count = 0 } = found ?? {};
    if (line.chains !== chains.length || line.blocks !== blocks || line.rows !== count) {
      broken(`Chains, blocks or rows are missing: the export had ${line.chains}, ${line.blocks} and ${line.rows}, the file has ${chains.length}, ${blocks} and ${count}.`);
    }
    if (!isText(line.signature) || !isSigned?.("export", before, line.signature)) broken("The file is not what was exported: its last line is not signed for the lines before it.");
    ended = true;
  }

  return {
    /** @param {string} text a line without its end */
    take(text) {
      lineNumber += 1;
      if (ended) broken(`Line ${lineNumber} stands behind the end of the export.`);
      let line;
      try {
        line = JSON.parse(text);
      } catch {
        broken(lineNumber === 1 ? "This is not an export of the audit log." : `Line ${lineNumber} cannot be read: the file is damaged, or was cut there.`);
      }
      if (typeof line !== "object" || line === null) broken(lineNumber === 1 ? "This is not an export of the audit log." : `Line ${lineNumber} is nothing of ours.`);
      const before = line.kind === "end" ? lines.copy().digest("hex") : "";
      lines.update(text).update("\n");
      if (!found) return header(line);
      switch (line.kind) {
        case "chain": return beginChain(line);
        case "block": return beginBlock(line);
        case "row": return row(line);
        case "end": return end(line, before);
        default: return broken(`Line ${lineNumber} is nothing of ours.`);
      }
    },
    /** After the last line. @returns {Found} */
    finish() {
      if (!found) broken("The file is empty.");
      if (!ended) broken(`The file was cut: it ends in the middle, after line ${lineNumber}.`);
      const missing = wanted.find((head) => !head.found);
      if (missing) broken(notThere(missing, chains));
      return { .../** @type {Omit<Found, "chains">} */ (found), chains };
    },
  };
}

/**
 * What differs between the rows that were sealed and those that are there, or undefined.
 * @param {string[]} sealed @param {{ hash: string, id: string }[]} there
 */
function difference(sealed, there) {
  const hashes = there.map(({ hash }) => hash);
  const first = sealed.findIndex((hash, index) => hash !== hashes[index]);
  if (first === -1 && there.length === sealed.length) return undefined;
  const [sealedOnes, present] = [new Set(sealed), new Set(hashes)];
  const gone = sealed.filter((hash) => !present.has(hash)).length;
  const added = there.filter(({ hash }, index) => !sealedOnes.has(hash) || hashes.indexOf(hash) !== index);
  const at = first === -1 ? sealed.length : first;
  const place = `row ${at + 1} of ${sealed.length}`;
  const event = there[at] && `event ${there[at].id}`;
  if (gone === 0 && added.length === 0) return `its rows stand in another order from ${place} on (${event})`;
  if (gone > 0 && added.length === 0) return gone === 1 ? `${place} was removed` : `${gone} rows were removed, the first of them ${place}`;
  if (gone === 0) return `event ${added[0]?.id} was added (row ${there.indexOf(/** @type {(typeof there)[number]} */ (added[0])) + 1})`;
  if (event && !sealedOnes.has(hashes[at] ?? "")) return gone === added.length ? `${place} was changed (${event})` : `from ${place} on (${event}) rows were changed, added or removed`;
  return `from ${place} on rows were changed, added or removed`;
}

/** @param {Head} head @param {ChainFound[]} chains */
function notThere({ number, hash }, chains) {
  const short = `${hash.slice(0, 8)}…`;
  const [only] = chains;
  if (chains.length !== 1 || !only) return `No chain of the file has a block ${number} with the hash ${short}: the end of the chain that it stood in is missing, or another export has it.`;
  if (only.blocks < number) return `The end of ${nameOf(only)} is missing: it ends with block ${only.blocks}, and block ${number} (${short}) is known.`;
  return `Block ${number} of ${nameOf(only)} has not the hash ${short} that is known: the chain was replaced, or the head is another chain's.`;
}

/**
 * @param {AsyncIterable<string> | Iterable<string>} lines
 * @param {Parameters<typeof newVerifier>[0]} [known]
 * @returns {Promise<Found>}
 */
export async function verifyLines(lines, known) {
  const verifier = newVerifier(known);
  for await (const line of lines) verifier.take(line);
  return verifier.finish();
}
