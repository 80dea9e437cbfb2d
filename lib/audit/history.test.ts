import { eq, sql } from "drizzle-orm";
import Papa from "papaparse";
import { beforeEach, describe, expect, test } from "vitest";
import { auditEvents, users } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { readClock } from "@/lib/platform/clock";
import { testDatabase } from "@/lib/platform/test-database";
import { policy } from "@/lib/policy";
import { resultOf, type AuditEvent } from "./events";
import { historyCsv, readHistory, type HistoryPage, type HistoryRow, type Viewer } from "./history";
import { historyFields, type HistoryFilter } from "./history-fields";
import { eventWords } from "./words";

const database = testDatabase();
beforeEach(async () => {
  await putScenario("demo");
  await database.db.execute(sql`alter table audit_events disable trigger user`);
  await database.db.execute(sql`truncate audit_events`);
});

async function viewer(loginId: string): Promise<Viewer> {
  const user = await person(loginId).row();
  return { ...(await readClock(database.db)), user, corporation: { id: user.corporationId } };
}

type Asked = Partial<Record<keyof HistoryFilter, string>>;

async function page(loginId: string, asked: Asked = {}, cursor: string | null = null): Promise<HistoryPage> {
  const found = await readHistory(await viewer(loginId), historyFields.parse(asked), cursor);
  if ("fields" in found) throw new Error(found.fields.person);
  return found;
}
const rows = async (loginId: string, asked?: Asked) => (await page(loginId, asked)).rows;
const labels = async (loginId: string, asked?: Asked) => (await rows(loginId, asked)).map((row) => row.label);
const networks = async (loginId: string, asked?: Asked) => (await rows(loginId, asked)).map((row) => row.network);

type Put = { name?: AuditEvent["name"]; by?: string | "staff" | "system" | "anonymous"; to?: string | null; at?: Date; company?: string; network?: string; browser?: string; code?: string };

/** An event of the demo company's, `by` and `to` somebody of it. */
async function put({ name = "session.opened", by = "haruki", to = by, at, company, network = "", browser = "", code }: Put) {
  const kind = (["staff", "system", "anonymous"] as const).find((one) => one === by) ?? "user";
  const idOf = async (loginId: string | null) => (loginId === null ? null : (await person(loginId).row())?.id ?? null);
  const corporationId = company ?? (await person("haruki").row()).corporationId;
  await database.db.insert(auditEvents).values({
    at: at ?? (await readClock(database.db)).now, name, result: resultOf({ name }), corporationId, code,
    actorKind: kind, actorId: kind === "user" ? await idOf(by) : null, userId: await idOf(to === by && kind !== "user" ? null : to),
    requestId: "00000000-0000-4000-8000-000000000000", network, browser, details: {},
  });
}

const someEvents = (count: number, network = "") => database.db.execute(sql`insert into audit_events (at, name, result, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details)
  select app_now() - make_interval(secs => n / 7), 'session.opened', 'done', corporation_id, 'user', id, id, gen_random_uuid(), ${network} || n, '', '{}'
  from generate_series(1, ${count}::int) n, users where login_id = 'haruki'`);

