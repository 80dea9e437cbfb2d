import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { sealAll } from "@/lib/audit/test-seal";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { testDatabase } from "@/lib/platform/test-database";
import { testRoles } from "@/lib/platform/test-roles";

const database = testDatabase();
const roles = testRoles(database);

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

test("a key that rows of any table need is named by its id, with neither role's tables left out, and never by its value", async () => {
  await putScenario("demo");
  const [ours, another] = [Buffer.alloc(32, 1).toString("base64"), Buffer.alloc(32, 7).toString("base64")];
  const both = { DATABASE_URL: roles.customersUrl, STAFF_DATABASE_URL: roles.counterUrl };
  const lacking = await readyWith({ ...both, KEY_RING: `other:${another}` });
  expect(lacking).toEqual({ ready: false, said: `Ichido does not start:\n${["tokens", "mail_intents", "staff"].map((table) => `  - KEY_RING lacks the key "test", under which rows of ${table} are sealed`).join("\n")}` });
  const wrong = await readyWith({ ...both, KEY_RING: `test:${another}` });
  expect(wrong.said).toContain('In KEY_RING, the key "test" is not the one under which rows of staff are sealed');
  for (const { said } of [lacking, wrong]) for (const value of [ours, another]) expect(said).not.toContain(value);
  expect(await readyWith({ ...both, KEY_RING: `other:${another},test:${ours}` })).toMatchObject({ ready: true });
});

test("one row that was tampered with does not look like a wrong key, and what stands in it is not printed", async () => {
  await putScenario("demo");
  onTestFinished(() => putScenario("demo"));
  await database.client`update tokens set sealed_key = 'test.AAAA.AAAA.AAAA' where user_id = (select id from users where login_id = 'haruki')`;
  expect(await readyWith({})).toEqual({ ready: true, said: "" });
  await database.client`update tokens set sealed_key = 'what somebody else wrote' where user_id = (select id from users where login_id = 'haruki')`;
  expect(await readyWith({})).toEqual({ ready: false, said: "Ichido does not start:\n  - KEY_RING lacks a key whose id is unreadable, under which rows of tokens are sealed" });
});

test("another AUDIT_SIGNING_KEY than the one that the database's last block was signed with is refused at start", async () => {
  await putScenario("demo");
  const other = { AUDIT_SIGNING_KEY: Buffer.alloc(32, 7).toString("base64") };
  await sealAll();
  expect(await readyWith({})).toMatchObject({ ready: true });
  expect(await readyWith(other)).toMatchObject({ ready: false, said: expect.stringContaining("AUDIT_SIGNING_KEY is not the key that signed") as string });
});

test("a database that is not there is said in a sentence, without its address", async () => {
  const { ready, said } = await readyWith({ DATABASE_URL: "postgres://someone:a-password@127.0.0.1:1/none" });
  expect(ready).toBe(false);
  expect(said).toContain("could not be brought up to date");
  expect(said).not.toContain("a-password");
});

test("whoever is not the owner starts on a migrated database, and says so where it is not", async () => {
  expect(await readyWith({ DATABASE_URL: roles.customersUrl, STAFF_DATABASE_URL: roles.counterUrl })).toEqual({ ready: true, said: "" });
  await roles.asOwner((admin) => admin`update drizzle.__drizzle_migrations set created_at = created_at - 1`); // as before the last one
  try {
    const { ready, said } = await readyWith({ DATABASE_URL: roles.customersUrl });
    expect([ready, said]).toEqual([false, expect.stringContaining("could not be brought up to date: permission denied")]);
  } finally {
    await roles.asOwner((admin) => admin`update drizzle.__drizzle_migrations set created_at = created_at + 1`);
  }
});

test("the console's role must reach the same database, and may there what the console does; what is wrong is a sentence without the address", async () => {
  const readyAs = (changes: object) => readyWith({ STAFF_DATABASE_URL: Object.assign(new URL(roles.counterUrl), changes).href });
  expect(await readyAs({})).toEqual({ ready: true, said: "" });
  for (const [changes, sentence] of [
    [{ port: "1" }, "STAFF_DATABASE_URL cannot be reached: "],
    [{ password: "another-secret" }, "STAFF_DATABASE_URL cannot be reached: password authentication failed"],
    [{ pathname: "/nowhere" }, "STAFF_DATABASE_URL cannot be reached: database \"nowhere\" does not exist"],
    [{ pathname: "/postgres" }, "STAFF_DATABASE_URL leads to another database than DATABASE_URL"],
    [{ username: roles.customers }, "STAFF_DATABASE_URL's role may not select on staff: the owner applies drizzle/roles.sql"],
  ] as const) {
    const { ready, said } = await readyAs(changes);
    expect([ready, said]).toEqual([false, expect.stringContaining(`Ichido does not start:\n  - ${sentence}`)]);
    expect(said).not.toMatch(new RegExp(`another-secret|:${roles.suffix}@`));
  }
  await roles.asOwner((admin) => admin.unsafe(`revoke select on drizzle.__drizzle_migrations from ${roles.counter}`));
  expect(await readyAs({})).toMatchObject({ ready: false, said: expect.stringContaining("cannot see that the database is migrated") as string });
});
