import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { printedDocs } from "./printed-docs";

test.each(Object.entries(printedDocs()))("%s is what the tables say (npm run docs)", (file, text) => {
  expect(readFileSync(file, "utf8")).toBe(text);
});
