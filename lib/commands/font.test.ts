import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codePointsOf, shownCharacters, unicodeRangeOf } from "./shown-characters";

test("a page's sentences are in the two files that every page loads (npm run font)", () => {
  const faces = [...readFileSync("app/ui/font/font.css", "utf8").matchAll(/unicode-range: ([^;]+);/g)].map(([, range]) => new Set(codePointsOf(range!)));
  expect(faces).toHaveLength(2);
  const shown = shownCharacters();
  expect(shown.length).toBeGreaterThan(600);
  for (const face of faces) expect(String.fromCodePoint(...shown.filter((point) => !face.has(point)))).toBe("");
});

test("a range is written as CSS has it, and read back", () => {
  expect(unicodeRangeOf([0x21, 0x22, 0x23, 0x30, 0x3042, 0x3043])).toBe("U+21-23, U+30, U+3042-3043");
  expect(codePointsOf("U+21-23, U+30, U+3042-3043")).toEqual([0x21, 0x22, 0x23, 0x30, 0x3042, 0x3043]);
});
