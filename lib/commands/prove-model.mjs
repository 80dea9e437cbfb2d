// npm run prove:model [-- --runs N --seed S --processes P --minutes M]: the rules against lib/invariants/model.ts and case-model.ts, for as long as one likes;
// docs/proof-model.md is the report. npm test has the short form. What differs says its seed and path: --runs N --seed S --path P plays it again.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Plain, ensureInstalled, failPlainly, inRoot, run, runTool } from "./project.mjs";
import { modelReportOf } from "./prove/model-report.mjs";

const runsOfPart = 250; // a part has a database of its own, which stays small, and a seed that is soon played again

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" }, seed: { type: "string" }, path: { type: "string" }, processes: { type: "string", default: "2" }, minutes: { type: "string", default: "1440" },
    report: { type: "string", default: inRoot("docs/proof-model.md") },
  },
});
const [runs, processes, minutes] = [Number(options.runs), Number(options.processes), Number(options.minutes)];
const firstSeed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));

/** What it did; "differs", or "cut short" by whatever else may end a process. @param {number} seed @param {number} runsHere @returns {Promise<import("./prove/model-report.mjs").Part | "differs" | "cut short">} */
async function provePart(seed, runsHere) {
  const began = performance.now();
  const { code, output } = await runTool("vitest/vitest.mjs", ["run", "--config", "lib/vitest.config.ts", "lib/invariants/model.test.ts", "lib/invariants/case-model.test.ts", "--disable-console-intercept"], {
    env: { ...process.env, ICHIDO_MODEL_RUNS: String(runsHere), ICHIDO_MODEL_SEED: String(seed), ICHIDO_MODEL_PATH: options.path }, capture: true,
  });
  if (code !== 0) {
    const differs = output.includes("Property failed");
    console.log(`${output}\n${differs ? `Again with: npm run prove:model -- --runs ${runsHere} --seed ${seed}, and --path with the path above` : `seed ${seed}: ended without a result, and is not counted`}`);
    return differs ? "differs" : "cut short";
  }
  const [acts, onCases] = [/(\d+) acts in/, /(\d+) acts on cases in/].map((words) => Number(words.exec(output)?.[1]));
  const part = { seed, acts: acts ?? NaN, onCases: onCases ?? NaN };
  console.log(`seed ${seed}: ${part.acts} acts, ${part.onCases} acts on cases, ${Math.round((part.acts + part.onCases) / (performance.now() - began) * 1_000)} a second`);
  return part;
}

async function prove() {
  if (![runs, processes, minutes].every((count) => Number.isInteger(count) && count > 0) || !Number.isInteger(firstSeed)) throw new Plain("Usage: npm run prove:model [-- --runs N --seed S --processes P --minutes M]");
  await ensureInstalled();
  const began = performance.now();
  const minutesGone = () => (performance.now() - began) / 60_000;
  const waiting = Array.from({ length: Math.ceil(runs / runsOfPart) }, (_, index) => ({ seed: firstSeed + index, runsHere: Math.min(runsOfPart, runs - index * runsOfPart) }));
  /** @type {import("./prove/model-report.mjs").Part[]} */
  const parts = [];
  /** @type {number[]} */
  const failed = [];
  let whole = true;
  await Promise.all(Array.from({ length: processes }, async () => {
    for (let next; whole && failed.length === 0 && minutesGone() < minutes && (next = waiting.shift());) {
      const part = await provePart(next.seed, next.runsHere);
      if (part === "differs") failed.push(next.seed);
      else if (part === "cut short") whole = false;
      else parts.push(part);
    }
  }));
  const report = modelReportOf({
    date: new Date().toISOString().slice(0, 10), commit: (await run("git", ["rev-parse", "--short", "HEAD"], { capture: true })).output.trim(),
    command: `npm run prove:model -- --runs ${runs} --seed ${firstSeed} --processes ${processes}${options.minutes === "1440" ? "" : ` --minutes ${minutes}`}`,
    minutes: Math.max(1, Math.round(minutesGone())), processes, asked: runs, runsOfPart: Math.min(runsOfPart, runs), parts, failed,
  });
  if (!options.path) writeFileSync(options.report, report);
  console.log(`\n${/** @type {RegExpExecArray} */ (/^\*\*(.+)\*\*/m.exec(report))[1]}`);
  process.exitCode = whole && failed.length === 0 && parts.length > 0 ? 0 : 1;
}

await prove().catch(failPlainly);