describe("who sees what", () => {
  test("a row says who did it, whom it concerned, from where, and how it ended", async () => {
    await person("haruki").password("x");
    await put({ name: "suspension.lifted", by: "haruki", to: "sachiko", network: "192.0.2.1", browser: "Chrome / Windows" });
    await put({ name: "token.revoke_refused", by: "haruki", to: "jiro", code: "OTP-408" });
    await put({ name: "user.stopped", by: "staff", to: "jiro", network: "10.0.0.1", browser: "Chrome / Windows" });
    await put({ name: "token.ended", by: "system", to: "tarou" });
    const nobody = { name: "―", loginId: null };
    expect(await rows("sakuro")).toMatchObject([
      { label: "トークンの終了", group: "トークン", by: { name: "システム", loginId: null }, to: { name: "データ太郎", loginId: "tarou" } },
      { label: "利用者の停止", by: { name: "いちど信用組合", loginId: null }, to: { loginId: "jiro" }, network: "", browser: "" },
      { label: "トークンの失効", result: "refused", code: "OTP-408", by: { loginId: "haruki" }, to: { loginId: "jiro" } },
      { label: "ワンタイムパスワードの利用停止解除", result: "done", code: null, by: { name: "データ花子", loginId: "haruki" }, to: { name: "データ幸子", loginId: "sachiko" }, network: "192.0.2.1", browser: "Chrome / Windows" },
      { label: "ログインパスワードの入力", group: "ログイン", result: "refused", by: nobody, to: { name: "データ花子", loginId: "haruki" } },
    ]);
  });

  test("no more than the table's columns leaves the server", async () => {
    await put({ name: "session.opened" });
    expect(Object.keys((await rows("haruki"))[0]!).sort()).toEqual(["at", "browser", "by", "code", "group", "id", "label", "network", "result", "to"]);
  });

  test("a deleted user's name still shows, and is found", async () => {
    await put({ name: "session.opened", by: "jiro" });
    await database.db.update(users).set({ deletedAt: new Date() }).where(eq(users.loginId, "jiro"));
    expect(await rows("haruki", { person: "二郎" })).toMatchObject([{ by: { name: "データ二郎", loginId: "jiro" } }]);
  });

  // An event of another company's under the id of one of ours: only the company's id keeps it away, whichever way it is looked for.
  test.each<Asked>([{}, { person: "データ" }, { group: "login" }, { result: "done" }, { group: "login", person: "haruki" }])("another company's event is never seen: %j", async (asked) => {
    const { corporationId } = await person("mihon").row();
    await put({ by: "haruki", to: "haruki", company: corporationId, network: "theirs" });
    await put({ by: "haruki", to: "sachiko", company: corporationId, network: "theirs" });
    await put({ by: "haruki", network: "ours" });
    for (const loginId of ["haruki", "sakuro"]) expect(await networks(loginId, asked)).toEqual(["ours"]);
  });

  test("another company's manager sees none of ours, nor our users' names, and finds none of our users", async () => {
    const { corporationId } = await person("mihon").row();
    await put({ by: "haruki" });
    await put({ by: "haruki", to: "sachiko", company: corporationId, network: "theirs" });
    expect(await rows("mihon")).toMatchObject([{ by: { name: "―", loginId: null }, to: { name: "―", loginId: null } }]);
    expect(await rows("mihon", { person: "haruki" })).toEqual([]);
    expect(await rows("mihon", { person: "データ" })).toEqual([]);
  });

  test("a general user sees what was done to them, and nothing else", async () => {
    const { corporationId } = await person("mihon").row();
    await put({ by: "haruki", to: "ichiro", network: "done to me" });
    await put({ by: "ichiro", network: "mine" });
    await put({ by: "haruki" });
    await put({ by: "jiro" });
    await put({ by: "ichiro", company: corporationId, network: "theirs" });
    for (const asked of [{}, { group: "login" }, { result: "done" }, { person: "haruki" }, { person: "nobody" }])
      expect(await networks("ichiro", asked)).toEqual(["mine", "done to me"]);
  });
});

