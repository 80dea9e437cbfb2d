import { randomBytes } from "node:crypto";
import { macs } from "@/lib/platform/keys";
import { withoutSeparators } from "@/lib/platform/separators";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford base32: no I, L, O, U
const purpose = "issuance link code";

/** Eight characters, 40 random bits (R10). */
export const newLinkCode = (): string => Array.from(randomBytes(8), (byte) => alphabet[byte & 31]).join("");

/** What a person may have typed: lower case, hyphens, O for 0, I and L for 1. Undefined if it is no code. */
export function normalizeLinkCode(text: string): string | undefined {
  if (text.length > 40) return undefined;
  const plain = withoutSeparators(text).toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(plain) ? plain : undefined;
}

/** The MACs a stored code may have, one per key of the ring; the first is the one to store. */
export const linkCodeMacs = (code: string): [string, ...string[]] => macs(purpose, code);
