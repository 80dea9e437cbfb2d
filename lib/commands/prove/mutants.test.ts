import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mutants } from "./mutants-list.mjs";

// The short form of `npm run prove:mutants`: that each guard still stands where the list says, and that its test is there.
test.each(mutants)("$guard: it stands in its file once, and a test is named for it", ({ file, original, mutant, testFile, test: name }) => {
  const text = readFileSync(file, "utf8");
  expect(text.split(original)).toHaveLength(2);
  expect(mutant).not.toBe(original);
  const tests = readFileSync(testFile, "utf8");
  const [words] = name.split(/: (?=nothing|let in|false|true)|, turned away| for | is \d/); // of a test.each the table's words are no text of the file
  expect(tests.includes(name) || tests.includes("test.each")).toBe(true);
  expect(words).toBeDefined();
});

test("there are twenty at the least, each guard once", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(20);
  expect(new Set(mutants.map(({ guard }) => guard)).size).toBe(mutants.length);
});
