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
  return base64url(new Uint8Array(hash));
}

const base64url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The QR code's text. */
export const approvalText = ({ tokenId, nonce, statement: { title, facts } }: ApprovalRequest): string =>
  JSON.stringify({ ichido: "approval", tokenId, nonce, title, facts });

const isText = (value: unknown, most: number): value is string => typeof value === "string" && value.length > 0 && value.length <= most;

/** Undefined for whatever else a QR code may say. */
export function readApprovalText(text: string): ApprovalRequest | undefined {
  let parsed: Record<string, unknown>;
  try {
    parsed = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { ichido, tokenId, nonce, title, facts } = parsed;
  if (ichido !== "approval" || !isText(tokenId, 36) || !isText(nonce, 43) || !isText(title, 60) || !Array.isArray(facts) || facts.length > 20) return undefined;
  const lines = facts.filter((fact): fact is [string, string] => Array.isArray(fact) && fact.length === 2 && isText(fact[0], 60) && isText(fact[1], 400));
  return lines.length === facts.length ? { tokenId, nonce, statement: { title, facts: lines } } : undefined;
}
