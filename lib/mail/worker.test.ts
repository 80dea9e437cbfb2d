import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { eq, sql } from "drizzle-orm";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { corporations, mailIntents, tokens, users } from "@/drizzle/schema";
import { ourselves } from "@/lib/platform/caller";
import { days, later, readClock } from "@/lib/platform/clock";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";
import { testDatabase } from "@/lib/platform/test-database";
import { wakeMailWorker } from "@/lib/platform/wake";
import type { MailContent } from "./intents";
import { resend } from "./resend";
import type { Mail, Transport } from "./transport";
import { backOff, startMailWorker } from "./worker";

const database = testDatabase();

type Answer = "accept" | "hang" | "cut" | "accept and hang" | "accept and cut" | { status: number; name: string; headers?: Record<string, string> };

/** As Resend is documented: a key that was accepted gets the same answer again, and no second mail. */
const provider = {
  answers: [] as Answer[], // what the next requests get; afterwards "accept"
  calls: [] as { key: string; body: Mail & { to: string[] } }[],
  delivered: new Map<string, string>(),
};

const server = http.createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => { text += chunk; }).on("end", () => {
    const key = String(request.headers["idempotency-key"]);
    provider.calls.push({ key, body: JSON.parse(text) });
    const answer = provider.answers.shift() ?? "accept";
    const json = (status: number, body: object, headers = {}) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    if (typeof answer === "object") return json(answer.status, { statusCode: answer.status, name: answer.name, message: `no: ${text}` }, answer.headers);
    if (answer.startsWith("accept")) {
      if (provider.delivered.has(key) && provider.delivered.get(key) !== text) return json(409, { name: "invalid_idempotent_request" });
      provider.delivered.set(key, text);
    }
    if (answer === "accept") return json(200, { id: randomUUID() });
    if (answer.endsWith("cut")) request.socket.destroy();
  });
});

const lines: string[] = [];
const link = "http://localhost:3000/authenticator/start#ABCD2345";
let stops: (() => Promise<void>)[] = [];
let corporationId: string;
let userId: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  Object.assign(process.env, {
    PUBLIC_ORIGIN: "http://localhost:3000", DATABASE_URL: database.url, NEXTAUTH_SECRET: "n".repeat(32), KEY_RING: `k1:${Buffer.alloc(32, 1).toString("base64")}`,
    AUDIT_SIGNING_KEY: Buffer.alloc(32, 2).toString("base64"), MAIL_TRANSPORT: "resend", RESEND_API_KEY: "re_test", MAIL_FROM: "いちど信用組合 <no-reply@ichido.example>",
    RESEND_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  Object.assign(globalThis, { ichidoLog: pino({ base: null }, { write: (line: string) => { lines.push(line); } }) });
  const { now } = await readClock(database.db);
  const [corporation] = await database.db.insert(corporations).values({ contractNumber: "1", name: "データ商事株式会社", createdAt: now }).returning();
  corporationId = corporation!.id;
  const [user] = await database.db.insert(users).values({
    corporationId, loginId: "ichiro", name: "データ一郎", userClass: "general", mailAddress: "ichiro@example.jp", loginPasswordHash: "-", confirmationPasswordHash: "-", createdAt: now,
  }).returning();
  userId = user!.id;
});

beforeEach(() => { Object.assign(provider, { answers: [], calls: [], delivered: new Map() }); });

afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
  await database.db.delete(mailIntents);
  await database.db.delete(tokens);
});

afterAll(() => { server.closeAllConnections(); server.close(); });

const notice: MailContent = { kind: "suspension_lifted", userNames: ["データ一郎"], at: "2026-11-22T05:00:00.000Z" };

const mail = (content: MailContent = notice, more: { tokenId?: string; recipient?: string } = {}) =>
  inOneTransaction(ourselves(), byTheClock, (work) => { work.mail({ corporationId, userId, recipient: "ichiro@example.jp", content, ...more }); });

const mailLink = (tokenId: string) => mail({ kind: "issuance_link", link, validUntil: "2026-11-23T05:00:00.000Z" }, { tokenId });

async function issuance(): Promise<string> {
  const { now } = await readClock(database.db);
  const [token] = await database.db.insert(tokens).values({
    corporationId, userId, issuedAt: now, lapsesAt: later(now, days(1)), mailAddress: "ichiro@example.jp", lastMailAt: now, userNumber: randomUUID(),
  }).returning();
  return token!.id;
}

function work(options: Parameters<typeof startMailWorker>[0] = {}) {
  const stop = startMailWorker({ transport: resend, ...options, timing: { lookEvery: 50, attempt: 400, ...options?.timing } });
  stops.push(stop);
  return stop;
}

const rows = () => database.db.select().from(mailIntents).orderBy(mailIntents.createdAt);
const row = async () => (await rows())[0]!;

type Happened<Value> = Exclude<Value, false | null | undefined>;

