import { generateSync } from "otplib";
import { expect, test } from "vitest";
import { oneTimePassword, secondsLeft, timeStepAt } from "./one-time-password";

const importKey = (raw: Uint8Array<ArrayBuffer>, hash: string) =>
  crypto.subtle.importKey("raw", raw, { name: "HMAC", hash }, false, ["sign"]);
const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test("RFC 4226 appendix D", async () => {
  const key = await importKey(ascii("12345678901234567890"), "SHA-1");
  const passwords = await Promise.all([...Array(10).keys()].map((counter) => oneTimePassword({ key, digits: 6 }, counter)));
  expect(passwords).toEqual(
    ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"],
  );
});

test.each([
  [59, "SHA-1", 20, "94287082"],
  [59, "SHA-256", 32, "46119246"],
  [59, "SHA-512", 64, "90693936"],
  [20_000_000_000, "SHA-256", 32, "77737706"],
] as const)("RFC 6238 appendix B: second %i with %s", async (seconds, hash, length, expected) => {
  const key = await importKey(ascii("1234567890".repeat(7).slice(0, length)), hash);
  expect(await oneTimePassword({ key, digits: 8 }, timeStepAt(seconds * 1000, 30))).toBe(expected);
});

test("an independent generator agrees over an hour of one-minute steps", async () => {
  const raw = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
  const key = await importKey(raw, "SHA-256");
  for (let minute = 0; minute < 60; minute++) {
    const now = Date.UTC(2026, 10, 22) + minute * 60_000 + 17_000;
    const expected = generateSync({ secret: raw, algorithm: "sha256", period: 60, epoch: now / 1000 });
    expect(await oneTimePassword({ key, digits: 6 }, timeStepAt(now, 60))).toBe(expected);
  }
});

test("the countdown never shows 0, and a step ends exactly on the minute", () => {
  const minute = Date.UTC(2026, 10, 22, 5, 32);
  expect([minute, minute + 999, minute + 59_999].map((now) => secondsLeft(now, 60))).toEqual([60, 60, 1]);
  expect(timeStepAt(minute, 60) - timeStepAt(minute - 1, 60)).toBe(1);
});
