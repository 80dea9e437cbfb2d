import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "@playwright/test";
import postgres from "postgres";
import { freePort } from "../lib/commands/project.mjs";
import { startBeside } from "../lib/commands/stack.mjs";

type Stack = { origins: [string, string]; databaseUrl: string; logs: string; pids: { servers: [number, number]; postgres: number } };

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: what this test does is only possible with the tests' own stack, or where ${name} is given (docs/qa.md).`);
  return value;
};

/** A demo that runs already, or a bank's own QA deployment, in place of stacks of the tests' own. */
export const deployment = () => process.env.ICHIDO_E2E_ORIGINS;

/** Where the stack of a Playwright worker is described, at its present numbers. */
export const descriptionOf = (directory: string, worker: number | string) => path.join(directory, String(worker), "stack.json");

/** This worker's. */
const description = () => descriptionOf(required("ICHIDO_E2E_STACKS"), process.env.TEST_PARALLEL_INDEX ?? 0);
const own = () => JSON.parse(readFileSync(description(), "utf8")) as Stack;

export const origins = () => (deployment()?.split(",") ?? own().origins) as [string, string];
export const databaseUrl = () => (deployment() ? required("ICHIDO_E2E_DATABASE_URL") : own().databaseUrl);
export const logDirectory = () => own().logs;

/** Process numbers as of now: a killed one comes back as another. */
export const pids = () => own().pids;

/** Until both processes serve again, database included. */
export async function everythingRuns() {
  for (const origin of origins()) {
    await expect(async () => expect((await fetch(`${origin}/health/ready`)).status).toBe(200)).toPass({ timeout: 40_000 });
  }
}

/** One more process on the same database, for settings of its own. `variables` are told its port. */
export async function processBeside(variables: (port: number) => Record<string, string>) {
  const port = await freePort();
  const server = await startBeside({ directory: path.dirname(description()), databaseUrl: databaseUrl(), origins: origins() }, port, variables(port));
  return { port, stop: server.stop };
}

/** A database with nothing in it, on this worker's server, gone afterwards. */
export async function withEmptyDatabase(work: (url: string, sql: postgres.Sql) => Promise<void>) {
  const name = `empty_${randomUUID().slice(0, 8)}`;
  const url = Object.assign(new URL(own().databaseUrl), { pathname: `/${name}` }).href;
  const admin = postgres(own().databaseUrl, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await work(url, sql);
  } finally {
    await sql.end();
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end();
  }
}
