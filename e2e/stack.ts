import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "@playwright/test";
import { freePort } from "../lib/commands/project.mjs";
import { startBeside } from "../lib/commands/stack.mjs";

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: what this test does is only possible with the tests' own stack, or where ${name} is given (docs/qa.md).`);
  return value;
};

export const origins = (): [string, string] => required("ICHIDO_E2E_ORIGINS").split(",") as [string, string];
export const databaseUrl = () => required("ICHIDO_E2E_DATABASE_URL");
export const logDirectory = () => required("ICHIDO_E2E_LOGS");

/** Process numbers as of now: a killed one comes back as another. */
export const pids = () => (JSON.parse(readFileSync(required("ICHIDO_E2E_STACK"), "utf8")) as { pids: { servers: [number, number]; postgres: number } }).pids;

/** Until both processes serve again, database included. */
export async function everythingRuns() {
  for (const origin of origins()) {
    await expect(async () => expect((await fetch(`${origin}/health/ready`)).status).toBe(200)).toPass({ timeout: 40_000 });
  }
}

/** One more process on the same database, for settings of its own. `variables` are told its port. */
export async function processBeside(variables: (port: number) => Record<string, string>) {
  const port = await freePort();
  const server = await startBeside({ directory: path.dirname(required("ICHIDO_E2E_STACK")), databaseUrl: databaseUrl(), origins: origins() }, port, variables(port));
  return { port, stop: server.stop };
}
