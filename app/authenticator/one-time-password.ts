import type { TokenOnPhone } from "./token";

export function timeStepAt(now: number, timeStepSeconds: number): number {
  return Math.floor(now / 1000 / timeStepSeconds);
}

export function secondsLeft(now: number, timeStepSeconds: number): number {
  return timeStepSeconds - (Math.floor(now / 1000) % timeStepSeconds);
}

/** RFC 4226 section 5.3 */
export function truncate(mac: Uint8Array, digits: number): string {
  const view = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
  const offset = view.getUint8(mac.byteLength - 1) & 0x0f;
  const number = view.getUint32(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** RFC 6238 over a key that only signs. */
export async function oneTimePassword(
  token: Pick<TokenOnPhone, "digits"> & { key: CryptoKey },
  timeStep: number,
): Promise<string> {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(timeStep));
  return truncate(new Uint8Array(await crypto.subtle.sign("HMAC", token.key, counter)), token.digits);
}
