// Vitest's global set-up: one PostgreSQL for all test files, unless TEST_DATABASE_URL names one.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { remove, start } from "./postgres.mjs";

/** A PostgreSQL that leaves nothing behind, here or at its end. */
export async function startThrowAway() {
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

export default async function setUp() {
  if (process.env.TEST_DATABASE_URL) return undefined;
  const postgres = await startThrowAway();
  process.env.TEST_DATABASE_URL = postgres.url;
  return postgres.stop;
}
