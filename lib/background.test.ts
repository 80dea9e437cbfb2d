import { globSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { startBackground } from "./background";

const started = vi.hoisted(() => ({ everyMinute: [] as (() => Promise<unknown>)[] }));
vi.mock("@/lib/mail/worker", () => ({ startMailWorker: (jobs: typeof started) => { Object.assign(started, jobs); return async () => {}; } }));
vi.mock("@/lib/audit/sealer", () => ({ startSealer: () => async () => {} }));

test("whatever is erased when its time is over is looked for every minute", () => {
  const sources = globSync("lib/**/*.ts").filter((file) => !file.includes(".test.")).map((file) => readFileSync(file, "utf8"));
  const erasers = sources.flatMap((text) => [...text.matchAll(/^export (?:async function|const) (erase\w+|endLapsed\w+)/gm)].map(([, name]) => name!));
  expect(erasers.length).toBeGreaterThan(4);
  startBackground();
  expect(started.everyMinute.map(({ name }) => name)).toEqual(expect.arrayContaining(erasers));
});
