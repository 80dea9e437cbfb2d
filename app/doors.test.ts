import { globSync } from "node:fs";
import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { sessions } from "@/drizzle/schema";
import { confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { lift } from "@/lib/suspension/lift";

/*
 * Every route handler × every kind of visitor, from the tree's own list: a handler without a row fails.
 */
const database = testDatabase();
beforeEach(() => putScenario("demo"));

type Visitor = "nobody" | "half-login" | "flipped session" | "session" | "ended session" | "temporary password";
type Handler = (request: Request) => Promise<Response> | Response;

const load = async (path: string, method: "GET" | "POST") => {
  const file = path === "/" ? "state" : path;
  const candidates = [`./(customer)${file}/route.ts`, `.${file}/route.ts`];
  const modules = import.meta.glob("./**/route.ts");
  const found = candidates.find((candidate) => modules[candidate]);
  return ((await modules[found!]!()) as Record<string, Handler>)[method]!;
};

const origin = "http://localhost:3000";
async function call(path: string, method: "GET" | "POST", cookie: string, form: Record<string, string> = {}) {
  const handler = await load(path, method);
  const body = uploads.test(path) ? withFile(form) : new URLSearchParams(form);
  return handler(new Request(origin + path, { method, headers: { cookie, origin, accept: "application/json", "user-agent": "test" }, body: method === "POST" ? body : undefined }));
}

const uploads = /^\/management\/users\/import\//;
function withFile(form: Record<string, string>): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(form)) body.set(name, value);
  body.set("file", new File(["ログインID,利用者名,利用者区分,メールアドレス,仮ログインパスワード,仮確認用パスワード\ngoro,データ五郎,一般ユーザ,goro@example.jp,kx7f-9pqm-w2za,b3rt-hh8k-n5vy"], "users.csv"));
  return body;
}

const cookiesOf = (response: Response) => response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!).filter((pair) => !pair.endsWith("="));
const named = (cookies: string[], name: string) => cookies.find((cookie) => cookie.startsWith(`__Host-ichido-${name}`)) ?? "";

async function halfLoginOf(loginId: string) {
  const response = await call("/login/present", "POST", "", { loginId, password: loginPassword });
  return named(cookiesOf(response), "half-login");
}

async function sessionOf(loginId: string) {
  const halfLogin = await halfLoginOf(loginId);
  const presented = await person(loginId).presentDigits();
  return named(cookiesOf(await call("/login/one-time-password/present", "POST", halfLogin, { oneTimePassword: presented })), "session");
}

async function cookieOf(visitor: Visitor): Promise<string> {
  switch (visitor) {
    case "nobody": return "";
    case "half-login": return halfLoginOf("haruki");
    case "session": return sessionOf("haruki");
    case "flipped session": {
      const cookie = await sessionOf("haruki");
      const at = cookie.length - 20;
      return cookie.slice(0, at) + (cookie[at] === "A" ? "B" : "A") + cookie.slice(at + 1);
    }
    case "ended session": {
      const cookie = await sessionOf("haruki");
      await database.db.update(sessions).set({ endedAt: new Date(), endedBecause: "revoked" });
      return cookie;
    }
    case "temporary password": {
      const cookie = await sessionOf("haruki");
      await database.db.update(sessions).set({ level: "password_change" }).where(eq(sessions.level, "full"));
      return cookie;
    }
  }
}

