import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureBuilt } from "../lib/commands/build.mjs";
import { remove } from "../lib/commands/postgres.mjs";
import { freePort, inRoot } from "../lib/commands/project.mjs";
import { startStack } from "../lib/commands/stack.mjs";

/**
 * A demo of the tests' own: QA build, two server processes, a database that is thrown away.
 * A killed process comes back, as under a supervisor; ICHIDO_E2E_STACK is a file like .ichido/demo.json with the present numbers.
 * ICHIDO_E2E_ORIGINS says that one runs already: a demo, or a bank's own QA deployment. Then nothing is started here.
 */
export default async function setUp() {
  if (process.env.ICHIDO_E2E_ORIGINS) return undefined;
  await ensureBuilt({ qa: true });
  const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-e2e-"));
  chmodSync(directory, 0o755); // PostgreSQL may run as another user
  const description = path.join(directory, "demo.json");
  const stack = await startStack({
    directory, ports: [await freePort(), await freePort()], throwAway: true, restartServers: true, changed: describe, say: (sentence) => console.log(sentence),
  });
  describe();
  process.env.ICHIDO_E2E_ORIGINS = stack.origins.join(",");
  process.env.ICHIDO_E2E_DATABASE_URL = stack.databaseUrl;
  process.env.ICHIDO_E2E_STACK = description;
  process.env.ICHIDO_E2E_LOGS = stack.logs;

  function describe() {
    const { origins, databaseUrl } = stack;
    writeFileSync(description, JSON.stringify({ origins, databaseUrl, pids: stack.pids() }));
  }

  return async () => {
    await stack.stop();
    cpSync(stack.logs, inRoot("e2e/results/log"), { recursive: true });
    remove(path.join(directory, "postgres"));
    rmSync(directory, { recursive: true, force: true });
  };
}
