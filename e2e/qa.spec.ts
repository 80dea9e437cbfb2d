import AxeBuilder from "@axe-core/playwright";
import type { FrameLocator, Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { activationPassword } from "./qa";

/** The demo's own page: the PC and the phone are frames of one browser. */
class QaPage {
  readonly pc: FrameLocator;
  readonly phone: FrameLocator;

  constructor(readonly page: Page) {
    this.pc = page.frameLocator('iframe[title="パソコン"]');
    this.phone = page.frameLocator('iframe[title="スマートフォン"]');
  }

  async open() {
    await this.page.goto("/qa");
    await expect(this.page.getByRole("heading", { level: 1, name: "デモと検査", exact: true })).toBeVisible();
    await expect(this.token("haruki")).toBeVisible();
  }

  press(name: string, place: Page | FrameLocator = this.page) {
    return place.getByRole("button", { name, exact: true }).click();
  }

  token(loginId: string) {
    return this.phone.getByRole("listitem", { name: loginId, exact: true });
  }

  async logIn(loginId: string) {
    await this.press(`${loginId} をパソコンに入力`);
    await expect(this.pc.getByLabel("ログインID", { exact: true })).toHaveValue(loginId);
    await this.press("ログイン", this.pc);
  }

  async presentWhatThePhoneShows(loginId: string) {
    const shown = this.token(loginId).getByLabel("ワンタイムパスワード", { exact: true });
    await expect(shown).toHaveText(/^[0-9]{6}$/);
    await this.pc.getByLabel("ワンタイムパスワード", { exact: true }).fill((await shown.textContent()) ?? "");
    await this.press("認証確認", this.pc);
  }

  heading(name: string) {
    return this.pc.getByRole("heading", { level: 1, name, exact: true });
  }
}

test("daily login, the idle end, and an issuance by the mailed link, all on one page", async ({ page }) => {
  const qa = new QaPage(page);
  await qa.open();
  await qa.logIn("haruki");
  await qa.presentWhatThePhoneShows("haruki");
  await expect(qa.pc.getByText("データ花子")).toBeVisible();
  await qa.press("30分進める");
  await expect(qa.heading("ログイン")).toBeVisible();

  await qa.logIn("ichiro");
  for (const label of ["携帯電話メールアドレス", "携帯電話メールアドレス（確認用）"]) await qa.pc.getByLabel(label, { exact: true }).fill("ichiro@example.jp");
  for (const label of ["利用開始パスワード", "利用開始パスワード（確認用）"]) await qa.pc.getByLabel(label, { exact: true }).fill(activationPassword);
  await qa.press("トークン発行", qa.pc);
  await expect(qa.pc.getByLabel("ユーザID", { exact: true })).toHaveText(/^[0-9]{12}$/);
  await page.getByLabel("宛先", { exact: true }).selectOption("ichiro@example.jp");
  await qa.press("メールのURLをスマートフォンで開く");
  await qa.phone.getByRole("link", { name: "初期設定へ進む", exact: true }).click();
  for (const label of ["サービスID", "ユーザID"]) {
    await qa.phone.getByLabel(label, { exact: true }).fill((await qa.pc.getByLabel(label, { exact: true }).textContent()) ?? "");
  }
  await qa.phone.getByLabel("利用開始パスワード", { exact: true }).fill(activationPassword);
  await qa.press("初期設定", qa.phone);
  await qa.presentWhatThePhoneShows("ichiro");
  await expect(qa.heading("トップページ")).toBeVisible();
  await page.reload();
  await expect(qa.token("ichiro")).toBeVisible();
});

test("a transfer is approved by the phone beside the PC: its camera films what the PC shows", async ({ page }) => {
  const qa = new QaPage(page);
  await qa.open();
  await qa.logIn("haruki");
  await qa.presentWhatThePhoneShows("haruki");
  await expect(qa.heading("トップページ")).toBeVisible();
  await qa.press("振込の承認（例）を開く");
  await qa.pc.getByLabel("受取人", { exact: true }).fill("カ）ミホンコウギョウ");
  await qa.pc.getByLabel("金額", { exact: true }).fill("1,250,000");
  await qa.press("承認へ進む", qa.pc);
  await expect(qa.pc.getByRole("img", { name: /QRコード$/ })).toBeVisible();
  await qa.press("承認する操作を読み取る", qa.phone);
  await expect(qa.phone.getByRole("definition")).toHaveText(["カ）ミホンコウギョウ", "1,250,000円"]);
  await qa.press("内容を確認しました", qa.phone);
  const number = qa.phone.getByLabel("承認番号", { exact: true }).and(qa.phone.getByRole("status"));
  await expect(number).toHaveText(/^[0-9]{6}$/);
  await qa.pc.getByLabel("承認番号", { exact: true }).fill((await number.textContent()) ?? "");
  await qa.press("承認する", qa.pc);
  await expect(qa.pc.getByText("振込を承認しました（デモのため、実際の振込は行われません）。")).toBeVisible();
});

test("the phone has what the database has: a scenario takes tokens away and brings its own", async ({ page, qa: doors }) => {
  const qa = new QaPage(page);
  await qa.open();
  await expect(qa.phone.getByRole("listitem")).toHaveCount(6); // three users and three of the staff
  await qa.press("まもなく期限切れ");
  await expect(page.getByText("シナリオ「まもなく期限切れ」にしました。")).toBeVisible();
  await expect(qa.token("haruki")).toContainText("あと20日");
  await expect(qa.phone.getByRole("listitem")).toHaveCount(6); // three users and three of the staff
  await expect.poll(async () => (await qa.token("haruki").getByLabel("ワンタイムパスワード", { exact: true }).textContent()) === (await doors.shownPassword("haruki")).oneTimePassword).toBe(true);
});

test("30 minutes on the clock and a revoked user may issue again; putting it back brings the refusal back", async ({ page }) => {
  const qa = new QaPage(page);
  await qa.open();
  await qa.logIn("jiro");
  await expect(qa.pc.getByText("OTP-203", { exact: true })).toBeVisible();
  await qa.press("30分進める");
  await expect(page.getByText("実際の時刻より30分進んでいます。")).toBeVisible();
  await qa.logIn("jiro");
  await expect(qa.heading("ワンタイムパスワードトークン発行")).toBeVisible();
  await qa.press("時計を戻す");
  await expect(page.getByText("時計を戻し、データを直前のシナリオのはじめに戻しました。")).toBeVisible();
  await expect(page.getByText("実際の時刻のとおりです。")).toBeVisible();
  await qa.logIn("jiro");
  await expect(qa.pc.getByText("OTP-203", { exact: true })).toBeVisible();
});

test("10,000 users, 1,000 of them suspended", async ({ page, qa: { sql } }) => {
  const qa = new QaPage(page);
  await qa.open();
  await qa.press("利用者10,000名");
  await expect(page.getByText("シナリオ「利用者10,000名」にしました。")).toBeVisible({ timeout: 30_000 });
  const [counts] = await sql`select count(*)::int as users, count(s.user_id)::int as suspended from users u
    join corporations c on c.id = u.corporation_id and c.contract_number = '1000001'
    left join suspensions s on s.user_id = u.id and s.lifted_at is null`;
  expect(counts).toEqual({ users: 10_000, suspended: 1_000 });
});

test("accessible and without sideways scrolling from 390 to 1,920 px", async ({ page }) => {
  const qa = new QaPage(page);
  await qa.open();
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    // The screens in the frames are checked where they are at home.
    const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
});

test("asked for by number, the demo is found by name", async ({ page, baseURL }) => {
  await page.goto(`${baseURL!.replace("localhost", "127.0.0.1")}/qa`);
  expect(page.url()).toBe(`${baseURL}/qa`);
});
