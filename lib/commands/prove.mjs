// npm run prove [-- --parts "load model mutants failover" --rounds N --runs N --seed S]: the parts of the proof, one after the other. The reports are docs/proof.md,
// docs/proof-model.md and docs/proof-failover.md. `--parts none` runs nothing and puts the others' results behind the load's last report.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ensureInstalled, failPlainly, inRoot, runTool } from "./project.mjs";

const { values: { parts, rounds, runs, seed } } = parseArgs({
  options: { parts: { type: "string", default: "load model mutants failover" }, rounds: { type: "string", default: "200" }, runs: { type: "string", default: "2000" }, seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) } },
});
const report = inRoot("docs/proof.md");
const titles = { model: "The rules against a model", mutants: "Guards taken away", failover: "Failover" };

/** Runs a part where it is asked for. @param {string} name @param {string} file @param {string[]} args @param {boolean} [capture] */
async function part(name, file, args, capture = false) {
  if (!parts.split(/[ ,]+/).includes(name)) return undefined;
  console.log(`\n── ${name}`);
  const { code, output } = await runTool(`lib/commands/${file}`, args, { capture });
  if (capture) console.log(output);
  console.log(`${name}: ${code === 0 ? "holds" : "VIOLATED"}`);
  return { holds: code === 0, output };
}

/** A part with a report of its own: where that is, and what it says first. @param {string} name */
function linkTo(name) {
  const file = `proof-${name}.md`;
  const [said = "Not run."] = existsSync(inRoot("docs", file)) ? /^\*\*.+\*\*/m.exec(readFileSync(inRoot("docs", file), "utf8")) ?? [] : [];
  return `A run of its own: [${file}](${file}). ${said}`;
}

/** @param {string} output */
function mutantsReport(output) {
  const lines = output.split("\n").filter((line) => /^(killed|ALIVE|\d+ guards)/.test(line));
  return `\`npm run prove:mutants\`: each is taken away in a copy, and the named test must fail. **${lines.at(-1) ?? "Not run."}**\n\n${lines.slice(0, -1).map((line) => `- ${line}`).join("\n")}`;
}

/** What a section says; each is the end of one title's to the next one's. @param {string} text @param {string} title */
const sectionOf = (text, title) => text.split(`\n## ${title}\n`)[1]?.split("\n## ")[0]?.trim();

async function prove() {
  await ensureInstalled();
  const before = existsSync(report) ? readFileSync(report, "utf8") : "";
  const load = await part("load", "prove-load.mjs", ["--rounds", rounds, "--seed", seed]);
  const model = await part("model", "prove-model.mjs", ["--runs", runs, "--seed", seed]);
  const mutants = await part("mutants", "prove/mutants.mjs", [], true);
  const failover = await part("failover", "prove-failover.mjs", ["--seed", seed]);
  const sections = {
    model: linkTo("model"),
    mutants: mutants ? mutantsReport(mutants.output) : sectionOf(before, titles.mutants) ?? "Not run.",
    failover: linkTo("failover"),
  };
  const [ofLoad = ""] = Object.values(titles).reduce((text, title) => text.split(`\n## ${title}\n`)[0] ?? "", readFileSync(report, "utf8")).split(/\n+$/);
  const named = /** @type {(keyof typeof titles)[]} */ (Object.keys(titles)).map((name) => `\n## ${titles[name]}\n\n${sections[name]}\n`);
  writeFileSync(report, `${ofLoad}\n${named.join("")}`);
  process.exitCode = [load, model, mutants, failover].every((result) => result?.holds !== false) ? 0 : 1;
}

await prove().catch(failPlainly);
