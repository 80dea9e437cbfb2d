import { expect, test } from "vitest";
import { approvalCode, ocra, suiteOf } from "./ocra";
import { approvalText, digestOf, readApprovalText, type Statement } from "./statement";

const key = (text: string, hash: string) => crypto.subtle.importKey("raw", new TextEncoder().encode(text), { name: "HMAC", hash }, false, ["sign"]);
const digits64 = "1234567890".repeat(6) + "1234";

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

test("another line, another nonce or another cut between lines is another number", async () => {
  const numbers = await Promise.all([
    digestOf(nonce, transfer),
    digestOf("B".repeat(43), transfer),
    digestOf(nonce, { ...transfer, facts: [["受取人", "カ）ミホンコウギヨウ"], ["金額", "1,250,000円"]] }),
    digestOf(nonce, { ...transfer, facts: [["受取人", "カ）ミホンコウギョウ金額"], ["", "1,250,000円"]] }),
    digestOf(nonce, { ...transfer, facts: [transfer.facts[1]!, transfer.facts[0]!] }),
  ]);
  expect(new Set(numbers).size).toBe(5);
  expect(numbers[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

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

test("the QR code's text carries a request there and back, and nothing else is one", () => {
  const request = { tokenId: "00000000-0000-4000-8000-000000000000", nonce, statement: transfer };
  expect(readApprovalText(approvalText(request))).toEqual(request);
  for (const text of ["", "null", "[]", "{", "https://example.jp/", '{"serviceId":"1","userId":"2"}', approvalText(request).replace("approval", "other"), approvalText({ ...request, nonce: "" }), approvalText({ ...request, statement: { title: "x", facts: [["a", "v".repeat(401)]] } })])
    expect(readApprovalText(text), text.slice(0, 60)).toBeUndefined();
});
