import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The first version of each without the advisories that were known on 2026-11-25 (WEB-09). */
const mended = {
  next: "16.4.5", react: "19.3.0", "react-dom": "19.3.0", "next-auth": "4.24.15", nodemailer: "7.0.7", "drizzle-orm": "0.45.2", "@simplewebauthn/server": "13.3.2",
};

const numbers = (version: string) => version.split(/[.-]/).slice(0, 3).map(Number);

/** Whether it is no older. @param version and @param than "1.2.3" */
function isAtLeast(version: string, than: string): boolean {
  const [ours, theirs] = [numbers(version), numbers(than)];
  const first = ours.findIndex((number, at) => number !== theirs[at]);
  return first === -1 || ours[first]! > theirs[first]!;
}

test.each([["16.4.5", true], ["16.4.4", false], ["16.10.0", true], ["17.0.0", true], ["15.9.9", false]])("%s is at least 16.4.5: %s", (version, expected) => {
  expect(isAtLeast(version, "16.4.5")).toBe(expected);
});

test.each(Object.entries(mended))("no copy of %s in the lock is older than %s", (name, version) => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, { version: string }> };
  const copies = Object.entries(packages).filter(([place]) => place.endsWith(`node_modules/${name}`)).map(([, copy]) => copy.version);
  expect(copies).not.toEqual([]);
  expect(copies.filter((copy) => !isAtLeast(copy, version))).toEqual([]);
});
