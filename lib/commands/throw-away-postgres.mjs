// Vitest's global set-up: a PostgreSQL for each worker, unless TEST_DATABASE_URL names one.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { remove, start } from "./postgres.mjs";

/** A PostgreSQL that leaves nothing behind, here or at its end. */
async function startThrowAway() {
  const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-"));
  chmodSync(directory, 0o755); // PostgreSQL may run as another user
  const dataDir = path.join(directory, "postgres");
  const postgres = await start({ dataDir, throwAway: true });
  return {
    ...postgres,
    dataDir,
    stop: async () => {
      await postgres.stop();
      remove(dataDir);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** One for each worker: what waits for the oldest transaction of a server, as sealing does, would wait for another file's. @param {import("vitest/node").TestProject} project */
export default async function setUp({ vitest }) {
  if (process.env.TEST_DATABASE_URL) return undefined;
  const servers = await Promise.all(Array.from({ length: vitest.config.maxWorkers }, startThrowAway));
  process.env.TEST_DATABASE_URL = servers.map(({ url }) => url).join(",");
  return async () => void (await Promise.all(servers.map(({ stop }) => stop())));
}
