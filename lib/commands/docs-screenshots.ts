// npm run docs:screenshots [-- WORD …]: every picture of the documents, from a real run of the demo. WORD: only chapters whose title has one.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Browser, type BrowserContextOptions, chromium, devices, expect, type Locator, type Page, request } from "@playwright/test";
import sharp from "sharp";
import { Desk } from "../../e2e/pages/counter";
import { HistoryScreen } from "../../e2e/pages/history";
import { Pc } from "../../e2e/pages/pc";
import { Phone } from "../../e2e/pages/phone";
import { RegistrationScreen } from "../../e2e/pages/registration";
import { SettingsScreen } from "../../e2e/pages/settings";
import setUp from "../../e2e/global-setup";
import { activationPassword, confirmationPassword, loginPassword, minutes, Qa } from "../../e2e/qa";
import { origins } from "../../e2e/stack";
import { virtualAuthenticator } from "../../e2e/virtual-authenticator";
import { installedBrowser } from "./browser.mjs";
import { inRoot } from "./project.mjs";

const folder = inRoot("docs/images");
const mostBytes = 150_000;
const mostPixels = 1_800; // of a page's height: what is longer is cut, as on a sheet of paper

type Stage = { qa: Qa; pc: () => Promise<Pc>; desk: () => Promise<Desk>; phone: () => Promise<Phone>; page: () => Promise<Page> };

/** Numbers at what a person does first, second …, as in a printed manual. */
async function mark(page: Page, marks: Locator[]): Promise<void> {
  for (const [index, place] of marks.entries()) {
    await place.evaluate((element, number) => {
      const box = element.getBoundingClientRect();
      const sign = document.createElement("span");
      sign.textContent = String(number);
      sign.dataset.mark = "";
      Object.assign(sign.style, {
        position: "absolute", zIndex: "1000", left: `${Math.max(2, box.left + scrollX - 36)}px`, top: `${Math.max(2, box.top + scrollY + Math.min(box.height, 48) / 2 - 16)}px`, width: "28px", height: "28px", borderRadius: "14px",
        background: "#b40000", color: "#fff", font: "700 16px/28px 'Noto Sans JP UI', sans-serif", textAlign: "center", border: "2px solid #fff", boxSizing: "content-box",
      });
      document.body.append(sign);
    }, index + 1);
  }
}

const taken: string[] = [];

/** The whole page, or the band of it where `of` stands. */
async function take(page: Page, name: string, marks: Locator[] = [], of?: Locator): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  await page.evaluate(() => (scrollTo(0, 0), (document.activeElement as HTMLElement | null)?.blur()));
  await mark(page, marks);
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: Math.max(document.body.scrollHeight, innerHeight) }));
  const band = await of?.boundingBox();
  const [y, bottom] = band ? [Math.max(0, band.y - 24), band.y + band.height + 24] : [0, height];
  const picture = await page.screenshot({ fullPage: true, animations: "disabled", clip: { x: 0, y, width, height: Math.min(bottom - y, mostPixels) } });
  await page.evaluate(() => document.querySelectorAll("[data-mark]").forEach((sign) => sign.remove()));
  const small = await sharp(picture).png({ palette: true, colours: 64, effort: 10, compressionLevel: 9 }).toBuffer();
  console.log(`${name}.png  ${Math.round(small.length / 1_000)} kB`);
  writeFileSync(path.join(folder, `${name}.png`), small);
  if (small.length > mostBytes) throw new Error(`${name}.png is larger than ${mostBytes / 1_000} kB.`);
  taken.push(name);
}

/** Who works on is not idle; the proof at the login grows old nevertheless. */
async function workFor11Minutes(qa: Qa, work: () => Promise<void>): Promise<void> {
  for (const step of [6, 5]) {
    await qa.advance(step * minutes);
    await work();
  }
}

