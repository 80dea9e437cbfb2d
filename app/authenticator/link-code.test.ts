import { expect, test } from "vitest";
import { codeInFragment, linkCode, plain, readQrText } from "./link-code";

test.each([
  ["４８２１　０９３７ 1156", "482109371156"],
  ["4821-0937‐1156", "482109371156"],
  ["2026−11ー22", "20261122"],
  [" \t\n", ""],
])("%j is read as %j", (typed, read) => expect(plain(typed)).toBe(read));

test.each([
  ["ABCD-2345", "ABCD2345"],
  ["abcd 2345", "ABCD2345"],
  ["ＡＢＣＤ－２３４５", "ABCD2345"],
  ["oil0-ABCD", "0110ABCD"],
])("受付コード %j is %s", (typed, code) => expect(linkCode(typed)).toBe(code));

test.each(["", "ABCD234", "ABCD23456", "ABCD234U", "ABCD234あ", "<script>"])("%j cannot be a 受付コード", (typed) =>
  expect(linkCode(typed)).toBeUndefined(),
);

test("the fragment of a mailed link is read, and a cut or foreign one is told from none", () => {
  expect(codeInFragment("#ABCD2345")).toEqual({ kind: "code", code: "ABCD2345" });
  expect(codeInFragment("#abcd%2D2345")).toEqual({ kind: "code", code: "ABCD2345" });
  expect(codeInFragment("")).toEqual({ kind: "absent" });
  expect(codeInFragment("#ABC")).toEqual({ kind: "malformed" });
  expect(codeInFragment("#%E0%A4%A")).toEqual({ kind: "malformed" });
});

test("the QR code is ours or nothing", () => {
  expect(readQrText("ICHIDO:100200:482109371156")).toEqual({ serviceId: "100200", userId: "482109371156" });
  for (const foreign of ["https://example.jp/", "ICHIDO:100200:4821", "ICHIDO::482109371156", "ICHIDO:1:482109371156:x", ""])
    expect(readQrText(foreign)).toBeUndefined();
});
