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
let skipped = 0;
/** @type {string[]} told once more at the end, where the last lines of a long log are all that is kept */
const failures = [];

/** @param {string} title @param {string} tool @param {string[]} args */
async function clean(title, tool, args) {
  const { code, output } = await runTool(tool, args, { capture: true });
  console.log(`\n── ${title}\n${output}`);
  if (code !== 0) failures.push(title);
}

/**
 * Runs a test runner and adds up what its JSON report says; one that ends without a report has failed.
 * @param {string} title @param {string} tool @param {string[]} args
 * @param {{ file: string, env?: NodeJS.ProcessEnv, count: (report: any) => number[], failuresIn: (report: any) => string[] }} report `count`: passed, skipped
 */
async function tests(title, tool, args, { file, env = {}, count, failuresIn }) {
  console.log(`\n── ${title}`);
  const report = path.join(results, file);
  rmSync(report, { force: true });
  const { code } = await runTool(tool, args, { env: { ...process.env, ...env } });
  const before = failures.length;
  try {
    const read = JSON.parse(readFileSync(report, "utf8"));
    const [good = 0, left = 0] = count(read);
    passed += good;
    skipped += left;
    failures.push(...failuresIn(read));
  } catch {
    console.error(`${title} ended without a report.`);
  }
  if (code !== 0 && failures.length === before) failures.push(title);
}

/** What vitest's report says of failures; a file whose set-up failed has none of its tests' own. @param {any} report */
const failuresOfVitest = ({ testResults }) => testResults.filter(({ status }) => status === "failed").flatMap(({ name, message, assertionResults }) => {
  const tests = assertionResults.filter((/** @type {any} */ { status }) => status === "failed").map((/** @type {any} */ { fullName }) => fullName);
  return (tests.length ? tests : [message]).map((what) => `${path.relative(inRoot("."), name)}: ${what}`);
});

/** What Playwright's report says of them. @param {any} suite @returns {string[]} */
const failuresOfPlaywright = ({ suites = [], specs = [] }) => [
  ...specs.filter((/** @type {any} */ { ok }) => !ok).map((/** @type {any} */ { file, line, title }) => `e2e/${file}:${line}: ${title}`),
  ...suites.flatMap(failuresOfPlaywright),
];

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
  ], { file: "vitest.json", count: (report) => [report.numPassedTests, report.numPendingTests + report.numTodoTests], failuresIn: failuresOfVitest });
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
    count: ({ stats }) => [stats.expected, stats.skipped],
    failuresIn: failuresOfPlaywright,
  });

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => { failures.push(signal); interruptCommands(); });
await test().catch((error) => {
  failures.push(String(error));
  failPlainly(error instanceof Error ? error : new Plain(String(error)));
});
if (failures.length) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}\n`).join("")}`);
console.log(`\n${passed} passed, ${failures.length} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exitCode = failures.length ? 1 : 0;
