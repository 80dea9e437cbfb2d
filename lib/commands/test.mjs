// npm test: types, lint, unit and integration tests, both builds, the browser tests. `-- --without-browser` stops before the builds; npm run check asks only what needs no PostgreSQL.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureBrowser } from "./browser.mjs";
import { ensureBuilt } from "./build.mjs";
import { Plain, ensureInstalled, ensureWorkDirectory, failPlainly, inRoot, interruptCommands, runTool, workDirectory } from "./project.mjs";

const results = path.join(workDirectory, "test-results");
const { values: { quick, "without-browser": withoutBrowser } } = parseArgs({ options: { quick: { type: "boolean" }, "without-browser": { type: "boolean" } } });
const withBrowser = !quick && !withoutBrowser;

let passed = 0;
let failed = 0;
let skipped = 0;

/** @param {string} title @param {string} tool @param {string[]} args */
async function clean(title, tool, args) {
  const { code, output } = await runTool(tool, args, { capture: true });
  console.log(`\n── ${title}\n${output}`);
  if (code !== 0) failed++;
}

/**
 * Runs a test runner and adds up what its JSON report says; one that ends without a report has failed.
 * @param {string} title @param {string} tool @param {string[]} args
 * @param {{ file: string, env?: NodeJS.ProcessEnv, count: (report: any) => number[] }} report passed, failed, skipped
 */
async function tests(title, tool, args, { file, env = {}, count }) {
  console.log(`\n── ${title}`);
  const report = path.join(results, file);
  rmSync(report, { force: true });
  const { code } = await runTool(tool, args, { env: { ...process.env, ...env } });
  const before = failed;
  try {
    const [good = 0, bad = 0, left = 0] = count(JSON.parse(readFileSync(report, "utf8")));
    passed += good;
    failed += bad;
    skipped += left;
  } catch {
    console.error(`${title} ended without a report.`);
  }
  if (code !== 0 && failed === before) failed++;
}

async function test() {
  await ensureInstalled();
  ensureWorkDirectory();
  mkdirSync(results, { recursive: true });
  if (withBrowser) await ensureBrowser();

  await runTool("next/dist/bin/next", ["typegen"], { capture: true }); // next-env.d.ts is not kept in the repository
  await Promise.all([clean("Types", "typescript/bin/tsc", ["--noEmit"]), clean("Lint", "eslint/bin/eslint.js", [".", "--max-warnings=0"])]);

  const vitestReport = path.join(results, "vitest.json");
  await tests(quick ? "Unit tests" : "Unit and integration tests", "vitest/vitest.mjs", [
    "run", ...(quick ? ["--project", "alone"] : []), "--config", "lib/vitest.config.ts", "--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`,
  ], { file: "vitest.json", count: (report) => [report.numPassedTests, report.numFailedTests + (report.numFailedTestSuites && !report.numFailedTests ? 1 : 0), report.numPendingTests + report.numTodoTests] });
  if (!withBrowser) return;

  console.log("\n── Builds");
  await ensureBuilt({ qa: false });
  await ensureBuilt({ qa: true });
  await browserTests("Browser tests", "playwright.json", ["--grep-invert", "@alone"]);
  await browserTests("Browser tests that need the machine for themselves", "playwright-alone.json", ["--grep", "@alone", "--workers", "1", "--output", inRoot("e2e/results/alone")]);
}

/** @param {string} title @param {string} file @param {string[]} which */
const browserTests = (title, file, which) =>
  tests(title, "@playwright/test/cli.js", ["test", "--config", "e2e/playwright.config.ts", "--reporter=list,json", ...which], {
    file,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: path.join(results, file) },
    count: ({ stats }) => [stats.expected, stats.unexpected + stats.flaky, stats.skipped],
  });

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => { failed++; interruptCommands(); });
await test().catch((error) => {
  failed++;
  failPlainly(error instanceof Error ? error : new Plain(String(error)));
});
console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed ? 1 : 0;
