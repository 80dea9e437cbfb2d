import type { Algorithm } from "@/lib/otp/totp";
import { fromBase64Url } from "../platform/base64url";

/* OCRA (RFC 6287), as far as we use it: a question and a time step, no counter, PIN or session. For server and phone: the key only signs. */

/** What a token is, as far as its codes go. `timeStepSeconds` is 1–59, or whole minutes. */
type CodeShape = { algorithm: Algorithm; digits: number; timeStepSeconds: number };

/** RFC 6287 6: the suite's name is part of what is signed. The question is 64 hexadecimal digits: a SHA-256. */
export function suiteOf({ algorithm, digits, timeStepSeconds }: CodeShape): string {
  const step = timeStepSeconds % 60 === 0 ? `${timeStepSeconds / 60}M` : `${timeStepSeconds}S`;
  return `OCRA-1:HOTP-${algorithm.replace("-", "")}-${digits}:QH64-T${step}`;
}

/** RFC 6287 5.1: suite, a zero byte, the question filled up with zeros to 128 bytes, the time step in 8 bytes. `question` is hexadecimal. */
export function dataInput(suite: string, question: string, timeStep: number): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(suite);
  const data = new Uint8Array(name.length + 1 + 128 + 8);
  data.set(name);
  for (const [at, byte] of (question.padEnd(256, "0").match(/../g) ?? []).entries()) data[name.length + 1 + at] = Number.parseInt(byte, 16);
  new DataView(data.buffer).setBigUint64(name.length + 129, BigInt(timeStep));
  return data;
}

/** RFC 4226 5.3 */
export function truncate(mac: Uint8Array, digits: number): string {
  const view = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
  const offset = view.getUint8(mac.byteLength - 1) & 0x0f;
  return String((view.getUint32(offset) & 0x7fff_ffff) % 10 ** digits).padStart(digits, "0");
}

/** The code for a suite. `key` is an HMAC key of the suite's hash. */
export const ocra = async (key: CryptoKey, suite: string, digits: number, question: string, timeStep: number): Promise<string> =>
  truncate(new Uint8Array(await crypto.subtle.sign("HMAC", key, dataInput(suite, question, timeStep))), digits);

/** The code that approves what `digest` (base64url, see ./statement) stands for, in one time step. */
export const approvalCode = (key: CryptoKey, shape: CodeShape, digest: string, timeStep: number): Promise<string> =>
  ocra(key, suiteOf(shape), shape.digits, hexOf(digest), timeStep);

const hexOf = (digest: string): string => Array.from(fromBase64Url(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
