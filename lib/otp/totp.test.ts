import { execFileSync, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { oneTimePassword, timeStepAt } from "./totp";

const ascii = (text: string, length: number) => Buffer.from(text.repeat(4).slice(0, length));
const digits = "1234567890";

describe("RFC 4226 appendix D", () => {
  const expected = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
  test.each(expected.map((password, counter) => [counter, password] as const))("counter %i gives %s", (counter, password) => {
    expect(oneTimePassword(ascii(digits, 20), counter, "SHA-1", 6)).toBe(password);
  });
});

describe("RFC 6238 appendix B", () => {
  const keys = { "SHA-1": ascii(digits, 20), "SHA-256": Buffer.from("12345678901234567890123456789012"), "SHA-512": Buffer.from("1234567890".repeat(7).slice(0, 64)) };
  const rows = [
    [59, "94287082", "46119246", "90693936"],
    [1111111109, "07081804", "68084774", "25091201"],
    [1111111111, "14050471", "67062674", "99943326"],
    [1234567890, "89005924", "91819424", "93441116"],
    [2000000000, "69279037", "90698825", "38618901"],
    [20000000000, "65353130", "77737706", "47863826"],
  ] as const;
  test.each(rows)("at %i s", (unixSeconds, sha1, sha256, sha512) => {
    const timeStep = timeStepAt(new Date(unixSeconds * 1_000), 30);
    expect(oneTimePassword(keys["SHA-1"], timeStep, "SHA-1", 8)).toBe(sha1);
    expect(oneTimePassword(keys["SHA-256"], timeStep, "SHA-256", 8)).toBe(sha256);
    expect(oneTimePassword(keys["SHA-512"], timeStep, "SHA-512", 8)).toBe(sha512);
  });
});

test("a time step is 60 seconds from the Unix epoch", () => {
  expect(timeStepAt(new Date(59_999), 60)).toBe(0);
  expect(timeStepAt(new Date(60_000), 60)).toBe(1);
});

test("leading zeros survive", () => {
  const key = Buffer.alloc(32, 7);
  const timeStep = Array.from({ length: 100 }, (_, step) => step).find((step) => oneTimePassword(key, step, "SHA-256", 6).startsWith("0"))!;
  expect(oneTimePassword(key, timeStep, "SHA-256", 6)).toMatch(/^0[0-9]{5}$/);
});

/** RFC 4226 5.3 written a second time, without a library. */
function byHand(key: Buffer, timeStep: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(timeStep));
  const mac = createHmac("sha256", key).update(counter).digest();
  return String((mac.readUInt32BE(mac.at(-1)! & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const dayOfSteps = Array.from({ length: 1_440 }, (_, step) => timeStepAt(new Date("2026-11-22T00:00:00Z"), 60) + step);
const key = Buffer.from("6b65792d6f662d6f75722d6f776e2d66", "hex");

test("a day of time steps agrees with the algorithm written by hand", () => {
  expect(dayOfSteps.map((timeStep) => oneTimePassword(key, timeStep, "SHA-256", 6))).toEqual(dayOfSteps.map((timeStep) => byHand(key, timeStep)));
});

const oathtool = spawnSync("oathtool", ["--version"]).status === 0;

test.runIf(oathtool)("a day of time steps agrees with oathtool", () => {
  const output = execFileSync("oathtool", ["--totp=sha256", "--time-step-size=60s", "--digits=6", "--now=2026-11-22 00:00:00 UTC", `--window=${dayOfSteps.length - 1}`, key.toString("hex")]);
  expect(dayOfSteps.map((timeStep) => oneTimePassword(key, timeStep, "SHA-256", 6))).toEqual(output.toString().trim().split("\n"));
});
