import { toBase64Url } from "../platform/base64url";

/* What somebody approves, and the one number that stands for it: for our own acts, and for whatever a bank wants signed the same way. For server and browser. */

/** As a person reads it: what is to be done, and to whom or with what, each in one line. */
export type Statement = { title: string; facts: readonly (readonly [label: string, value: string])[] };

/** What a phone reads from the PC's QR code: whose token is to approve, and what. `nonce` is base64url of 32 random bytes, new for every request. */
export type ApprovalRequest = { tokenId: string; nonce: string; statement: Statement };

/** Two statements that read differently are two texts: JSON marks where each line begins and ends. */
const textOf = ({ title, facts }: Statement): string => JSON.stringify([title, ...facts.map(([label, value]) => [label, value])]);

/**
 * SHA-256 over the nonce and the statement, base64url: a WebAuthn challenge, and the question of a code (RFC 6287). Whoever changes one character of what
 * was shown, or shows it again under another nonce, has another number.
 */
export async function digestOf(nonce: string, statement: Statement): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`ichido approval 1\n${nonce}\n${textOf(statement)}`));
  return toBase64Url(new Uint8Array(hash));
}

/** The QR code's text. */
export const approvalText = ({ tokenId, nonce, statement: { title, facts } }: ApprovalRequest): string =>
  JSON.stringify({ ichido: "approval", tokenId, nonce, title, facts });

/** What breaks a line, turns it around or cannot be seen in it (the letters here look like spaces). */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u034f\u115f\u1160\u2800\u3164\uffa0\ufffd]/gu;
/** A gap as wide as a line makes one line look like two; piled marks cover what stands beside them. */
const misleading = /^\p{Zs}|\p{Zs}{2}|\p{Zs}$|\p{M}{4}/u;

/** What a statement may say in one place. `most` is in UTF-16 units. */
export const isLine = (value: unknown, most: number): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= most && value.search(hidden) < 0 && !misleading.test(value);

/** A name of somebody's as a line of a statement: what no phone would show is 〓 there. */
export const lineOf = (text: string): string =>
  text.replace(hidden, "〓").replace(/\p{Zs}+/gu, " ").replace(/(\p{M}{3})\p{M}+/gu, "$1〓").trim();

const isFact = (fact: unknown): fact is [label: string, value: string] =>
  Array.isArray(fact) && fact.length === 2 && isLine(fact[0], 60) && isLine(fact[1], 400);

/** What a phone shows, whole and as it was meant. Whoever makes one for a phone keeps to it. */
const isStatement = (statement: { title: unknown; facts: unknown }): statement is Statement =>
  isLine(statement.title, 60) && Array.isArray(statement.facts) && statement.facts.length <= 20 && statement.facts.every(isFact);

/** Undefined for whatever else a QR code may say. */
export function readApprovalText(text: string): ApprovalRequest | undefined {
  let parsed: Record<string, unknown>;
  try {
    parsed = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { ichido, tokenId, nonce, title, facts } = parsed;
  const statement = { title, facts };
  if (ichido !== "approval" || !isLine(tokenId, 36) || typeof nonce !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(nonce) || !isStatement(statement)) return undefined;
  return { tokenId, nonce, statement };
}
