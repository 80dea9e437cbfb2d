// The arithmetic of the audit log's chains: hashes, heads, signatures. It is the sealing's, and the auditor's who has Node and nothing else of ours.
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

/** Every column of an event, in the order in which it is hashed. All are text as PostgreSQL writes it, or null. */
export const columns = /** @type {const} */ ([
  "id", "transaction", "at", "name", "result", "code", "corporationId", "actorKind", "actorId", "userId", "requestId", "network", "browser", "details",
]);

/** The chain of what concerns no company; a company's chain has the company's id. */
export const institutionChain = "00000000-0000-0000-0000-000000000000";

/** What stands for the hash before the first block. */
export const beforeTheFirst = "0".repeat(64);

/**
 * @typedef {Record<(typeof columns)[number], string | null>} Row
 * @typedef {object} Block
 * @property {string} chain
 * @property {number} number 1, 2, 3 … in its chain
 * @property {string} previous hash of the block before it
 * @property {string} upToTransaction
 * @property {string} upToEvent the last row covered
 * @property {string} sealedAt
 * @property {string[]} rowHashes one for each row, in the order of their transactions and ids
 */

/** @param {string} text */
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** JSON keeps fields apart: no two rows have one text. @param {Row} row @returns {string} */
export const hashOfRow = (row) => sha256(JSON.stringify(["ichido audit row 1", ...columns.map((column) => row[column])]));

/** @param {Block} block @returns {string} */
export const hashOfBlock = ({ chain, number, previous, upToTransaction, upToEvent, sealedAt, rowHashes }) =>
  sha256(JSON.stringify(["ichido audit block 1", chain, number, previous, rowHashes.length, upToTransaction, upToEvent, sealedAt, ...rowHashes]));

/** What is signed: a head, or the end of an export; never one for the other. @param {"head" | "export"} what @param {string} hash */
const signedText = (what, hash) => Buffer.from(`ichido audit ${what} 1 ${hash}`);

// RFC 8410: what stands before the 32 bytes of an Ed25519 key.
const privateKeyBegins = Buffer.from("302e020100300506032b657004220420", "hex");
const publicKeyBegins = Buffer.from("302a300506032b6570032100", "hex");

/** @param {string} seed AUDIT_SIGNING_KEY: base64 of 32 bytes */
export function signerOf(seed) {
  const key = createPrivateKey({ key: Buffer.concat([privateKeyBegins, Buffer.from(seed, "base64")]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(publicKeyBegins.length).toString("base64");
  return { publicKey, sign: (/** @type {"head" | "export"} */ what, /** @type {string} */ hash) => sign(null, signedText(what, hash), key).toString("base64") };
}

/** @param {string} publicKey base64 of 32 bytes @returns {(what: "head" | "export", hash: string, signature: string) => boolean} */
export function checkerOf(publicKey) {
  const key = createPublicKey({ key: Buffer.concat([publicKeyBegins, Buffer.from(publicKey, "base64")]), format: "der", type: "spki" });
  return (what, hash, signature) => verify(null, signedText(what, hash), key, Buffer.from(signature, "base64"));
}

/** @param {unknown} text */
export const isPublicKey = (text) => typeof text === "string" && /^[A-Za-z0-9+/]{43}=$/.test(text);

/** A short name for a key, for people to compare. @param {string} publicKey @returns {string} */
export const fingerprintOf = (publicKey) => createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("hex").match(/.{4}/g)?.slice(0, 8).join("-") ?? "";