const chapters: Record<string, (stage: Stage) => Promise<void>> = {
  async issuance({ qa, pc: newPc, phone: newPhone }) {
    const [pc, phone] = [await newPc(), await newPhone()];
    await pc.login.open();
    await pc.login.field("ログインID").fill("ichiro");
    await pc.login.field("ログインパスワード").fill(loginPassword);
    await take(pc.page, "login", [pc.login.field("ログインID"), pc.login.field("ログインパスワード"), pc.login.button("ログイン")]);
    await pc.login.button("ログイン").click();
    await pc.issuance.shown();
    const labels = ["携帯電話メールアドレス", "携帯電話メールアドレス（確認用）", "利用開始パスワード", "利用開始パスワード（確認用）"];
    for (const label of labels) await pc.issuance.field(label).fill(label.startsWith("携帯") ? "ichiro@example.jp" : activationPassword);
    await take(pc.page, "issuance", [pc.issuance.field(labels[0]!), pc.issuance.field(labels[2]!), pc.issuance.button("トークン発行")]);
    await pc.issuance.button("トークン発行").click();
    await pc.confirmation.shown();
    await expect(pc.page.getByText("メールを送信しました。")).toBeVisible({ timeout: 15_000 });
    await take(pc.page, "confirmation", [pc.page.getByText("送信先："), pc.page.getByText("サービスID", { exact: true }).first(), pc.confirmation.field("ワンタイムパスワード")]);

    const link = await qa.link("ichiro@example.jp");
    await phone.page.goto(link);
    await expect(phone.page.getByRole("link", { name: "初期設定へ進む", exact: true })).toBeVisible();
    await take(phone.page, "phone-guide");
    await phone.follow(link);
    const { serviceId, userId } = await pc.confirmation.ids();
    await phone.field("サービスID").fill(serviceId);
    await phone.field("ユーザID").fill(userId);
    await phone.field("利用開始パスワード").fill(activationPassword);
    await take(phone.page, "phone-set-up");
    await phone.page.getByRole("button", { name: "初期設定", exact: true }).click();
    await phone.oneTimePassword("ichiro");
    await qa.advance((await qa.shownPassword("ichiro")).secondsLeft + 8); // neither new nor about to change
    await expect(phone.token("ichiro")).toContainText(/あと 5\d 秒/);
    await take(phone.page, "phone");
    await expect(pc.page.getByText("スマートフォンの初期設定が終わりました。")).toBeVisible();
    await pc.confirmation.confirm(await phone.oneTimePassword("ichiro"));
    await pc.top.shown();
    await take(pc.page, "top");
    const settings = new SettingsScreen(pc.page);
    await settings.open();
    await take(pc.page, "settings");
  },

  async login({ qa, pc: newPc }) {
    const pc = await newPc();
    await pc.login.open();
    await pc.login.present("haruki");
    await pc.oneTimePassword.shown();
    await pc.oneTimePassword.field("ワンタイムパスワード").fill((await qa.shownPassword("haruki")).oneTimePassword);
    await take(pc.page, "pc");
    await pc.login.open();
    await pc.login.present("jiro");
    await pc.login.expectRefusal("OTP-203");
    await take(pc.page, "refused");
    await pc.login.open();
    await pc.login.present("sachiko");
    await pc.login.expectRefusal("OTP-106");
    await take(pc.page, "suspended");
  },

  async management({ qa, pc: newPc }) {
    const pc = await newPc();
    const { page } = pc;
    await pc.logIn(qa, "haruki");
    await pc.management.open();
    await take(page, "management");
    await pc.oneTimePasswordManagement.open();
    await take(page, "one-time-password-management");

    await pc.suspensions.open();
    await pc.suspensions.tick("sachiko");
    await pc.suspensions.field("確認用パスワード").fill(confirmationPassword);
    await take(page, "suspensions", [page.getByRole("checkbox", { name: "sachiko", exact: true }), pc.suspensions.field("確認用パスワード"), pc.suspensions.button("停止解除")]);
    await pc.suspensions.button("停止解除").click();
    await pc.suspensionsResult.shown();
    await take(page, "suspensions-result");

    await pc.tokens.open();
    await pc.tokens.tick("sakuro");
    await pc.tokens.field("確認用パスワード").fill(confirmationPassword);
    await take(page, "tokens", [page.getByRole("checkbox", { name: "sakuro", exact: true }), pc.tokens.field("確認用パスワード"), pc.tokens.button("失効")]);
    await pc.tokens.button("失効").click();
    await pc.tokensResult.shown();
    await take(page, "tokens-result");

    await pc.users.open();
    await take(page, "users");
    await pc.users.openUser("jiro");
    await pc.user.shown();
    await take(page, "user");
    await new RegistrationScreen(page).open();
    await take(page, "registration");
    const history = new HistoryScreen(page);
    await history.open();
    await expect(history.table).toBeVisible();
    await take(page, "history");
  },

  async approval({ qa, pc: newPc, phone: newPhone }) {
    await qa.scenario("demo");
    const [pc, phone] = [await newPc(), await newPhone()];
    await virtualAuthenticator(pc.page);
    await pc.logIn(qa, "haruki");
    const settings = new SettingsScreen(pc.page);
    await settings.open();
    await settings.registerPasskey("事務所のパソコン");
    await expect(settings.passkey("事務所のパソコン")).toBeVisible();
    await take(pc.page, "passkeys", [settings.field("パスキーの名前"), settings.field("確認用パスワード"), settings.button("パスキーを登録")], pc.page.locator("form").filter({ has: settings.field("パスキーの名前") }));
    await pc.page.getByRole("button", { name: "ログアウト", exact: true }).click();
    await pc.login.open();
    await pc.login.present("haruki");
    await pc.oneTimePassword.shown();
    await pc.oneTimePassword.passkeyLink.click();
    await pc.passkey.shown();
    await take(pc.page, "passkey");
    await pc.passkey.present();
    await pc.top.shown();

    await workFor11Minutes(qa, () => pc.top.open());
    await phone.hold("haruki");
    await pc.suspensions.lift("sachiko");
    await pc.proof.shown();
    await take(pc.page, "proof", [pc.proof.section.getByRole("button", { name: "パスキーで認証する", exact: true }), pc.proof.qrCode, pc.page.getByLabel("承認番号", { exact: true })], pc.proof.section);
    await phone.read(await pc.proof.qrCode.screenshot());
    await take(phone.page, "phone-statement");
    const approvalNumber = await phone.confirmStatement();
    await take(phone.page, "phone-approval-number");
    await pc.proof.presentCode(approvalNumber);
    await pc.suspensionsResult.shown();
  },

  async renewal({ qa, pc: newPc }) {
    await qa.scenario("expiring-token");
    const pc = await newPc();
    await pc.logIn(qa, "haruki");
    await pc.top.open();
    await expect(pc.page.getByRole("link", { name: "トークンを更新する" })).toBeVisible();
    await take(pc.page, "renewal");
  },

  async counter({ qa, desk: newDesk }) {
    await qa.scenario("all-managers-suspended");
    const [clerk, approver] = [await newDesk(), await newDesk()];
    await clerk.login.open();
    await take(clerk.page, "counter-login");
    await clerk.logIn(qa, "clerk");
    await approver.logIn(qa, "approver");
    await clerk.newCase.open("?contract=1000001&user=haruki");
    const { newCase } = clerk;
    await newCase.field("受付番号").fill("U-0001");
    await newCase.field("種別").selectOption({ label: "利用解除" });
    await newCase.field("対象ログインID").fill("haruki\nsakuro");
    for (const name of ["届出印", "本人確認書類"]) await newCase.field(name).check();
    await newCase.field("理由").fill("窓口でのお申し出");
    await take(clerk.page, "counter-entry", [newCase.field("受付番号"), newCase.field("種別"), newCase.field("対象ログインID"), newCase.field("届出印"), newCase.field("理由"), newCase.button("受付")]);
    await newCase.button("受付").click();
    await clerk.case.shown();
    await clerk.home.open();
    await take(clerk.page, "counter-home");
    await clerk.contractSearch.open("?key=haruki");
    await clerk.page.getByRole("link", { name: "1000001", exact: true }).click();
    await clerk.contract.shown();
    await take(clerk.page, "counter-contract");

    await approver.case.openCase("U-0001");
    await take(approver.page, "counter");
    await approver.case.approve();
    await expect(approver.page.getByText("手続きしました。").first()).toBeVisible();
    await approver.home.link("受領書を印刷").click();
    await approver.receipt.shown();
    await approver.page.emulateMedia({ media: "print" });
    await take(approver.page, "counter-receipt");

    await virtualAuthenticator(approver.page);
    await approver.page.emulateMedia({ media: "screen" });
    await approver.passkeys.open();
    await approver.passkeys.register("窓口2番のパソコン");
    await expect(approver.passkeys.row("窓口2番のパソコン")).toBeVisible();
    await workFor11Minutes(qa, async () => (await approver.home.open(), clerk.home.open()));
    await newCase.open("?contract=1000001&user=ichiro");
    await newCase.enter({ number: "P-0001", kind: "ログインパスワード再登録" });
    await clerk.case.shown();
    await approver.case.openCase("P-0001");
    await approver.case.approve();
    await approver.case.proof.shown();
    await take(approver.page, "counter-proof", [], approver.case.proof.section);
    await approver.case.proof.byPasskey();
    await expect(approver.page.getByText("手続きしました。").first()).toBeVisible();
    await clerk.page.reload();
    await clerk.case.button("交付票を表示").click();
    await expect(clerk.page.getByText("仮ログインパスワード", { exact: true }).first()).toBeVisible();
    await take(clerk.page, "counter-slip");
    await clerk.audit.open("?key=U-0001");
    await take(clerk.page, "counter-audit");
  },

  async demo({ qa, page: newPage }) {
    await qa.scenario("demo");
    const page = await newPage();
    await page.goto("/qa");
    const phone = page.frameLocator('iframe[title="スマートフォン"]');
    await expect(phone.getByRole("listitem", { name: "haruki", exact: true }).getByLabel("ワンタイムパスワード", { exact: true })).toHaveText(/^[0-9]{6}$/);
    await page.getByRole("button", { name: "haruki をパソコンに入力", exact: true }).click();
    await expect(page.frameLocator('iframe[title="パソコン"]').getByLabel("ログインID", { exact: true })).toHaveValue("haruki");
    await take(page, "qa");
  },
};