async function until<Value>(look: () => Promise<Value> | Value, milliseconds = 8_000): Promise<Happened<Value>> {
  for (const end = performance.now() + milliseconds; performance.now() < end;) {
    const value = await look();
    if (value) return value as Happened<Value>;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("it did not happen in time");
}

const ended = (state: string) => until(async () => (await row()).state === state && row());
const postponed = (attempts: number) => until(async () => { const found = await row(); return found.attempts === attempts && found.leasedUntil === null && found; });
const secondsAhead = async (at: Date) => (at.getTime() - (await readClock(database.db)).now.getTime()) / 1_000;
const soon = () => new Promise((resolve) => setTimeout(resolve, 400));

test("a mail is sent once, under its own id, and its link is erased", async () => {
  await mailLink(await issuance());
  const { id, content, sealedContent } = await row();
  expect(content).toBeNull();
  expect(sealedContent).not.toContain("ABCD2345");

  work();
  const sent = await ended("sent");
  expect(sent).toMatchObject({ sealedContent: null, content: null, lastProblem: null, attempts: 1 });
  await soon();
  expect(provider.calls).toHaveLength(1);
  expect(provider.calls[0]).toMatchObject({ key: id, body: { to: ["ichiro@example.jp"], headers: { "Message-ID": `<${id}@ichido.example>` } } });
  expect(provider.calls[0]!.body.text).toContain(link);
});

test("429: not before retry-after is over, then with the same key; the key's 24 hours have not begun", async () => {
  provider.answers = [{ status: 429, name: "rate_limit_exceeded", headers: { "retry-after": "1800" } }];
  await mail();
  work();
  const { dueAt, firstAttemptAt, lastProblem } = await postponed(1);
  expect(lastProblem).toBe("resend_429_rate_limit_exceeded");
  expect(firstAttemptAt).toBeNull();
  expect(await secondsAhead(dueAt)).toBeGreaterThan(1_790);

  await database.advance(1_700);
  await soon();
  expect(provider.calls).toHaveLength(1);
  await database.advance(101);
  await ended("sent");
  expect(new Set(provider.calls.map(({ key }) => key)).size).toBe(1);
});

test.each<[Answer, string]>([
  [{ status: 500, name: "internal_server_error" }, "resend_500_internal_server_error"],
  ["hang", "timeout"],
  ["cut", "no_answer"],
  ["accept and hang", "timeout"],
  ["accept and cut", "no_answer"],
])("provider answers %j: asked again with the same key and words, and delivered once", async (answer, problem) => {
  provider.answers = [answer, answer];
  await mail();
  work();
  const first = await postponed(1);
  expect(first.lastProblem).toBe(problem);
  expect(first.firstAttemptAt).not.toBeNull();
  const wait = await secondsAhead(first.dueAt);
  expect(wait).toBeGreaterThan(2);
  expect(wait).toBeLessThan(7);

  await database.advance(7);
  await postponed(2);
  await database.advance(13);
  await ended("sent");
  expect(provider.calls).toHaveLength(3);
  expect(new Set(provider.calls.map(({ key, body }) => key + JSON.stringify(body))).size).toBe(1);
  expect(provider.delivered.size).toBe(1);
});

test("an outcome still unknown after 24 hours: never sent again, kept for the counter, the link erased", async () => {
  provider.answers = Array<Answer>(10).fill("accept and cut");
  const tokenId = await issuance();
  await database.db.update(tokens).set({ lapsesAt: sql`app_now() + interval '7 days'` }).where(eq(tokens.id, tokenId));
  await mailLink(tokenId);
  work();
  await postponed(1);
  await database.advance(23 * 3_600 + 3_500);
  await postponed(2);
  await database.advance(200);
  expect(await ended("unknown")).toMatchObject({ lastProblem: "outcome_lost", sealedContent: null });
  await database.advance(86_400);
  await soon();
  expect(provider.calls).toHaveLength(2);
});

test("a provider that is away for days loses nothing: what was certainly not accepted has no 24 hours", async () => {
  provider.answers = Array<Answer>(6).fill({ status: 503, name: "unavailable" });
  await mail();
  work();
  for (let attempts = 1; attempts <= 6; attempts += 1) {
    await postponed(attempts);
    await database.advance(86_400);
  }
  await ended("sent");
  expect(provider.delivered.size).toBe(1);
});

test("a refusal is the end; a mistake of ours is not", async () => {
  provider.answers = [{ status: 422, name: "validation_error" }];
  await mail();
  work();
  expect(await ended("refused")).toMatchObject({ lastProblem: "resend_422_validation_error" });
  expect(provider.calls).toHaveLength(1);

  await database.db.delete(mailIntents);
  provider.answers = [{ status: 401, name: "invalid_api_key" }];
  await mail();
  expect(await postponed(1)).toMatchObject({ state: "waiting", lastProblem: "resend_401_invalid_api_key" });
});

test("a recipient that is not exactly one address is never given to a provider", async () => {
  await mail(notice, { recipient: "ichiro@example.jp, evil@example.com" });
  work();
  expect(await ended("refused")).toMatchObject({ lastProblem: "address" });
  expect(provider.calls).toHaveLength(0);
});

test("a process killed between sending and writing it down: the next sends the same key again, delivered once", async () => {
  provider.answers = ["accept and hang"];
  await mail();
  const { id } = await row();
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", "(await import('./lib/mail/worker.ts')).startMailWorker({ timing: { attempt: 60_000 } })"], {
    env: { ...process.env, LOG_LEVEL: "silent" }, stdio: "inherit",
  });
  try {
    await until(() => provider.delivered.has(id), 20_000);
  } finally {
    child.kill("SIGKILL");
  }
  expect(await row()).toMatchObject({ state: "waiting", attempts: 1 });

  work();
  await soon();
  expect(provider.calls).toHaveLength(1); // leased still
  await database.advance(31);
  await ended("sent");
  expect(provider.calls.map(({ key }) => key)).toEqual([id, id]);
  expect(provider.delivered.size).toBe(1);
});

