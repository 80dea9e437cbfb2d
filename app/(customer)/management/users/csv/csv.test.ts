import Papa from "papaparse";
import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { auditEvents, passkeys, sessions, stops, users } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browserWith, loggedIn } from "@/lib/login/test-session";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { POST as download } from "./route";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const saved = async (loginId: string) => {
  const response = await (await loggedIn(loginId)).send(download, {});
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.subarray(3).toString("utf8");
  return { response, bytes, text, rows: Papa.parse<string[]>(text.trimEnd(), { delimiter: "," }).data };
};
const events = (name: string) => database.db.select().from(auditEvents).where(eq(auditEvents.name, name));

test("all users of the company by login ID, with their states, as a spreadsheet reads it; recorded", async () => {
  const { id, corporationId } = await person("ichiro").row();
  await database.db.insert(stops).values({ corporationId, userId: id, stoppedAt: new Date(), cause: "manager" });
  for (const [loginId, removed] of [["sakuro", false], ["tarou", true]] as const) {
    const { id: userId } = await person(loginId).row();
    await database.db.insert(passkeys).values({
      corporationId, userId, credentialId: loginId, publicKey: Buffer.alloc(1), counter: 0, transports: [], name: "電話", registeredAt: new Date(),
      ...(removed && { removedAt: new Date(), removedBecause: "removed" as const }),
    });
  }
  const { response, bytes, text, rows } = await saved("haruki");
  expect(rows).toEqual([
    ["ログインID", "利用者名", "利用者区分", "メールアドレス", "ワンタイムパスワード状態", "ワンタイムパスワード認証状態", "利用者状態", "パスキー"],
    ["haruki", "データ花子", "管理者ユーザ", "haruki@example.jp", "サービス利用中", "利用可能", "有効", "未登録"],
    ["ichiro", "データ一郎", "一般ユーザ", "ichiro@example.jp", "非登録", "利用可能", "停止中", "未登録"],
    ["jiro", "データ二郎", "一般ユーザ", "jiro@example.jp", "失効中", "利用可能", "有効", "未登録"],
    ["sachiko", "データ幸子", "一般ユーザ", "sachiko@example.jp", "サービス利用中", "利用停止", "有効", "未登録"],
    ["sakuro", "データ三郎", "マスターユーザ", "sakuro@example.jp", "サービス利用中", "利用可能", "有効", "登録済"],
    ["tarou", "データ太郎", "一般ユーザ", "tarou@example.jp", "発行済", "利用可能", "有効", "未登録"],
  ]);
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(text.split("\r\n").length).toBe(8);
  const [row] = await database.db.execute<{ today: string }>(sql`select to_char(app_now() at time zone 'Asia/Tokyo', 'YYYYMMDD') as today`);
  expect(response.headers.get("content-disposition")).toContain(`attachment; filename="users-${row!.today}.csv"`);
  expect([response.headers.get("content-type"), response.headers.get("cache-control")]).toEqual(["text/csv; charset=utf-8", "no-store"]);
  expect(await events("users.exported")).toMatchObject([{ actorId: (await person("haruki").row()).id, details: { users: 6 } }]);
});

test("no name or address is a formula, and neither deleted users nor another company's are in it", async () => {
  const named = (loginId: string, name: string) => database.db.update(users).set({ name }).where(eq(users.loginId, loginId));
  await named("ichiro", "=HYPERLINK(\"http://evil.example\",\"x\")");
  await named("jiro", "　+1");
  await named("sachiko", "a\"b,𠮷");
  await database.db.update(users).set({ mailAddress: "-a@example.jp", deletedAt: null }).where(eq(users.loginId, "sachiko"));
  await database.db.update(users).set({ deletedAt: new Date() }).where(eq(users.loginId, "tarou"));
  const { rows } = await saved("haruki");
  expect(rows.map(([loginId, name]) => [loginId, name]).slice(2, 5)).toEqual([["ichiro", "'=HYPERLINK(\"http://evil.example\",\"x\")"], ["jiro", "'　+1"], ["sachiko", "a\"b,𠮷"]]);
  expect(rows[4]![3]).toBe("'-a@example.jp");
  expect(rows.map(([loginId]) => loginId)).toEqual(["ログインID", "haruki", "ichiro", "jiro", "sachiko", "sakuro"]);
});

test("10,000 users, each once and in order", async () => {
  await putScenario("many-users");
  await database.db.execute(sql`update users set login_id = upper(login_id) where login_id like 'user%7'`);
  const { rows } = await saved("haruki");
  const loginIds = rows.slice(1).map(([loginId]) => loginId!.toLowerCase());
  expect(loginIds.length).toBe(10_000);
  expect(new Set(loginIds).size).toBe(10_000);
  expect(rows.filter((cells) => cells[5] === "利用停止").length).toBe(1_000);
});

test("a general user, an ended session and another site's page get nothing; whoever tries is recorded", async () => {
  const refused = async (browser: ReturnType<typeof browserWith>) => (await browser.post(download, {})).body.refusal?.code;
  expect(await refused(await loggedIn("ichiro"))).toBe("OTP-117");
  expect(await refused(browserWith(""))).toBe("OTP-111");
  const haruki = await loggedIn("haruki");
  await database.db.update(sessions).set({ endedAt: new Date(), endedBecause: "revoked" });
  expect(await refused(haruki)).toBe("OTP-116");
  expect((await events("access.refused")).length).toBe(3);
  expect(await events("users.exported")).toEqual([]);
  const foreign = await download(new Request("http://localhost:3000", { method: "POST", headers: { origin: "https://evil.example", "content-type": "application/x-www-form-urlencoded" } }));
  expect(foreign.status).toBe(403);
});
