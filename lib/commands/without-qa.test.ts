import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { demoTraces } from "./without-qa.mjs";

function buildWith(files: Record<string, string>): string {
  const output = mkdtempSync(path.join(os.tmpdir(), "ichido-build-"));
  onTestFinished(() => rmSync(output, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(output, name)), { recursive: true });
    writeFileSync(path.join(output, name), text);
  }
  return output;
}

test("a production build that names anything of the demo is refused, with the place", () => {
  const output = buildWith({ "server/chunks/a.js": 'fetch("/qa/api/clock")', "static/b.js": "…Kakunin-demo-2026…", "server/c.js.map": "update qa.clock" });
  expect(demoTraces(output).sort()).toEqual([
    'server/c.js.map contains "qa.clock"', 'server/chunks/a.js contains "/qa/api"', 'static/b.js contains "Kakunin-demo"',
  ]);
});

test("what is not of the demo passes; the compiler's cache is not looked at", () => {
  expect(demoTraces(buildWith({ "server/app/login.html": "ログイン", "cache/x": "qa.mailbox", "server/cache.js": "aqua.clocks" }))).toEqual([]);
});
