import { chmodSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureBuilt } from "../lib/commands/build.mjs";
import { remove } from "../lib/commands/postgres.mjs";
import { freePort, inRoot } from "../lib/commands/project.mjs";
import { startStack } from "../lib/commands/stack.mjs";
import { deployment, descriptionOf } from "./stack";

/**
 * For each Playwright worker a stack of its own: QA build, two server processes, a PostgreSQL that is thrown away, hence a clock and a mailbox, too.
 * A killed process comes back, as under a supervisor. Against a deployment (ICHIDO_E2E_ORIGINS) nothing is started.
 */
export default async function setUp({ workers }: { workers: number } = { workers: 1 }) {
  if (deployment()) return undefined;
  await ensureBuilt({ qa: true });
  const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-e2e-"));
  chmodSync(directory, 0o755); // PostgreSQL may run as another user
  const starts = await Promise.allSettled(Array.from({ length: workers }, (_, worker) => start(worker)));
  const stacks = starts.flatMap((started) => (started.status === "fulfilled" ? [started.value] : []));
  const failed = starts.find((started) => started.status === "rejected");
  if (failed) {
    await tearDown();
    throw failed.reason;
  }
  process.env.ICHIDO_E2E_STACKS = directory;
  return tearDown;

  async function start(worker: number) {
    const place = path.dirname(descriptionOf(directory, worker));
    mkdirSync(place, { mode: 0o755 });
    const stack = await startStack({
      directory: place, ports: [await freePort(), await freePort()], throwAway: true, restartServers: true, changed: describe,
      say: (sentence) => console.log(workers > 1 ? `[${worker}] ${sentence}` : sentence),
    });
    describe();
    return { ...stack, worker, place };

    /** At once, for a test may read it at any moment. */
    function describe() {
      const { origins, databaseUrl, logs } = stack;
      writeFileSync(path.join(place, "next.json"), JSON.stringify({ origins, databaseUrl, logs, pids: stack.pids() }));
      renameSync(path.join(place, "next.json"), descriptionOf(directory, worker));
    }
  }

  async function tearDown() {
    await Promise.all(stacks.map(async ({ stop, logs, worker, place }) => {
      await stop();
      cpSync(logs, inRoot(`e2e/results/log/${worker}`), { recursive: true });
      remove(path.join(place, "postgres"));
    }));
    rmSync(directory, { recursive: true, force: true });
  }
}
