import { expect, test } from "vitest";
import { maskMailAddress, parseMailAddress } from "./address";

test.each([
  ["hanako@example.jp", "hanako@example.jp"],
  ["  hanako@example.jp　", "hanako@example.jp"],
  ["hanako＠example.jp", "hanako@example.jp"],
  ["ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"],
  ["Hanako.Data+ib@Mail.Example.JP", "Hanako.Data+ib@mail.example.jp"],
  ["a_b-c@1-2.example.co.jp", "a_b-c@1-2.example.co.jp"],
  [`${"a".repeat(64)}@example.jp`, `${"a".repeat(64)}@example.jp`],
  [`a@${["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(57)].join(".")}.jp`, `a@${["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(57)].join(".")}.jp`], // 254
])("%j is the address %j", (text, address) => {
  expect(parseMailAddress(text)).toBe(address);
});

test.each([
  "", " ", "hanako", "@", "@example.jp", "hanako@", "hanako@example", "hanako@@example.jp", "a@b@example.jp",
  "hanako@example.jp\r\nBcc: evil@example.com", "hanako@example.jp\n", "\rhanako@example.jp", "hana\0ko@example.jp", "hanako@example.jp\0", "hana\tko@example.jp",
  "hanako@example.jp,evil@example.com", "hanako@example.jp;evil@example.com", "hanako@example.jp evil@example.com", "hanako@example.jp，evil@example.com",
  "\"evil@example.com\"@example.jp", "\"hanako\"@example.jp", "<hanako@example.jp>", "データ花子 <hanako@example.jp>", "hanako(comment)@example.jp",
  "hanako@[192.0.2.1]", "hanako@192.0.2.1", "hanako@example.jp.", "hanako@.example.jp", "hanako@-example.jp", "hanako@example-.jp", "hanako@exa_mple.jp",
  ".hanako@example.jp", "hanako.@example.jp", "ha..nako@example.jp", "mailto:hanako@example.jp",
  "hanako@exаmple.jp", "hanako@xn--exmple-4nf.jp", "hanako@日本語.jp", "花子@example.jp", "hanako@examp\u200dle.jp", "hanako@ⓔxample.jp", "\u202ehanako@example.jp",
  `${"a".repeat(65)}@example.jp`, `a@${"b".repeat(64)}.jp`, `${"a".repeat(60)}@${`${"b".repeat(60)}.`.repeat(4)}jp`, "a".repeat(300), `${"a@".repeat(5_000)}b.jp`,
])("%j is no address", (text) => {
  expect(parseMailAddress(text)).toBeUndefined();
});

test("a masked address tells its first letter and its domain", () => {
  expect(maskMailAddress("hanako@example.jp")).toBe("h****@example.jp");
  expect(maskMailAddress("a@example.jp")).toBe("****@example.jp");
});

test("a body full of spaces takes no time", () => {
  const begun = performance.now();
  expect(parseMailAddress(`x${" ".repeat(16_000)}x`)).toBeUndefined();
  expect(performance.now() - begun).toBeLessThan(100);
});