const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 720 } };
const pixel: BrowserContextOptions = { ...devices["Pixel 7"], viewport: { width: 390, height: 700 }, deviceScaleFactor: 1.5, serviceWorkers: "block" };

async function main(words: string[]): Promise<void> {
  const tearDown = await setUp();
  let browser: Browser | undefined;
  const doors = await request.newContext({ baseURL: origins()[0] });
  try {
    mkdirSync(folder, { recursive: true });
    browser = await chromium.launch({ executablePath: installedBrowser(), args: ["--lang=ja-JP", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])] });
    const place = { baseURL: origins()[0], locale: "ja-JP", timezoneId: "Asia/Tokyo" };
    const page = async (options: BrowserContextOptions) => (await browser!.newContext({ ...place, ...options })).newPage();
    const qa = new Qa(doors, () => { throw new Error("The pictures do without the database."); });
    await qa.begin();
    const stage: Stage = {
      qa,
      page: () => page({ viewport: { width: 1840, height: 1000 } }),
      pc: async () => new Pc(await page(desktop), origins()[0]),
      desk: async () => new Desk(await page(desktop), origins()[0]),
      phone: async () => new Phone(await page(pixel)),
    };
    for (const [title, chapter] of Object.entries(chapters)) {
      if (words.length > 0 && !words.some((word) => title.includes(word))) continue;
      await qa.advance(1 * minutes); // nobody's one-time password of the chapter before
      await chapter(stage);
      for (const context of browser.contexts()) await context.close();
    }
    console.log(`${taken.length} pictures in docs/images.`);
  } finally {
    await browser?.close();
    await doors.dispose();
    await tearDown?.();
  }
}

await main(process.argv.slice(2));
