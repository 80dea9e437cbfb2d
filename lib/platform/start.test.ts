import { afterEach, expect, test, vi } from "vitest";

async function problemsWith(changes: Record<string, string>) {
  vi.resetModules();
  for (const [name, value] of Object.entries(changes)) vi.stubEnv(name, value);
  return (await import("./start.qa")).startProblems();
}

afterEach(() => void vi.unstubAllEnvs());

test("a QA build serves this machine only, at the counter, too", async () => {
  expect(await problemsWith({ STAFF_HOST: "localhost:3001" })).toEqual([]);
  expect(await problemsWith({ STAFF_HOST: "counter.localhost:3000" })).toEqual([]);
  expect(await problemsWith({ STAFF_HOST: "counter.example.jp" })).toEqual(["STAFF_HOST must be loopback: this is a QA build"]);
  expect(await problemsWith({ STAFF_HOST: "localhost.example.jp", PUBLIC_ORIGIN: "https://ib.example.jp" })).toHaveLength(2);
});
