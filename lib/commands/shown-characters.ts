import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const codePoints = (from: number, to = from) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const everywhere = [...codePoints(0x20, 0x7e), ...codePoints(0x3041, 0x30ff), ...codePoints(0xff10, 0xff19)]; // ASCII, kana, wide digits: of names and addresses, too
const writtenByIntl = [..."日月火水木金土"].map((character) => character.codePointAt(0)!);

/** The code points of a CSS `unicode-range`. */
export const codePointsOf = (unicodeRange: string): number[] =>
  [...unicodeRange.matchAll(/U\+([0-9a-f]+)(?:-([0-9a-f]+))?/gi)].flatMap(([, from, to]) => codePoints(parseInt(from!, 16), parseInt(to ?? from!, 16)));

/** The other way round, of sorted code points. */
export function unicodeRangeOf(points: number[]): string {
  const starts = points.filter((point, index) => points[index - 1] !== point - 1);
  const ends = points.filter((point, index) => points[index + 1] !== point + 1);
  return starts.map((start, index) => (start === ends[index] ? `U+${start.toString(16)}` : `U+${start.toString(16)}-${ends[index]!.toString(16)}`)).join(", ");
}

/** The characters of this product's own sentences that Noto Sans JP has, as sorted code points. */
export function shownCharacters(): number[] {
  const slices = createRequire(import.meta.url)("@fontsource-variable/noto-sans-jp/unicode.json") as Record<string, string>;
  const font = new Set(Object.values(slices).flatMap(codePointsOf));
  const sources = globSync("{app,lib}/**/*.{ts,tsx}").filter((file) => !/\.test\.|^lib\/commands/.test(file));
  const written = sources.flatMap((file) => [...readFileSync(file, "utf8")].map((character) => character.codePointAt(0)!));
  return [...new Set([...everywhere, ...writtenByIntl, ...written])].filter((point) => point >= 0x20 && font.has(point)).sort((a, b) => a - b);
}
