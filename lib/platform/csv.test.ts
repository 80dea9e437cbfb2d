import fc from "fast-check";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { toCsvLine } from "./csv";

const read = (line: string) => Papa.parse<string[]>(line.replace(/\r\n$/, ""), { delimiter: "," }).data[0];

test("a line ends with CRLF; commas, quotes, line ends and outer spaces are quoted, and come back as they were", () => {
  expect(toCsvLine(["データ花子", "haruki", ""])).toBe("データ花子,haruki,\r\n");
  const cells = ["a,b", 'say "no"', "two\nlines", "two\r\nlines", " outer ", "𠮷田 🙂", "<script>", "';DROP TABLE users;--"];
  expect(read(toCsvLine(cells))).toEqual(cells);
});

test.each([
  ["=1+1"], ["+81 3"], ["-1"], ["@SUM(A1)"], ["\t=1"], ["\r=1"], [" =1"], ["   -1"], ["\u3000=1"], ["\u00a0@x"], ["＝1+1"], ["＋1"], ["－1"], ["＠x"], ['="a"'], ["=a,b"],
])("%j gets an apostrophe before it", (cell) => {
  expect(read(toCsvLine([cell, "next"]))![0]).toMatch(/^'/);
});

test("every physical line of a cell is looked at, not only the first", () => {
  expect(read(toCsvLine(["name\n=1+1"]))).toEqual(["name\n'=1+1"]);
  expect(read(toCsvLine(["name\r\n  @x\r\nend"]))).toEqual(["name\r\n'  @x\r\nend"]);
  expect(read(toCsvLine(['a"\n=cmd|x']))).toEqual(['a"\n\'=cmd|x']);
  expect(read(toCsvLine(["\n\n-1"]))).toEqual(["\n\n'-1"]);
});

test("what begins no formula is left alone", () => {
  for (const cell of ["a=1", "1-2", "name@example.jp", "2026-11-22 14:32:05", "―", "OTP-101", "'quoted'", "::1"]) expect(read(toCsvLine([cell]))).toEqual([cell]);
});

test("whatever a cell holds, the line has as many cells, and no physical line of one begins a formula", () => {
  const text = fc.string({ unit: fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", " ", "\u3000", '"', ",", "'", "a", "花") });
  fc.assert(fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (cells) => {
    const back = read(toCsvLine(cells))!;
    expect(back).toHaveLength(cells.length);
    for (const line of back.flatMap((cell) => cell.split(/\r\n|\r|\n/))) expect(line.trimStart()).not.toMatch(/^[=+\-@\t]/);
  }));
});
