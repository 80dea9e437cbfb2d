import { expect, test } from "vitest";
import { approvalText, digestOf, lineOf, readApprovalText, type Statement } from "./statement";

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

test("the QR code's text carries a request there and back, and nothing else is one", () => {
  const request = { tokenId: "00000000-0000-4000-8000-000000000000", nonce, statement: transfer };
  expect(readApprovalText(approvalText(request))).toEqual(request);
  for (const text of ["", "null", "[]", "{", "https://example.jp/", '{"serviceId":"1","userId":"2"}', approvalText(request).replace("approval", "other"), approvalText({ ...request, nonce: "" }), approvalText({ ...request, statement: { title: "x", facts: [["a", "v".repeat(401)]] } })])
    expect(readApprovalText(text), text.slice(0, 60)).toBeUndefined();
});

const asRead = (value: string) => readApprovalText(approvalText({ tokenId: "t", nonce, statement: { title: "振込の承認", facts: [["受取人", value]] } }))?.statement.facts[0]?.[1];

test.each([
  ["a line break", "カ）ミホン\n金額：1円"],
  ["a carriage return", "カ）ミホン\r"],
  ["a tabulator", "カ）ミホン\t1円"],
  ["a line separator", "カ）ミホン\u2028金額"],
  ["a paragraph separator", "カ）ミホン\u2029金額"],
  ["a right-to-left override", "\u202e円000,1"],
  ["an isolate", "\u2067カ）ミホン\u2069"],
  ["a zero-width space", "カ）ミホン\u200bコウギョウ"],
  ["a soft hyphen", "カ）ミ\u00adホン"],
  ["a byte-order mark", "\ufeffカ）ミホン"],
  ["a null", "カ）ミホン\0"],
  ["half of a character", "カ）ミホン\ud842"],
  ["a private letter", "カ）ミホン\ue000"],
  ["what was lost on the way", "カ）ミ\ufffdン"],
  ["a letter that nobody sees", "カ）ミホン\u3164金額"],
  ["a gap", "カ）ミホン　　　　　　　　金額：1円"],
  ["a gap of two kinds of space", "カ）ミホン \u00a0金額"],
  ["a space before it", " カ）ミホン"],
  ["a space after it", "カ）ミホン　"],
  ["only a space", "　"],
  ["piled marks", `カ）ミホン${"\u0336".repeat(4)}`],
])("a line with %s is not one that a phone shows", (_, value) => {
  expect(asRead(value)).toBeUndefined();
});

test.each(["カ）ミホンコウギョウ", "𠮷田　花子", "葛\u{e0100}城 太郎", "<b>1円</b>", "か\u3099", "1,250,000円"])("%s is shown as it is", (value) => {
  expect(asRead(value)).toBe(value);
});

test.each([
  ["データ　花子", "データ 花子"],
  [" haruki   データ\n花子 ", "haruki データ〓花子"],
  [`\u202e円1${"\u0336".repeat(9)}\u3164`, `〓円1${"\u0336".repeat(3)}〓〓`],
  ["葛\u{e0100}城", "葛\u{e0100}城"],
])("whatever somebody is called has a line that a phone shows: %j", (name, line) => {
  expect(lineOf(name)).toBe(line);
  expect(asRead(lineOf(name))).toBe(line);
});
