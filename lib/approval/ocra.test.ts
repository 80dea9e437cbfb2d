import { expect, test } from "vitest";
import { approvalCode, ocra, suiteOf, truncate } from "./ocra";
import { digestOf, type Statement } from "./statement";

const key = (text: string, hash: string) => crypto.subtle.importKey("raw", new TextEncoder().encode(text), { name: "HMAC", hash }, false, ["sign"]);
const digits64 = "1234567890".repeat(6) + "1234";

test("RFC 4226 section 5.4: the worked example of truncation", () => {
  const mac = Uint8Array.from("1f8698690e02ca16618550ef7f19da8e945b555a".match(/../g) ?? [], (hex) => parseInt(hex, 16));
  expect(truncate(mac, 6)).toBe("872921");
});

test("RFC 6287 C.1: time-based challenge and response", async () => {
  const suite = "OCRA-1:HOTP-SHA512-8:QN08-T1M";
  const codes = await Promise.all(["00000000", "11111111", "22222222", "33333333", "44444444"].map(async (question) =>
    ocra(await key(digits64, "SHA-512"), suite, 8, BigInt(question).toString(16), 0x132d0b6)));
  expect(codes).toEqual(["95209754", "55907591", "22048402", "24218844", "36209546"]);
});

test("the suite says hash, digits, question and time step", () => {
  expect(suiteOf({ algorithm: "SHA-256", digits: 6, timeStepSeconds: 60 })).toBe("OCRA-1:HOTP-SHA256-6:QH64-T1M");
  expect(suiteOf({ algorithm: "SHA-1", digits: 8, timeStepSeconds: 30 })).toBe("OCRA-1:HOTP-SHA1-8:QH64-T30S");
});

const transfer: Statement = { title: "振込の承認", facts: [["受取人", "カ）ミホンコウギョウ"], ["金額", "1,250,000円"]] };
const nonce = "A".repeat(43);

test("a code is for one statement and one time step", async () => {
  const shape = { algorithm: "SHA-256", digits: 6, timeStepSeconds: 60 } as const;
  const hmac = await key("k".repeat(32), "SHA-256");
  const digest = await digestOf(nonce, transfer);
  const code = await approvalCode(hmac, shape, digest, 1_000);
  expect(code).toMatch(/^\d{6}$/);
  expect(await approvalCode(hmac, shape, digest, 1_000)).toBe(code);
  expect(await approvalCode(hmac, shape, digest, 1_001)).not.toBe(code);
  expect(await approvalCode(hmac, shape, await digestOf(nonce, { ...transfer, title: "振込" }), 1_000)).not.toBe(code);
});
