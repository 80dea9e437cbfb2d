// npm run prove:model [-- --runs N] [--seed S --path P]: the rules against lib/proof/model.ts and case-model.ts, for as long as one likes. npm test has the short form.
import { parseArgs } from "node:util";
import { ensureInstalled, failPlainly, runTool } from "./project.mjs";

const { values: { runs, seed, path } } = parseArgs({ options: { runs: { type: "string", default: "1000" }, seed: { type: "string" }, path: { type: "string" } } });

async function prove() {
  await ensureInstalled();
  const { code } = await runTool("vitest/vitest.mjs", ["run", "--config", "lib/vitest.config.ts", "lib/proof/model.test.ts", "lib/proof/case-model.test.ts", "--disable-console-intercept"], {
    env: { ...process.env, ICHIDO_MODEL_RUNS: runs, ICHIDO_MODEL_SEED: seed, ICHIDO_MODEL_PATH: path },
  });
  process.exitCode = code;
}

await prove().catch(failPlainly);
