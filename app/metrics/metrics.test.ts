import { readdirSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { mailIntents } from "@/drizzle/schema";
import { pathsOfTheTree } from "@/app/test-doors";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { loginPassword } from "@/lib/demo/cast.qa";
import { person, wrongDigits } from "@/lib/login/test-person";
import { scrape } from "@/lib/metrics";
import { ourselves } from "@/lib/platform/caller";
import { connect, useDatabase } from "@/lib/platform/database";
import { definedMetrics } from "@/lib/platform/prometheus.mjs";
import { measure, routeGroupOf } from "@/lib/platform/request-metrics.mjs";
import { testDatabase } from "@/lib/platform/test-database";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";
import { sealAuditLog } from "@/lib/audit/test-seal";

const database = testDatabase();
beforeEach(() => putScenario("demo"));
afterEach(() => void vi.unstubAllEnvs());

const token = "a-token-of-thirty-two-characters-and-more";

/** The route of a process with this METRICS_TOKEN. */
async function asked(headers: Record<string, string>, METRICS_TOKEN?: string): Promise<Response> {
  vi.resetModules();
  vi.stubEnv("METRICS_TOKEN", METRICS_TOKEN);
  return (await import("./route")).GET(new Request("http://localhost:3000/metrics", { headers }));
}

const here = { "x-ichido-client": "127.0.0.1", host: "127.0.0.1:3000" };
const elsewhere = { "x-ichido-client": "198.51.100.4", host: "ib.example.jp" };
const bearer = { authorization: `Bearer ${token}` };

test.each<[string, Record<string, string>, string | undefined, number]>([
  ["this machine", here, undefined, 200],
  ["this machine, by IPv6 and by name", { "x-ichido-client": "::1", host: "localhost:3000" }, undefined, 200],
  ["this machine's address under the bank's own name: a proxy that nobody trusts", { ...here, host: "ib.example.jp" }, undefined, 404],
  ["this machine's address on behalf of another", { ...here, "x-ichido-forwarded": "1" }, undefined, 404],
  ["an address that only begins so", { ...here, "x-ichido-client": "127.0.0.1.example" }, undefined, 404],
  ["nowhere", {}, undefined, 404],
  ["elsewhere", elsewhere, undefined, 404],
  ["elsewhere, where there is a token", elsewhere, token, 404],
  ["elsewhere with the token", { ...elsewhere, ...bearer }, token, 200],
  ["elsewhere with a token where there is none", { ...elsewhere, ...bearer }, undefined, 404],
  ["elsewhere with another token", { ...elsewhere, authorization: `Bearer ${token}x` }, token, 404],
  ["elsewhere with half the token", { ...elsewhere, authorization: `Bearer ${token.slice(0, 20)}` }, token, 404],
  ["elsewhere with the token in another scheme", { ...elsewhere, authorization: `Basic ${token}` }, token, 404],
])("%s", async (_, headers, set, status) => {
  const response = await asked(headers, set);
  expect([response.status, response.headers.get("cache-control")]).toEqual([status, "no-store"]);
  expect((await response.text()).includes("ichido_")).toBe(status === 200);
});

/** A figure of the present scrape, by its whole name. */
const figure = async (name: string): Promise<number> =>
  Number((await scrape()).split("\n").find((line) => line.startsWith(`${name} `))?.split(" ").at(-1) ?? Number.NaN);

/** How much the figures rise while `work` is done. */
async function rise(names: string[], work: () => Promise<unknown>): Promise<number[]> {
  const before = await Promise.all(names.map(figure));
  await work();
  return Promise.all(names.map(async (name, index) => (await figure(name)) - before[index]!));
}

describe("what is counted", () => {
  test("logins and one-time passwords, by what became of them", async () => {
    const names = ['ichido_logins_total{outcome="opened"}', 'ichido_logins_total{outcome="wrong_password"}', 'ichido_logins_total{outcome="unknown_login_id"}',
      'ichido_one_time_passwords_total{result="accepted",screen="login"}', 'ichido_one_time_passwords_total{result="wrong",screen="login"}', 'ichido_one_time_passwords_total{result="replayed",screen="login"}'];
    const haruki = person("haruki");
    expect(await rise(names, async () => {
      await haruki.password("wrong");
      await haruki.password();
      await haruki.oneTimePassword(await wrongDigits(haruki));
      const right = await haruki.presentDigits();
      await haruki.oneTimePassword(right);
      await haruki.password(loginPassword);
      await haruki.oneTimePassword(right);
    })).toEqual([1, 1, 0, 1, 1, 1]);
  });

  test("suspensions, and whatever else has an event's name", async () => {
    const haruki = person("haruki");
    await haruki.password();
    const wrong = await wrongDigits(haruki);
    expect(await rise(['ichido_events_total{event="user.suspended"}', 'ichido_events_total{event="session.opened"}'], async () => {
      for (let i = 0; i < 5; i += 1) await haruki.oneTimePassword(wrong);
    })).toEqual([1, 0]);
  });

  test("nothing that was not committed", async () => {
    expect(await rise(['ichido_events_total{event="users.exported"}'], () =>
      inOneTransaction(ourselves(), byTheClock, (work) => {
        work.record({ name: "users.exported", users: 1 });
        throw new Error("a defect");
      }).catch(() => undefined))).toEqual([0]);
  });
});

test("mails that wait and the audit log's seal tell how late they are", async () => {
  await database.db.delete(mailIntents);
  await vi.waitFor(async () => { // a seal waits for every transaction of the server, and other tests have theirs
    await sealAuditLog();
    expect(await figure("ichido_seal_lag_seconds")).toBe(0);
  }, 10_000);
  expect(await figure("ichido_mail_lag_seconds")).toBe(0);
  const haruki = person("haruki");
  await haruki.password();
  await haruki.oneTimePassword(await haruki.presentDigits()); // from a new browser: a mail
  await database.advance(300);
  const [lag, oldest, waiting, sealLag] = await Promise.all(["ichido_mail_lag_seconds", "ichido_mail_oldest_seconds", 'ichido_mails{state="waiting"}', "ichido_seal_lag_seconds"].map(figure));
  for (const age of [lag, oldest, sealLag]) {
    expect(age).toBeGreaterThanOrEqual(300);
    expect(age).toBeLessThan(320);
  }
  expect(waiting).toBe(1);
});

test("without the database a scrape is answered within its deadline, and says so", async () => {
  const away = connect("postgres://nobody@127.0.0.1:1/none", 1);
  useDatabase(away);
  onTestFinished(async () => {
    useDatabase(database);
    await away.client.end({ timeout: 0 });
  });
  const begun = performance.now();
  const text = await scrape();
  expect(performance.now() - begun).toBeLessThan(3_000);
  expect(text).toContain("\nichido_database_up 0\n");
  expect(text).not.toMatch(/^ichido_mail_lag_seconds /m);
  expect(text).toContain("ichido_logins_total");
});

test("a pool's transactions are counted: who runs, and who waits for a connection", async () => {
  const small = connect(database.url, 1);
  let end = () => {};
  const held = new Promise<void>((resolve) => { end = resolve; });
  const transactions = [small.db.transaction(() => held), small.db.transaction(async () => {})];
  await vi.waitFor(() => expect(small.use).toEqual({ connections: 1, running: 1, waiting: 1 }));
  end();
  await Promise.all(transactions);
  await expect(small.db.transaction(() => Promise.reject(new Error("a defect")))).rejects.toThrow();
  expect(small.use).toEqual({ connections: 1, running: 0, waiting: 0 });
  await small.client.end();
  await expect(small.db.transaction(async () => {})).rejects.toThrow();
  expect(small.use).toEqual({ connections: 1, running: 0, waiting: 0 });
});

describe("requests", () => {
  test("every route handler and every public file has a group of its own choosing", () => {
    const files = readdirSync("public").map((name) => `/${name}`);
    expect([...pathsOfTheTree(), ...files].filter((path) => routeGroupOf(path) === "other")).toEqual([]);
    expect(["/login/one-time-password/present?x=1", "/login?ended=idle", "/", "/?x", "/staff/login/present", "/staff/cases/A-1"].map(routeGroupOf)).toEqual(["one_time_password", "login", "top", "top", "staff_login", "staff"]);
    for (const url of ["/wp-login.php", "/constructor", "/__proto__/x", "/login%2f..", "/data/0a9c851f-a541-4dba-a90e-221a378dc56e"]) expect([url, routeGroupOf(url)]).toEqual([url, "other"]);
  });

  test("are measured to their end, also where the line is cut", async () => {
    const server = http.createServer((request, response) => {
      measure(request.url, response);
      if (request.url === "/health/cut") return void request.socket.destroy();
      response.writeHead(503).end("no");
    }).listen(0);
    onTestFinished(() => void server.close());
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const names = ["5xx", "cut"].map((status) => `ichido_request_seconds_count{group="operations",status="${status}"}`);
    await fetch(`${at}/health/live`);
    await fetch(`${at}/health/cut`).catch(() => undefined);
    await vi.waitFor(async () => expect(await Promise.all(names.map(figure))).toEqual([1, 1]));
    expect(await figure('ichido_request_seconds_bucket{group="operations",status="5xx",le="+Inf"}')).toBe(1);
  });
});

// A label that is not here has been thought about by nobody: could it hold an id, an address, a path, a secret?
const labels = ["code", "end", "event", "group", "kind", "outcome", "pool", "result", "screen", "state", "status", "table"];

test("labels are few, and their values closed sets of our own words", async () => {
  const sets = new Map(definedMetrics().map((metric) => [metric.name, metric.labels]));
  expect([...new Set([...sets.values()].flatMap((set) => Object.keys(set)))].sort()).toEqual(labels);
  for (const values of [...sets.values()].flatMap((set) => Object.values(set))) {
    expect(values.length).toBeLessThan(200);
    for (const value of values) expect(value).toMatch(/^([a-z_]+(\.[a-z_]+)?|OTP-\d{3}|[1-5]xx)$/);
  }

  const haruki = person("haruki");
  await haruki.password();
  await haruki.oneTimePassword(await haruki.presentDigits());
  let series = 0;
  for (const line of (await scrape()).trimEnd().split("\n").filter((text) => !text.startsWith("#"))) {
    const [, name, braces = "", value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line)!;
    const set = sets.get(name!) ?? sets.get(name!.replace(/_(bucket|sum|count)$/, ""));
    expect([line, set !== undefined && Number.isFinite(Number(value))]).toEqual([line, true]);
    for (const [, label, text] of braces.matchAll(/(\w+)="([^"]*)"/g)) if (label !== "le") expect([line, set![label!]?.includes(text!)]).toEqual([line, true]);
    series += 1;
  }
  expect(series).toBeLessThan(1_500);
});

test("what is in no set counts as other", async () => {
  const { counter } = await import("@/lib/platform/prometheus.mjs");
  const odd = counter({ name: "ichido_odd_total", help: "For this test.", labels: { kind: ["known"] } });
  for (const kind of ['x"} 1\nforged 1', "0a9c851f-a541-4dba-a90e-221a378dc56e", "__proto__"]) odd.add({ kind: kind as "known" });
  expect((await scrape()).split("\n").filter((line) => line.includes("odd_total{"))).toEqual(['ichido_odd_total{kind="known"} 0', 'ichido_odd_total{kind="other"} 3']);
});
