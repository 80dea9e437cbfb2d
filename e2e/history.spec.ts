import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures";
import { HistoryScreen } from "./pages/history";
import { days, type Qa } from "./qa";

/** Events of `haruki`'s, one a second, so many that they fill pages. */
const someEvents = (qa: Qa, count: number) => qa.sql`
  insert into audit_events (at, name, result, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details)
  select app_now() - make_interval(secs => n), 'token.link_resent', 'done', corporation_id, 'user', id, id, gen_random_uuid(), 'event ' || n, '', '{}'
  from generate_series(1, ${count}::int) n, users where login_id = 'haruki'`;

test("a manager finds their own login and a refused one", async ({ qa, pc, caller }) => {
  await caller.password("jiro", "not the password");
  await pc.logIn(qa, "haruki");
  const history = new HistoryScreen(pc.page);
  await history.open();
  await expect(pc.page.getByText("過去100日分まで照会できます。")).toBeVisible();
  await expect(pc.page.getByRole("navigation", { name: "現在地" }).getByRole("link", { name: "管理" })).toBeVisible();
  await expect(history.table.getByRole("columnheader")).toHaveText(["操作日付", "利用者名", "操作内容", "結果", "対象の利用者", "接続元"]);

  await history.inquire({ person: "haruki", group: "ログイン", result: "完了" });
  await expect(history.rows().first()).toContainText(/\d{4}年\d{1,2}月\d{1,2}日\(.\) \d{1,2}:\d\d/);
  await expect(history.rows().first()).toContainText("データ花子");
  await expect(history.rows("ログイン").first()).toContainText("完了");
  await expect(history.rows("拒否")).toHaveCount(0);

  await history.inquire({ person: "二郎", result: "拒否" });
  await expect(history.rows()).toHaveCount(1);
  await expect(history.rows()).toContainText("ログインパスワードの入力");
  await expect(history.rows()).toContainText("拒否");
  await expect(history.rows()).toContainText("データ二郎");
  await expect(history.field("利用者名")).toHaveValue("二郎");
  await expect(history.field("操作内容")).toHaveValue("login");
});

test("days outside the table's, a text that nobody has, and a range that is upside down", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  const history = new HistoryScreen(pc.page);
  await history.open();
  const today = (await history.field("操作日付（開始）").getAttribute("max"))!;
  const yesterday = new Date(Date.parse(today) - days * 1_000).toISOString().slice(0, 10);
  await history.inquire({ from: today, to: yesterday });
  await history.expectFieldError("操作日付（終了）", /以降の日付/);
  await expect(history.rows().first()).toBeVisible(); // what was shown stays
  await history.inquire({ from: today, to: today });
  await expect(history.rows("ログイン").first()).toBeVisible();
  await history.inquire({ person: "%" });
  await history.expectNothingFound();
  await expect(history.field("操作日付（開始）")).toHaveValue(today);
});

test("there and back by 50, by what was asked for and not by what was typed since", async ({ qa, pc }) => {
  await someEvents(qa, 120);
  await pc.logIn(qa, "haruki");
  const history = new HistoryScreen(pc.page);
  await history.open();
  await history.inquire({ group: "トークン", person: "haruki" });
  await expect(history.button("前の50件")).toHaveCount(0);
  await expect(history.rows().first()).toContainText("event 1");
  await history.field("利用者名").fill("nobody");
  await history.older();
  await expect(history.rows()).toHaveCount(50);
  await expect(history.rows().first()).toContainText("event 51");
  await history.older();
  await expect(history.rows("event 120")).toHaveCount(1);
  await expect(history.button("次の50件")).toHaveCount(0);
  await history.newer();
  await expect(history.rows().first()).toContainText("event 51");
  await history.newer();
  await expect(history.rows().first()).toContainText("event 1");
});

test("the CSV file holds all that was asked for, and saving it is in the history", async ({ qa, pc }) => {
  await someEvents(qa, 120);
  await qa.sql`update users set name = '=1+1' where login_id = 'haruki'`;
  await pc.logIn(qa, "haruki");
  const history = new HistoryScreen(pc.page);
  await history.open();
  await history.inquire({ group: "トークン", person: "haruki" });
  const download = await history.download();
  expect(download.suggestedFilename()).toMatch(/^操作履歴_\d{8}\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).split("\r\n");
  expect(lines[0]).toMatch(/^\uFEFF操作日付,利用者名,/);
  expect(lines.filter((line) => line.includes(",event "))).toHaveLength(120);
  expect(lines[1]).toContain("'=1+1");
  await history.inquire({ group: "その他", person: "" });
  await expect(history.rows("操作履歴のCSVダウンロード")).toHaveCount(1);
});

test("a file leads nowhere: an inquiry after it of a session that is over leads to the login", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  const history = new HistoryScreen(pc.page);
  await history.open();
  await history.download();
  await qa.sql`update sessions set ended_at = app_now(), ended_because = 'replaced' where ended_at is null`;
  await history.button("照会").click();
  await expect(pc.page).toHaveURL(/\/login\?ended=replaced$/);
});

test("a general user has no 管理, and sees only what they did and what was done to them", async ({ qa, pc, caller }) => {
  await caller.password("ichiro", "not the password");
  await qa.sql`update corporations set service_applies_from = null where contract_number = '1000001'`; // the password alone logs in
  expect((await pc.caller.password("ichiro")).body).toMatchObject({ ok: true, go: "/" });
  await caller.password("sakuro");
  const history = new HistoryScreen(pc.page);
  await history.open();
  await expect(pc.page.getByRole("link", { name: "管理" })).toHaveCount(0);
  await expect(history.field("利用者名")).toHaveCount(0);
  await expect(history.rows("拒否")).toHaveCount(1);
  await expect(history.rows("データ一郎").first()).toBeVisible();
  await expect(history.rows(/データ(花子|三郎|幸子|太郎|二郎)/)).toHaveCount(0);
});

test("on a narrow screen the table is pushed sideways within itself", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await pc.page.setViewportSize({ width: 390, height: 844 });
  const history = new HistoryScreen(pc.page);
  await history.open();
  expect(await pc.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
