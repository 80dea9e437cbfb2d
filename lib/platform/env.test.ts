import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";

async function problemsWith(changes: Record<string, string | undefined>): Promise<string[]> {
  vi.resetModules();
  for (const [name, value] of Object.entries(changes)) vi.stubEnv(name, value);
  await import("@/lib/policy");
  return (await import("./env")).environmentProblems();
}

afterEach(() => void vi.unstubAllEnvs());

test("a whole environment has no problem", async () => {
  expect(await problemsWith({})).toEqual([]);
});

test("every missing secret is named at once", async () => {
  const names = ["DATABASE_URL", "NEXTAUTH_SECRET", "KEY_RING", "AUDIT_SIGNING_KEY", "PUBLIC_ORIGIN", "MAIL_TRANSPORT", "MAIL_FROM"];
  const problems = await problemsWith(Object.fromEntries(names.map((name) => [name, undefined])));
  for (const name of names) expect(problems).toContain(`${name} is missing`);
});

test.each([
  ["NEXTAUTH_SECRET", "short"],
  ["KEY_RING", "a:tooshort"],
  ["KEY_RING", Buffer.alloc(32).toString("base64")],
  ["KEY_RING", `a:${Buffer.alloc(32).toString("base64")},a:${Buffer.alloc(32, 1).toString("base64")}`],
  ["AUDIT_SIGNING_KEY", "AAAA"],
  ["METRICS_TOKEN", "short"],
  ["METRICS_TOKEN", "a token that is long enough but has spaces"],
  ["PUBLIC_ORIGIN", "http://ib.example.jp"],
  ["PUBLIC_ORIGIN", "https://ib.example.jp/path"],
  ["MAIL_FROM", "a@example.jp, b@example.jp"],
  ["MAIL_FROM", "a@example.jp\r\nBcc: b@example.jp"],
  ["DATABASE_URL", "mysql://x"],
  ["STAFF_DATABASE_URL", "mysql://x"],
  ["STAFF_HOST", "https://counter.example.jp"],
  ["STAFF_HOST", "counter.example.jp/staff"],
  ["STAFF_HOST", "Counter.example.jp"],
  ["STAFF_HOST", "counter.example.jp."],
  ["STAFF_HOST", "counter.example.jp:443"], // a browser would not write it in its Origin
  ["STAFF_HOST", "teller.example.jp:"],
  ["STAFF_HOST", "counter_1.example.jp"],
  ["STAFF_HOST", "counter.example.jp,ib.example.jp"],
  ["STAFF_HOST", "localhost:3000"], // PUBLIC_ORIGIN's own
  ["LOG_LEVEL", "loud"],
  ["SMTP_URL", undefined],
  ["ICHIDO_TIME_STEP_SECONDS", "1"],
  ["ICHIDO_FAILURES_BEFORE_SUSPENSION", "100"],
  ["ICHIDO_HALF_LOGIN_MINUTES", "ten"],
  ["ICHIDO_IDLE_MINUTES", "1.5"],
])("%s=%j is named, and its value is not repeated where it may be secret", async (name, value) => {
  const problems = await problemsWith({ [name]: value });
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.every((problem) => problem.startsWith(name))).toBe(true);
  if (value && !name.startsWith("ICHIDO_")) expect(problems.join()).not.toContain(value);
});

test.each(["counter.example.jp", "counter", "localhost:3001", "counter.localhost:3000", "10.0.0.1:8443", "xn--wgv71a.example"])("STAFF_HOST=%s is a host", async (value) => {
  expect(await problemsWith({ STAFF_HOST: value })).toEqual([]);
});

test("a variable may stand in a file, for the server process as for everything else", async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-env-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "staff-host");
  writeFileSync(file, "counter.example.jp\n");
  expect(await problemsWith({ STAFF_HOST_FILE: file })).toEqual([]);
  expect((await import("./env")).env().STAFF_HOST).toBe("counter.example.jp");
  expect((await import("./env-variable.mjs")).variable("STAFF_HOST")).toBe("counter.example.jp");
});

test("a number of the bank's takes the default's place", async () => {
  vi.resetModules();
  vi.stubEnv("ICHIDO_WAIT_AFTER_REVOCATION_MINUTES", "45");
  expect((await import("@/lib/policy")).policy.waitAfterRevocationMinutes).toBe(45);
});
