import { generateSync } from "otplib";

export type Algorithm = "SHA-1" | "SHA-256" | "SHA-512";
const hashNames = { "SHA-1": "sha1", "SHA-256": "sha256", "SHA-512": "sha512" } as const;

/** RFC 6238 4.2: T = floor(unix time / X), with T0 the Unix epoch. */
export const timeStepAt = (now: Date, timeStepSeconds: number): number => Math.floor(now.getTime() / 1_000 / timeStepSeconds);

/** RFC 4226 5.3 at the counter `timeStep`. The key is raw: 16 bytes at the least, 32 for our app. */
export function oneTimePassword(key: Uint8Array, timeStep: number, algorithm: Algorithm, digits: number): string {
  return generateSync({ strategy: "hotp", secret: key, counter: timeStep, algorithm: hashNames[algorithm], digits: digits as 6 | 7 | 8 });
}
