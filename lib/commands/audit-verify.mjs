// Checks an export of the audit log. Needs Node 20.9, this file and `lib/audit/{chain,verify}.mjs`: no package, no database, no environment.
import { createReadStream, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { fingerprintOf, institutionChain, isPublicKey } from "../audit/chain.mjs";
import { Broken, verifyLines } from "../audit/verify.mjs";

const usage = `Usage: npm run audit:verify -- FILE [--public-key BASE64 | --public-key-file FILE] [--head NUMBER:HASH …]
  --public-key  what npm run audit:public-key prints, from the institution and not from whoever gave you the file
  --head        number and hash of a block, from a receipt of the counter or a monthly mail: shows whether the end is there`;

class Wrong extends Error {}

/** @param {string} text */
function headOf(text) {
  const [, number, hash] = /^(\d{1,10}):([0-9a-f]{64})$/.exec(text.replace(/\s/g, "").toLowerCase()) ?? [];
  if (!number || !hash) throw new Wrong(`${JSON.stringify(text)} is not NUMBER:HASH, a block's number and the 64 digits of its hash.`);
  return { number: Number(number), hash };
}

/** @param {string[]} args */
function asked(args) {
  const { values, positionals: [file, ...more] } = parseArgs({
    args, allowPositionals: true, options: { "public-key": { type: "string" }, "public-key-file": { type: "string" }, head: { type: "string", multiple: true } },
  });
  if (!file || more.length > 0) throw new Wrong(usage);
  const keyFile = values["public-key-file"];
  const publicKey = keyFile === undefined ? values["public-key"] : readFileSync(keyFile, "utf8").trim();
  if (publicKey !== undefined && !isPublicKey(publicKey)) throw new Wrong("The public key is not base64 of 32 bytes, as npm run audit:public-key prints it.");
  return { file, publicKey, heads: (values.head ?? []).map(headOf) };
}

/** @param {string} text */
const printable = (text) => text.replace(/\p{C}/gu, "?");

/** @param {import("../audit/verify.mjs").Found} found @param {{ publicKey?: string, heads: unknown[] }} known */
function words(found, { publicKey, heads }) {
  const chains = found.chains.map(({ chain, contractNumber, blocks, rows, head }) =>
    `  ${chain === institutionChain ? "institution" : `contract ${contractNumber ?? "?"} (${chain})`}: ${blocks} blocks, ${rows} rows${head ? `; head ${head.number}:${head.hash} of ${head.sealedAt}` : ""}`);
  return printable(`OK: ${found.chains.length} chains, ${found.blocks} blocks, ${found.rows} rows of ${found.institution}, exported ${found.at}, are as they were sealed${heads.length > 0 ? `; ${heads.length === 1 ? "the head" : `the ${heads.length} heads`} that you know ${heads.length === 1 ? "is" : "are"} there` : ""}.`)
    + `\n${chains.map(printable).join("\n")}`
    + (publicKey === undefined ? `\nThe key was taken from the file itself (fingerprint ${fingerprintOf(found.publicKey)}): ask the institution whether it is theirs, or give --public-key.` : "");
}

/** @param {string[]} args @returns {Promise<{ code: number, said: string }>} */
export async function verifyFile(args) {
  try {
    const { file, ...known } = asked(args);
    const input = createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 18 });
    const failed = new Promise((_, reject) => input.once("error", reject)); // readline would end as if the file did
    failed.catch(() => {});
    const found = await Promise.race([verifyLines(createInterface({ input, crlfDelay: Infinity }), known), failed]);
    return { code: 0, said: words(/** @type {import("../audit/verify.mjs").Found} */ (found), known) };
  } catch (error) {
    const { name, message } = /** @type {Error & { code?: string }} */ (error);
    const plain = error instanceof Wrong || error instanceof Broken || (error instanceof Error && "code" in error);
    if (!plain) throw error;
    return { code: 1, said: error instanceof Broken ? `NOT OK: ${message}` : name === "TypeError" ? `${message}\n\n${usage}` : message };
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  const { code, said } = await verifyFile(process.argv.slice(2));
  (code === 0 ? console.log : console.error)(said);
  process.exitCode = code;
}
