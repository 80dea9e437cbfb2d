import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { auditEvents, corporations, users } from "@/drizzle/schema";
import { POST as present } from "@/app/(customer)/login/present/route";
import { POST as presentOneTimePassword } from "@/app/(customer)/login/one-time-password/present/route";
import { dataShoji, loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { POST as csv } from "./csv/route";
import { GET as state } from "./state/route";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const origin = "http://localhost:3000";
const post = (path: string, cookie: string, form: Record<string, string>, headers: Record<string, string> = {}) => new Request(origin + path, {
  method: "POST", body: new URLSearchParams(form),
  headers: { cookie, origin, accept: "application/json", "content-type": "application/x-www-form-urlencoded", "user-agent": "test", ...headers },
});
const cookieOf = (response: Response, name: string) => response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!).find((cookie) => cookie.startsWith(`__Host-ichido-${name}`) && !cookie.endsWith("=")) ?? "";

async function logIn(loginId: string): Promise<string> {
  const answer = await present(post("/login/present", "", { loginId, password: loginPassword }));
  const halfLogin = cookieOf(answer, "half-login");
  if (cookieOf(answer, "session")) return cookieOf(answer, "session");
  return cookieOf(await presentOneTimePassword(post("/login/one-time-password/present", halfLogin, { oneTimePassword: await person(loginId).presentDigits() })), "session");
}

/** Without a service of one-time passwords the password alone opens the session: a general user's, too. */
const withoutService = () => database.db.update(corporations).set({ serviceAppliesFrom: null }).where(eq(corporations.contractNumber, dataShoji.contractNumber));

type Found = { rows: { by: { loginId: string | null }; to: { loginId: string | null } }[]; fields?: Record<string, string> };
async function ask(cookie: string, query = "") {
  const response = await state(new Request(`${origin}/management/history/state${query}`, { headers: { cookie } }));
  return { status: response.status, headers: response.headers, body: (await response.json()) as { days: number; firstDay: string; lastDay: string; isManager: boolean; found: Found } };
}

const exports = () => database.db.select().from(auditEvents).where(eq(auditEvents.name, "history.exported"));

test("the state says how many days are shown, and from which to which", async () => {
  const { status, headers, body } = await ask(await logIn("haruki"));
  expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(body).toMatchObject({ days: 100, isManager: true });
  expect(Date.parse(body.lastDay) - Date.parse(body.firstDay)).toBe(100 * 86_400_000);
  expect(body.found.rows.length).toBeGreaterThan(2);
});

test("a general user is answered their own events only, and so is their file", async () => {
  await withoutService();
  const manager = await logIn("haruki");
  const cookie = await logIn("ichiro");
  const { body } = await ask(cookie, "?person=haruki");
  expect(body.isManager).toBe(false);
  expect(new Set(body.found.rows.map((row) => row.to.loginId))).toEqual(new Set(["ichiro"]));
  const file = await (await csv(post("/management/history/csv", cookie, {}))).text();
  expect(file).not.toContain("haruki");
  expect(file).toContain("ichiro");
  expect((await ask(manager)).body.found.rows.some((row) => row.to.loginId === "ichiro")).toBe(true);
});

test("a user whose class is lowered sees their own from the next request on", async () => {
  const cookie = await logIn("haruki");
  await person("sakuro").password("x");
  const others = async () => (await ask(cookie)).body.found.rows.filter((row) => row.to.loginId !== "haruki").length;
  expect(await others()).toBeGreaterThan(0);
  await database.db.update(users).set({ userClass: "general" }).where(eq(users.loginId, "haruki"));
  expect(await others()).toBe(0);
});

test.each([["?from=2026-02-30", "from"], ["?from=2026-11-23&to=2026-11-22", "to"], ["?person=%00", "person"], ["?group=x", "group"], ["?result=x", "result"], ["?person=" + "a".repeat(101), "person"]])(
  "%s is refused at its field, and shows nothing", async (query, field) => {
    const { status, body } = await ask(await logIn("haruki"), query);
    expect(status).toBe(200);
    expect(body.found).toEqual({ fields: { [field]: expect.any(String) as string } });
  });

test.each(["?cursor=%00", "?cursor=older.x", "?person=%F0%9F%92%A9", "?person=%ED%A0%80", "?person=%25&cursor=newer.0.0", "?sort=name&userId=1&corporationId=2", "?person=a&person=haruki"])(
  "%s is answered", async (query) => {
    expect((await ask(await logIn("haruki"), query)).status).toBe(200);
  });

test("the file is recorded once, before it is sent, whatever becomes of it", async () => {
  const cookie = await logIn("haruki");
  const response = await csv(post("/management/history/csv", cookie, { group: "login" }));
  expect(await exports()).toMatchObject([{ result: "done", userId: null, actorId: (await person("haruki").row()).id, corporationId: (await person("haruki").row()).corporationId }]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "cache-control": "no-store", "content-type": "text/csv; charset=utf-8",
    "content-disposition": expect.stringMatching(/^attachment; filename="history_\d{8}\.csv"; filename\*=UTF-8''%E6%93%8D%E4%BD%9C%E5%B1%A5%E6%AD%B4_\d{8}\.csv$/) as string,
  });
  await response.body!.cancel();
  expect(await exports()).toHaveLength(1);
});

test("the file has the mark, the lines' ends, and the filtered rows", async () => {
  const cookie = await logIn("haruki");
  const bytes = new Uint8Array(await (await csv(post("/management/history/csv", cookie, { group: "login", result: "done" }))).arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const lines = new TextDecoder().decode(bytes).split("\r\n");
  expect(lines.at(-1)).toBe("");
  expect(lines.slice(1, -1).map((line) => line.split(",")[4])).toEqual(["ログイン", "ログインパスワードの入力"]);
});

test("no file for a post from elsewhere, without a session, or with a field that is wrong; and none is recorded", async () => {
  const cookie = await logIn("haruki");
  for (const foreign of ["https://evil.example", "null"]) expect((await csv(post("/management/history/csv", cookie, {}, { origin: foreign }))).status).toBe(403);
  expect((await csv(post("/management/history/csv", "", {}))).status).toBe(401);
  expect((await csv(post("/management/history/csv", cookie, { from: "x" }))).status).toBe(422);
  expect(await exports()).toEqual([]);
});

test("a database that ends in the middle of a file breaks the file off: it does not look whole", async () => {
  const cookie = await logIn("haruki");
  const response = await csv(post("/management/history/csv", cookie, {}));
  const reader = response.body!.getReader();
  await reader.read();
  await database.client`alter table audit_events rename to away`;
  try {
    await expect(reader.read()).rejects.toThrow();
  } finally {
    await database.client`alter table away rename to audit_events`;
  }
});