test("two workers never take one mail", async () => {
  for (let count = 0; count < 60; count += 1) await mail();
  const keys: string[] = [];
  const slowly: Transport = async (_, { idempotencyKey }) => {
    keys.push(idempotencyKey);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return "sent";
  };
  work({ transport: slowly });
  work({ transport: slowly });
  await until(async () => (await rows()).every(({ state }) => state === "sent"));
  expect(keys).toHaveLength(60);
  expect(new Set(keys).size).toBe(60);
});

test("a newer link, a confirmed or ended issuance, and time withdraw a waiting link", async () => {
  const tokenId = await issuance();
  await mailLink(tokenId);
  await database.advance(1);
  await mailLink(tokenId);
  work();
  await until(async () => (await rows()).every(({ state }) => state !== "waiting"));
  expect((await rows()).map(({ state, sealedContent }) => [state, sealedContent])).toEqual([["withdrawn", null], ["sent", null]]);

  await mailLink(tokenId);
  await until(async () => (await rows())[2]?.state === "sent");
  await database.db.update(tokens).set({ endedAt: sql`app_now()`, endedBecause: "reissued", userNumber: null }).where(eq(tokens.id, tokenId));
  await mailLink(tokenId);
  await until(async () => (await rows())[3]?.state === "withdrawn");

  const lapsed = await issuance();
  await database.advance(86_401);
  await mailLink(lapsed);
  await until(async () => (await rows())[4]?.state === "withdrawn");
  expect(provider.calls).toHaveLength(2);
});

test("a commit wakes the worker, and so does a moved clock", async () => {
  work({ timing: { lookEvery: 60_000 } });
  await soon();
  provider.answers = [{ status: 503, name: "unavailable" }];
  await mail();
  await postponed(1);
  await database.advance(7);
  wakeMailWorker();
  await ended("sent");
});

test("stopping finishes what is under way", async () => {
  let begun = false;
  const stop = work({ transport: async () => { begun = true; await new Promise((resolve) => setTimeout(resolve, 300)); return "sent"; } });
  await mail();
  await until(() => begun);
  await stop();
  expect((await row()).state).toBe("sent");
  expect(() => wakeMailWorker()).not.toThrow();
});

test("a transport that does not heed its time-out is not waited for", async () => {
  work({ transport: () => new Promise(() => {}), timing: { attempt: 100 } });
  await mail();
  expect(await postponed(1)).toMatchObject({ lastProblem: "timeout" });
});

test("connections that break under the worker: it goes on, without a crash and without a rush", async () => {
  work();
  lines.length = 0;
  for (let round = 0; round < 10; round += 1) {
    await mail().catch(() => {});
    await database.client`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await mail();
  await database.advance(60); // what was leased when its connection broke
  await until(async () => { await database.advance(60); return (await rows()).every(({ state }) => state === "sent"); }, 15_000);
  expect(provider.delivered.size).toBe((await rows()).length);
  expect(lines.filter((line) => line.includes("cannot read its mails")).length).toBeLessThan(15);
});

test("recurring jobs run at the start; one that fails stops neither the others nor the mails", async () => {
  const ran: string[] = [];
  work({ everyMinute: [async () => { throw new Error("ichiro@example.jp"); }, async () => { ran.push("second"); }] });
  await mail();
  await ended("sent");
  expect(ran).toEqual(["second"]);
});

test("waiting doubles from about 5 s to at most about 10 min", () => {
  expect([1, 2, 3, 7, 8, 300, 30_000].map((attempts) => backOff(attempts, 0.5) / 1_000)).toEqual([5, 10, 20, 320, 600, 600, 600]);
  expect(backOff(1, 0)).toBe(4_000);
  expect(backOff(30_000, 1)).toBeCloseTo(720_000);
});

test("no log line of all this holds an address, a name, a link or words", () => {
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).not.toMatch(/example\.jp|ABCD2345|authenticator\/start|データ|いちど|re_test/);
});
