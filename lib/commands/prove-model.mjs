// npm run prove:model [-- --runs N --seed S --processes P --minutes M]: the rules against lib/proof/model.ts and case-model.ts, for as long as one likes.
// npm test has the short form. What fails says its seed and path: --runs N --seed S --path P plays it again.
import { parseArgs } from "node:util";
import { ensureInstalled, failPlainly, runTool } from "./project.mjs";

const runsOfPart = 250; // each part has a database of its own, which is thrown away: it stays small, and so is what a seed has to play again

const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "1000" }, seed: { type: "string" }, path: { type: "string" }, processes: { type: "string", default: "2" }, minutes: { type: "string", default: "1440" } },
});
const firstSeed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
const until = performance.now() + Number(options.minutes) * 60_000;

const files = { acts: "lib/proof/model.test.ts", "acts on cases": "lib/proof/case-model.test.ts" };

async function prove() {
  await ensureInstalled();
  const parts = Array.from({ length: Math.ceil(Number(options.runs) / runsOfPart) }, (_, index) => ({ seed: firstSeed + index, runs: Math.min(runsOfPart, Number(options.runs) - index * runsOfPart) }));
  const asked = parts.length;
  const done = { acts: 0, "acts on cases": 0 };
  let [runs, failed] = [0, 0];

  /** @param {{ seed: number, runs: number }} part */
  async function provePart({ seed, runs: runsHere }) {
    const began = performance.now();
    const { code, output } = await runTool("vitest/vitest.mjs", ["run", "--config", "lib/vitest.config.ts", ...Object.values(files), "--disable-console-intercept"], {
      env: { ...process.env, ICHIDO_MODEL_RUNS: String(runsHere), ICHIDO_MODEL_SEED: String(seed), ICHIDO_MODEL_PATH: options.path }, capture: true,
    });
    if (code !== 0) {
      failed += 1;
      return console.log(`${output}\nAgain with: npm run prove:model -- --runs ${runsHere} --seed ${seed}, and the path above as --path`);
    }
    runs += runsHere;
    /** @param {keyof typeof done} kind */
    const count = (kind) => Number(new RegExp(`(\\d+) ${kind} in`).exec(output)?.[1]);
    const [acts, onCases] = [count("acts"), count("acts on cases")];
    done.acts += acts;
    done["acts on cases"] += onCases;
    console.log(`seed ${seed}: ${acts} acts, ${onCases} acts on cases, ${Math.round((acts + onCases) / (performance.now() - began) * 1_000)} a second`);
  }

  await Promise.all(Array.from({ length: Number(options.processes) }, async () => {
    while (failed === 0 && parts.length > 0 && performance.now() < until) await provePart(/** @type {typeof parts[number]} */ (parts.shift()));
  }));
  const seeds = asked - parts.length;
  console.log(`${done.acts} acts in ${runs} runs, ${done["acts on cases"]} acts on cases: seeds ${firstSeed} to ${firstSeed + seeds - 1}, ${failed} failed`);
  process.exitCode = failed === 0 && runs > 0 ? 0 : 1;
}

await prove().catch(failPlainly);
