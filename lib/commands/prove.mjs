// npm run prove [-- --rounds N --runs N --seed S --without-load]: every part of the proof, one after the other; the reports are docs/proof.md and docs/proof-failover.md.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ensureInstalled, failPlainly, inRoot, runTool } from "./project.mjs";

const { values: { rounds, runs, seed, "without-load": withoutLoad } } = parseArgs({
  options: { rounds: { type: "string", default: "200" }, runs: { type: "string", default: "2000" }, seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    "without-load": { type: "boolean", default: false }, // hours: its last report stays, and the other parts are put behind it
  },
});

/** A part of the proof, and what it printed of what `wanted` says. @param {string} title @param {string} file @param {string[]} args @param {RegExp} [wanted] */
async function part(title, file, args, wanted) {
  console.log(`\n── ${title}`);
  const { code, output } = await runTool(`lib/commands/${file}`, args, { capture: wanted !== undefined });
  const lines = wanted ? output.split("\n").filter((line) => wanted.test(line)).map((line) => line.trim()) : [];
  for (const line of lines) console.log(line);
  console.log(code === 0 ? `${title}: holds` : `${title}: VIOLATED\n${output}`);
  return { title, holds: code === 0, lines };
}

async function prove() {
  await ensureInstalled();
  const load = withoutLoad ? { holds: true } : await part("Whole customers under faults", "prove-load.mjs", ["--rounds", rounds, "--seed", seed]);
  const model = await part("The rules against a model", "prove-model.mjs", ["--runs", runs, "--seed", seed], /acts (on cases )?in \d+ runs/);
  const mutants = await part("Guards taken away", "prove/mutants.mjs", [], /^(killed|ALIVE|\d+ guards)/);
  const failover = await part("Failover", "prove-failover.mjs", ["--seed", seed]);
  const report = inRoot("docs/proof.md");
  const [ofLoad = ""] = readFileSync(report, "utf8").split("\n## The rules against a model\n");
  writeFileSync(report, `${ofLoad}
## The rules against a model

\`npm run prove:model -- --runs ${runs} --seed ${seed}\`: random acts by one user, by managers and by four people at the counter, done to the rules on a real database and to models that can be read in
five minutes ([\`model.ts\`](../lib/proof/model.ts), [\`case-model.ts\`](../lib/proof/case-model.ts)); after each act answers and states are the same. **${model.holds ? "They were." : "They were not."}**

${model.lines.map((line) => `- ${line}\n`).join("")}
## Guards taken away

\`npm run prove:mutants\`: each is taken away in a copy, and the named test must fail. **${mutants.lines.at(-1) ?? "Not run."}**

${mutants.lines.slice(0, -1).map((line) => `- ${line}\n`).join("")}
## Failover

A run of its own: [proof-failover.md](proof-failover.md). **${failover.holds ? "No violation." : "Violated."}**
`);
  process.exitCode = [load, model, mutants, failover].every(({ holds }) => holds) ? 0 : 1;
}

await prove().catch(failPlainly);
