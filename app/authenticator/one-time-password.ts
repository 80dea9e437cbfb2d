import { truncate } from "@/lib/approval/ocra";
import type { TokenOnPhone } from "./token";

export function timeStepAt(now: number, timeStepSeconds: number): number {
  return Math.floor(now / 1000 / timeStepSeconds);
}

export function secondsLeft(now: number, timeStepSeconds: number): number {
  return timeStepSeconds - (Math.floor(now / 1000) % timeStepSeconds);
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
