import { afterEach, expect, test, vi } from "vitest";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { testDatabase } from "@/lib/platform/test-database";

const database = testDatabase();

async function readyWith(changes: Record<string, string>) {
  vi.resetModules();
  for (const [name, value] of Object.entries({ DATABASE_URL: database.url, ...changes })) vi.stubEnv(name, value);
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const ready = await (await import("./ready-to-start")).readyToStart();
  return { ready, said: said.mock.calls.join("\n") };
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("a migrated database is ready, for several processes at once", async () => {
  expect(await Promise.all([readyWith({}), readyWith({}), readyWith({})].map(async (result) => (await result).ready))).toEqual([true, true, true]);
});

test("a key ring that does not open what the database holds is refused at start", async () => {
  await putScenario("demo");
  expect(await readyWith({})).toMatchObject({ ready: true });
  expect(await readyWith({ KEY_RING: `other:${Buffer.alloc(32, 7).toString("base64")}` })).toMatchObject({ ready: false, said: expect.stringContaining("KEY_RING") as string });
  expect(await readyWith({ KEY_RING: `test:${Buffer.alloc(32, 7).toString("base64")}` })).toMatchObject({ ready: false });
});

test("a database that is not there is said in a sentence, without its address", async () => {
  const { ready, said } = await readyWith({ DATABASE_URL: "postgres://someone:a-password@127.0.0.1:1/none" });
  expect(ready).toBe(false);
  expect(said).toContain("could not be brought up to date");
  expect(said).not.toContain("a-password");
});