describe("filters", () => {
  test("a person is any part of a login ID or a name, of the one who did it or whom it concerned; each event once", async () => {
    await put({ by: "haruki", to: "sachiko", network: "lifted" });
    await put({ by: "jiro", network: "jiro" });
    await put({ name: "users.exported", by: "haruki", to: null, network: "without a subject" });
    await put({ by: "anonymous", to: "haruki", network: "refused" });
    expect(await networks("sakuro", { person: "RUK" })).toEqual(["refused", "without a subject", "lifted"]);
    expect(await networks("sakuro", { person: " ｈａｒｕ " })).toEqual(["refused", "without a subject", "lifted"]);
    expect(await networks("sakuro", { person: "幸子" })).toEqual(["lifted"]);
    expect(await networks("sakuro", { person: "データ" })).toEqual(["refused", "without a subject", "jiro", "lifted"]);
    expect(await networks("sakuro", { person: "　 " })).toHaveLength(4);
    expect(await networks("sakuro", { person: "花子 sachiko" })).toEqual([]);
  });

  test.each(["%", "_", "\\", "'", "' or true --", "'; drop table users; --", "$1", "{}", "\"},{", "<script>", "\u202e", "𠮷"])("search text %j is text", async (text) => {
    await put({ by: "haruki" });
    expect(await rows("haruki", { person: text })).toEqual([]);
  });

  test("more than 100 people: the field asks to narrow it; 100 are looked through", async () => {
    const { corporationId } = await person("haruki").row();
    const many = (from: number, count: number, deleted: boolean) => database.db.execute(sql`insert into users (corporation_id, login_id, name, user_class, mail_address, login_password_hash, confirmation_password_hash, created_at, deleted_at)
      select ${corporationId}, 'many' || n, 'many', 'general', '', '', '', now(), case when ${deleted} then now() end from generate_series(${from}::int, ${from + count - 1}::int) n`);
    await many(1, 60, false);
    await many(61, 40, true);
    await put({ by: "many100", network: "hundredth" });
    expect(await networks("haruki", { person: "many" })).toEqual(["hundredth"]);
    await many(101, 1, false);
    expect(await readHistory(await viewer("haruki"), historyFields.parse({ person: "many" }), null)).toEqual({ fields: { person: expect.stringContaining("100名") as string } });
    expect(await historyCsv(await viewer("haruki"), historyFields.parse({ person: "many" }))).toHaveProperty("fields.person");
    expect((await rows("ichiro", { person: "many" }))).toEqual([]); // a general user is not told how many there are
  });

  test("groups and results, alone and together", async () => {
    await put({ name: "session.opened" });
    await put({ name: "login.refused" });
    await put({ name: "token.issued" });
    await put({ name: "token.issue_refused" });
    expect(await labels("haruki", { group: "token" })).toEqual(["トークン発行", "トークン発行"]);
    expect(await labels("haruki", { result: "done" })).toEqual(["トークン発行", "ログイン"]);
    expect(await rows("haruki", { result: "refused", group: "token" })).toMatchObject([{ label: "トークン発行", result: "refused" }]);
    expect(await rows("haruki", { result: "refused", group: "login", person: "haruki" })).toMatchObject([{ label: "ログイン", result: "refused" }]);
    expect(await rows("haruki", { result: "refused", group: "login", person: "sakuro" })).toEqual([]);
    expect(await rows("haruki", { group: "suspension" })).toEqual([]);
  });

  test("days are Japan's, the first and the last one included to the millisecond", async () => {
    const { now } = await readClock(database.db);
    const day = new Date(now.getTime() - 10 * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10); // Japan is nine hours ahead
    const begins = new Date(`${day}T00:00:00+09:00`).getTime();
    for (const [network, at] of [["before", begins - 1], ["first", begins], ["last", begins + 86_400_000 - 1], ["after", begins + 86_400_000]] as const) await put({ network, at: new Date(at) });
    expect(await networks("haruki", { from: day, to: day })).toEqual(["last", "first"]);
    expect(await networks("haruki", { from: day })).toEqual(["after", "last", "first"]);
    expect(await networks("haruki", { to: day })).toEqual(["last", "first", "before"]);
    expect(await networks("haruki", { to: day, person: "haruki", group: "login" })).toEqual(["last", "first", "before"]);
  });

  test("100 days are shown, by the rules' clock, whatever day is asked for", async () => {
    await put({ network: "old" });
    await database.advance(policy.historyDays * 86_400 - 60);
    expect(await networks("haruki")).toEqual(["old"]);
    await database.advance(61);
    for (const asked of [{}, { from: "2000-01-01" }, { from: "0000-01-01" }, { person: "haruki" }, { group: "login" }]) expect(await networks("haruki", asked)).toEqual([]);
    for (const loginId of ["haruki", "ichiro"]) expect(await rows(loginId, { from: "0000-01-01", to: "0000-01-01" })).toEqual([]);
    expect(await rows("haruki", { from: "9999-12-31", to: "9999-12-31" })).toEqual([]);
  });

  test.each<[Asked, keyof HistoryFilter]>([
    [{ from: "2026-02-30" }, "from"], [{ to: "yesterday" }, "to"], [{ from: "2026-11-23", to: "2026-11-22" }, "to"], [{ group: "constructor" }, "group"],
    [{ group: "login' or true" }, "group"], [{ result: "all" }, "result"], [{ person: "a\0" }, "person"], [{ person: "あ".repeat(101) }, "person"],
  ])("%j is refused at its field", (asked, field) => {
    const parsed = historyFields.safeParse(asked);
    expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([field]);
    expect(parsed.error?.issues[0]!.message).toMatch(/。$/);
  });
});