// Who is let through each door. The others get 401 or 403 and nothing else; "anyone" needs no right.
const doors: Record<string, Visitor[] | "anyone"> = {
  "GET /state": ["session"],
  "GET /session": ["session", "temporary password"],
  "POST /session/extend": ["session", "temporary password"],
  "POST /logout": "anyone",
  "POST /login/present": "anyone",
  "GET /login/one-time-password/state": ["half-login"],
  "POST /login/one-time-password/present": [], // a half-login is let in, but the present one-time password of `haruki` is used up: see below
  "GET /token/issuance/state": [],
  "POST /token/issuance/issue": [],
  "GET /token/confirmation/state": [],
  "POST /token/confirmation/confirm": [],
  "POST /token/confirmation/resend": [],
  "GET /password/change/state": ["session", "temporary password"],
  "POST /password/change/change": [],
  "GET /management/users/new/state": ["session"],
  "POST /management/users/new/register": ["session"],
  "GET /management/users/import/state": ["session"],
  "POST /management/users/import/check": ["session"],
  "POST /management/users/import/register": ["session"],
  "POST /management/users/csv": ["session"],
  "POST /authenticator/set-up": "anyone",
  "GET /authenticator/state": "anyone",
  "GET /institution.json": "anyone",
  "GET /health/live": "anyone",
  "GET /health/ready": "anyone",
};

test("the table has every route handler of the tree, and no other", () => {
  const files = globSync("app/**/route.ts").filter((file) => !file.includes("/qa/"));
  const paths = files.map((file) => file.replace(/^app/, "").replace("/(customer)", "").replace("/route.ts", "")).sort();
  expect([...new Set(Object.keys(doors).map((door) => door.split(" ")[1]))].sort()).toEqual(paths);
});

const visitors: Visitor[] = ["nobody", "half-login", "flipped session", "session", "ended session", "temporary password"];
const closed = Object.entries(doors).flatMap(([door, allowed]) =>
  allowed === "anyone" ? [] : visitors.map((visitor) => [door, visitor, allowed.includes(visitor)] as const));

const form = { oneTimePassword: "000000", currentPassword: "wrong-one", newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026",
  mailAddress: "a@example.jp", mailAddressAgain: "a@example.jp", activationPassword: "246810", activationPasswordAgain: "246810",
  loginId: "shiro", name: "データ四郎", userClass: "general", loginPassword: "kx7f-9pqm-w2za", newConfirmationPassword: "b3rt-hh8k-n5vy", confirmationPassword };

test.each(closed)("%s for %s: let in is %s", async (door, visitor, letIn) => {
  const [method, path] = door.split(" ") as ["GET" | "POST", string];
  const cookie = await cookieOf(visitor);
  const response = await call(path, method, cookie, form);
  if (letIn) {
    expect(response.status).toBe(200);
  } else {
    expect([401, 403, 409]).toContain(response.status);
    expect(await response.json()).toMatchObject({ ok: false, refusal: { code: expect.stringMatching(/^OTP-/) as string } });
  }
  expect(response.headers.get("cache-control")).toBe("no-store");
});

test("no GET changes anything but when a session was last seen", async () => {
  const cookies = [await sessionOf("haruki"), await halfLoginOf("tarou")].join("; ");
  await database.advance(60);
  const everything = async () => {
    const [row] = await database.db.execute<{ digest: string }>(sql`select md5(concat(
      (select string_agg((to_jsonb(u) - 'revision')::text, '' order by id) from users u), (select string_agg(t::text, '' order by id) from tokens t),
      (select string_agg((to_jsonb(s) - 'last_seen_at')::text, '' order by id) from sessions s), (select string_agg(a::text, '' order by user_id) from login_attempts a),
      (select string_agg(m.id::text, '' order by id) from mail_intents m), (select count(*) from audit_events), (select count(*) from known_browsers),
      (select string_agg(p::text, '' order by id) from issuance_permissions p), (select count(*) from suspensions))) as digest`);
    return row!.digest;
  };
  const before = await everything();
  for (const door of Object.keys(doors).filter((name) => name.startsWith("GET"))) await call(door.split(" ")[1]!, "GET", cookies);
  expect(await everything()).toBe(before);
});

