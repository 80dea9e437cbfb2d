// npm run prove:mutants [-- WORD]: takes guards away one at a time, in a copy, and sees a named test fail. WORD: only guards whose words have it.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { inRoot, node } from "../project.mjs";
import { mutants } from "./mutants-list.mjs";

const copied = ["app", "drizzle", "lib", "public", "package.json", "tsconfig.json", "next.config.ts", "instrumentation.ts"];

/** Runs one test, by its whole name or, without one, the file. Whether it passed. @param {string} folder @param {import("./mutants-list.mjs").Mutant} mutant */
function passes(folder, { testFile, test }) {
  const pattern = test.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const file = path.join(folder, "report.json");
  rmSync(file, { force: true });
  const { status, stderr } = spawnSync(node(), [
    "node_modules/vitest/vitest.mjs", "run", "--config", "lib/vitest.config.ts", testFile, ...(test ? ["--testNamePattern", `${pattern}$`] : []), "--reporter=json", `--outputFile=${file}`,
  ], { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (!existsSync(file)) throw new Error(`${testFile} ended without a report: ${stderr}`);
  const report = JSON.parse(readFileSync(file, "utf8"));
  if (report.numPassedTests + report.numFailedTests === 0 && report.numFailedTestSuites === 0) throw new Error(`${testFile} has no test named “${test}”`);
  return status === 0;
}

const word = process.argv[2] ?? "";
const chosen = mutants.filter(({ guard }) => guard.includes(word));
const folder = mkdtempSync(path.join(os.tmpdir(), "ichido-mutants-"));
for (const name of copied) if (existsSync(inRoot(name))) cpSync(inRoot(name), path.join(folder, name), { recursive: true });
symlinkSync(inRoot("node_modules"), path.join(folder, "node_modules"));

let alive = 0;
try {
  for (const mutant of chosen) {
    const file = path.join(folder, mutant.file);
    const text = readFileSync(file, "utf8");
    if (!passes(folder, mutant)) throw new Error(`${mutant.testFile} fails with every guard in its place`);
    writeFileSync(file, text.replace(mutant.original, () => mutant.mutant));
    const killed = !passes(folder, mutant);
    writeFileSync(file, text);
    if (!killed) alive++;
    console.log(`${killed ? "killed" : "ALIVE "}  ${mutant.guard}  (${mutant.file}; ${mutant.testFile}${mutant.test ? `: ${mutant.test}` : ""})`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${chosen.length} guards taken away, ${chosen.length - alive} noticed`);
process.exitCode = alive ? 1 : 0;