describe("pages", () => {
  const numbersOf = (found: HistoryRow[]) => found.map((row) => Number(row.network));
  const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

  // Seven share a moment, so that the id decides too.
  test.each<Asked>([{}, { person: "haruki" }, { group: "login" }, { group: "login", person: "haruki", result: "done" }])("there and back without a loss or a double, while events arrive: %j", async (asked) => {
    await someEvents(170);
    const arrive = async () => {
      await database.advance(1);
      await put({ network: "0" });
    };
    const walked: HistoryPage[] = [await page("haruki", asked)];
    while (walked.at(-1)!.older) {
      await arrive();
      walked.push(await page("haruki", asked, walked.at(-1)!.older));
    }
    expect(walked.map((one) => one.rows.length)).toEqual([50, 50, 50, 20]);
    expect([...numbersOf(walked.flatMap((one) => one.rows))].sort((a, b) => a - b)).toEqual(upTo(170));
    expect(walked[0]!.newer).toBeNull();

    const back: HistoryPage[] = [walked.at(-1)!];
    while (back.at(-1)!.newer) back.push(await page("haruki", asked, back.at(-1)!.newer));
    const ids = back.reverse().flatMap((one) => one.rows.map((row) => row.id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.slice(-170)).toEqual(walked.flatMap((one) => one.rows.map((row) => row.id)));
    expect(ids).toHaveLength(173); // and the three that arrived
    expect(back[0]!.older).not.toBeNull();
  });

  test("exactly 50 are one page", async () => {
    await someEvents(50);
    expect(await page("haruki")).toMatchObject({ newer: null, older: null });
    await someEvents(1);
    expect((await page("haruki")).older).not.toBeNull();
  });

  test.each(["", "x", "older", "older..", "older.1.1.1", "older.99999999999999.1", "older.999999999999999.1", "older.1.9999999999999999999", "newer.-1.1", "older.1.1' or true --", "older.NaN.1", "OLDER.1.1", "\0"])(
    "cursor %j, not of our making, asks for the first page", async (cursor) => {
      await put({});
      expect((await page("haruki", {}, cursor)).rows).toHaveLength(1);
    });

  test("a cursor that one could have made opens nothing but one's own", async () => {
    await put({ by: "haruki" });
    for (const cursor of ["older.9999999999999.999999999999999999", "newer.0.0"]) expect((await page("mihon", {}, cursor)).rows).toEqual([]);
  });
});

describe("CSV", () => {
  async function csv(loginId: string, asked: Asked = {}): Promise<string[]> {
    const chunks = await historyCsv(await viewer(loginId), historyFields.parse(asked));
    if ("fields" in chunks) throw new Error(chunks.fields.person);
    const all: string[] = [];
    for await (const chunk of chunks) all.push(chunk);
    return all;
  }

  test("all rows in batches, newest first, after a mark and a header", async () => {
    await someEvents(1_203);
    const chunks = await csv("haruki");
    expect(chunks).toHaveLength(4);
    expect(chunks[0]).toBe("\uFEFF操作日付,利用者名,ログインID,分類,操作内容,結果,照会番号,対象の利用者,対象のログインID,接続元,ブラウザ\r\n");
    const lines = Papa.parse<string[]>(chunks.join("").trimEnd(), { newline: "\r\n" }).data.slice(1);
    expect(new Set(lines.map((line) => line[9])).size).toBe(1_203);
    expect(lines[0]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/), "データ花子", "haruki", "ログイン", "ログイン", "完了", "", "データ花子", "haruki", expect.any(String), ""]);
    expect(await csv("haruki", { group: "token" })).toHaveLength(1);
    expect((await csv("ichiro")).join("").trimEnd().split("\r\n")).toHaveLength(1);
    expect(await csv("haruki", { person: "haruki", result: "done" })).toEqual(chunks);
  });

  test("nothing is read before it is asked for", async () => {
    await someEvents(1);
    const chunks = await historyCsv(await viewer("haruki"), historyFields.parse({})) as AsyncGenerator<string>;
    await chunks.next();
    await put({ network: "arrived" });
    expect((await chunks.next()).value).toContain("arrived");
  });

  test("a name or a browser that would be a formula is text", async () => {
    await database.db.update(users).set({ name: "=cmd|' /C calc'!A0" }).where(eq(users.loginId, "haruki"));
    await put({ browser: "@SUM(1) / Windows" });
    const [, line] = await csv("sakuro");
    expect(line).toContain("'=cmd|' /C calc'!A0");
    expect(line).toContain("'@SUM(1) / Windows");
  });
});

test("every event has words, and one that a newer version wrote shows as another operation", async () => {
  for (const { label, group } of Object.values(eventWords)) expect([label, group].every(Boolean)).toBe(true);
  await put({ name: "something.new" as AuditEvent["name"] });
  expect(await rows("haruki")).toMatchObject([{ label: "その他の操作", group: "その他" }]);
});