describe("sessions", () => {
  test("the end is told to the browser that held it: replaced, suspended, idle, absolute", async () => {
    const codeOf = async (cookie: string) => ((await (await call("/state", "GET", cookie)).json()) as { refusal?: { code: string } }).refusal?.code;
    const first = await sessionOf("haruki");
    await database.advance(60);
    const second = await sessionOf("haruki");
    expect([await codeOf(first), await codeOf(second)]).toEqual(["OTP-112", undefined]);

    const halfLogin = await halfLoginOf("haruki");
    for (let i = 0; i < 5; i += 1) await call("/login/one-time-password/present", "POST", halfLogin, { oneTimePassword: "000000" });
    expect(await codeOf(second)).toBe("OTP-115");
    await person("haruki").as((work, standing) => lift(work, [standing]));

    await database.advance(60);
    const third = await sessionOf("haruki");
    await database.advance(15 * 60 - 1);
    expect((await call("/session", "GET", third)).status).toBe(200); // a look prolongs nothing
    await database.advance(1);
    expect([await codeOf(third), await codeOf(third)]).toEqual(["OTP-113", "OTP-113"]);

    const fourth = await sessionOf("haruki");
    for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      await database.advance(600);
      expect(await codeOf(fourth)).toBeUndefined();
    }
    await database.advance(600);
    expect(await codeOf(fourth)).toBe("OTP-114");
  });

  test("logging out ends the row: the cookie put back opens nothing", async () => {
    const cookie = await sessionOf("haruki");
    expect((await call("/logout", "POST", cookie)).status).toBe(200);
    expect((await call("/state", "GET", cookie)).status).toBe(401);
  });

  test("another user's session secret in a cookie of one's own making is no session", async () => {
    expect((await call("/state", "GET", "__Host-ichido-session=eyJhbGciOiJub25lIn0.e30.")).status).toBe(401);
    expect((await call("/state", "GET", "__Host-ichido-session=")).status).toBe(401);
  });

  test("changing one's password ends every other session and needs the present one", async () => {
    const cookie = await sessionOf("haruki");
    const change = { currentPassword: loginPassword, newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026" };
    for (const [field, value] of [["newPassword", "short"], ["newPassword", "password1"], ["newPassword", "haruki2026"], ["newPassword", "Kakunin-demo-2026"], ["newPassword", loginPassword]] as const)
      expect((await call("/password/change/change", "POST", cookie, { ...change, [field]: value, newPasswordAgain: value })).status).toBe(422);
    const response = await call("/password/change/change", "POST", cookie, change);
    expect(response.status).toBe(200);
    expect((await call("/state", "GET", cookie)).status).toBe(401);
    expect((await call("/state", "GET", named(cookiesOf(response), "session"))).status).toBe(200);
    expect((await call("/login/present", "POST", "", { loginId: "haruki", password: loginPassword })).status).toBe(401);
  });

  test("a long sentence with spaces in Japanese is a good password", async () => {
    const cookie = await sessionOf("haruki");
    const sentence = "毎朝 七時の電車で 海を見ながら 会社へ行く 𠮷田さんと ".repeat(4);
    expect([...sentence].length).toBeGreaterThan(64);
    expect((await call("/password/change/change", "POST", cookie, { currentPassword: loginPassword, newPassword: sentence, newPasswordAgain: sentence })).status).toBe(200);
    expect((await call("/login/present", "POST", "", { loginId: "haruki", password: sentence })).status).toBe(200);
  });

  test("a session is no place to guess the password: five wrong ones stop the count", async () => {
    const cookie = await sessionOf("haruki");
    const change = { currentPassword: "wrong", newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026" };
    for (let i = 0; i < 5; i += 1) expect((await call("/password/change/change", "POST", cookie, change)).status).toBe(403);
    expect((await call("/password/change/change", "POST", cookie, { ...change, currentPassword: loginPassword })).status).toBe(403);
  });
});

test("cookies are __Host-, Secure, HttpOnly and SameSite=Strict", async () => {
  const response = await call("/login/present", "POST", "", { loginId: "mihon", password: loginPassword });
  const cookies = response.headers.getSetCookie();
  expect(cookies.length).toBeGreaterThanOrEqual(2);
  for (const cookie of cookies) expect(cookie).toMatch(/^__Host-ichido-[a-z-]+=[^;]*; Path=\/; Secure; SameSite=Strict; HttpOnly/);
});
