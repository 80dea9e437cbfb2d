import type { ProofAnswer } from "../lib/platform/answer";
import { approvalNumber } from "./approval-number";
import { expect, test } from "./fixtures";
import type { Pc } from "./pages/pc";
import { ProofSection } from "./pages/proof";
import { expectAccessible } from "./pages/screen";
import { SettingsScreen } from "./pages/settings";
import { confirmationPassword, minutes, type Qa } from "./qa";
import { virtualAuthenticator, withoutPasskeys } from "./virtual-authenticator";

const statementOf = (...lines: [string, string][]): [string, string][] => [["会社", "データ商事株式会社"], ...lines];
const ofSachiko = statementOf(["件数", "1名"], ["対象", "sachiko データ幸子"]);
const liftTitle = "ワンタイムパスワードの利用停止解除の承認";

/** 11 minutes on, in a session that is kept alive. */
async function elevenMinutesLater(qa: Qa, pc: Pc) {
  for (const step of [6, 5]) {
    await qa.advance(step * minutes + 1);
    expect((await pc.caller.get("/state")).status).toBe(200);
  }
}

async function withPasskey(qa: Qa, pc: Pc) {
  const authenticator = await virtualAuthenticator(pc.page);
  await pc.logIn(qa, "haruki");
  const settings = new SettingsScreen(pc.page);
  await settings.open();
  await settings.registerPasskey("事務所のパソコン");
  await expect(settings.passkey("事務所のパソコン")).toBeVisible();
  return authenticator;
}

async function expectStatement(proof: ProofSection, title: string, facts: [label: string, value: string][]) {
  await expect(proof.statement.getByText(title, { exact: true })).toBeVisible();
  await expect(proof.statement.getByRole("term")).toHaveText(facts.map(([label]) => label));
  await expect(proof.statement.getByRole("definition")).toHaveText(facts.map(([, value]) => value));
}

const passkeyButton = (proof: ProofSection) => proof.section.getByRole("button", { name: "パスキーで認証する", exact: true });

async function presentOneTimePassword(proof: ProofSection, oneTimePassword: string) {
  await proof.section.getByLabel("ワンタイムパスワード", { exact: true }).fill(oneTimePassword);
  await proof.section.getByRole("button", { name: "認証する", exact: true }).click();
}

const setPolicy = (qa: Qa, policy: string) => qa.sql`update corporations set step_up_policy = ${policy} where contract_number = '1000001'`;
const idOf = async (qa: Qa, loginId: string) => (await qa.sql<[{ id: string }]>`select id from users where login_id = ${loginId}`)[0].id;
/** The QR code's text is a picture to people; to a script it is in the answer. */
const answerTo = (pc: Pc) => pc.page.waitForResponse((response) => response.request().method() === "POST" && response.url().includes("/management/"));
const qrIn = async (answer: ReturnType<typeof answerTo>) => ((await (await answer).json()) as { refusal: { proof: ProofAnswer } }).refusal.proof.code!.qr;

test("within the minutes of the login nothing changes: the notice's own steps", async ({ qa, pc }) => {
  await withPasskey(qa, pc);
  await pc.suspensions.lift("sachiko");
  await pc.suspensionsResult.shown();
  expect(await qa.events("approval.accepted", "haruki")).toBe(0);
});

test("after them a manager with a passkey lifts a suspension with it: what is approved is said, and the result is the same", async ({ qa, pc }) => {
  const authenticator = await withPasskey(qa, pc);
  await elevenMinutesLater(qa, pc);
  await pc.suspensions.lift("sachiko");
  const proof = new ProofSection(pc.page);
  await proof.shown();
  await expectStatement(proof, liftTitle, ofSachiko);
  await expect(pc.suspensions.field("確認用パスワード")).toHaveValue(confirmationPassword);
  await expect(pc.page.getByRole("alert").filter({ hasText: /OTP-/ })).toHaveCount(0);
  await expectAccessible(pc.page);

  await test.step("a fingerprint that is not the owner's approves nothing, and may be tried again", async () => {
    await authenticator.verifies(false);
    await proof.byPasskey();
    await pc.suspensions.expectRefusal("OTP-908");
    await authenticator.verifies(true);
  });
  await proof.byPasskey();
  await pc.suspensionsResult.shown();
  expect((await pc.suspensionsResult.cells("sachiko")).slice(3, 4)).toEqual(["利用可能"]);
  expect(await qa.events("approval.accepted", "haruki")).toBe(1);

  // And is fresh for what follows.
  await pc.tokens.revoke("tarou");
  await pc.tokensResult.shown();
  expect(await qa.events("approval.accepted", "haruki")).toBe(1);
});

test("with the keyboard alone, on a narrow screen", async ({ qa, pc }) => {
  await withPasskey(qa, pc);
  await elevenMinutesLater(qa, pc);
  await pc.page.setViewportSize({ width: 390, height: 844 });
  await pc.suspensions.lift("sachiko");
  const proof = new ProofSection(pc.page);
  await proof.shown();
  expect(await pc.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await expectAccessible(pc.page);
  await pc.page.keyboard.press("Tab");
  await expect(passkeyButton(proof)).toBeFocused();
  await pc.page.keyboard.press("Enter");
  await pc.suspensionsResult.shown();
});

test("taken back, nothing is done; other ticks afterwards are another statement", async ({ qa, pc }) => {
  await withPasskey(qa, pc);
  await elevenMinutesLater(qa, pc);
  await qa.sql`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id = 'tarou'`;
  await pc.suspensions.lift("sachiko");
  const proof = new ProofSection(pc.page);
  await proof.shown();
  await proof.takeBack();
  await expect(proof.section).toHaveCount(0);

  await pc.suspensions.button("停止解除").click();
  await proof.shown();
  await pc.suspensions.tick("tarou"); // after what is shown was made, before it is signed
  await proof.byPasskey();
  await pc.suspensions.expectRefusal("OTP-415");
  await expectStatement(proof, liftTitle, statementOf(["件数", "2名"], ["対象", "sachiko データ幸子"], ["対象", "tarou データ太郎"]));
  expect((await qa.failures("sachiko")).suspensions).toBe(1);
  await proof.byPasskey();
  await pc.suspensionsResult.shown();
  expect([(await qa.failures("sachiko")).suspensions, (await qa.failures("tarou")).suspensions]).toEqual([0, 0]);
});

test("what was signed for one user does nothing to another, whoever posts it", async ({ qa, pc }) => {
  await withPasskey(qa, pc);
  await elevenMinutesLater(qa, pc);
  await qa.sql`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id = 'tarou'`;
  const tarou = await idOf(qa, "tarou");
  let swapped = false;
  await pc.page.route("**/management/suspensions/lift", async (route) => {
    const form = new URLSearchParams(route.request().postData() ?? "");
    if (form.has("assertion") && !swapped) {
      swapped = true;
      form.set("users", tarou); // a thief's script in the page, between the dialog and the post
    }
    await route.continue({ postData: form.toString() });
  });
  await pc.suspensions.lift("sachiko");
  const proof = new ProofSection(pc.page);
  await proof.shown();
  await proof.byPasskey();
  await pc.suspensions.expectRefusal("OTP-415");
  expect(swapped).toBe(true);
  expect([(await qa.failures("sachiko")).suspensions, (await qa.failures("tarou")).suspensions]).toEqual([1, 1]);
  expect(await qa.events("approval.refused", "haruki")).toBe(1);
});

test("each act approved by a code of the phone: wrong ones count, the right one is worth it once", async ({ qa, pc }) => {
  await setPolicy(qa, "each_act");
  await pc.logIn(qa, "sakuro");
  const answer = answerTo(pc);
  await pc.suspensions.lift("sachiko");
  const proof = new ProofSection(pc.page);
  await proof.shown();
  await expectStatement(proof, liftTitle, ofSachiko);
  await expect(proof.qrCode).toBeVisible();
  await expect(passkeyButton(proof)).toHaveCount(0);
  await expectAccessible(pc.page);
  const qr = await qrIn(answer);

  await proof.presentCode("12345");
  await expect(pc.page.getByLabel("承認番号", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(pc.page.getByLabel("承認番号", { exact: true })).toBeFocused();
  expect((await qa.failures("sakuro")).oneTimePassword).toBe(0);
  const number = await approvalNumber(qa, "sakuro", qr);
  await proof.presentCode(String((Number(number) + 123_457) % 1_000_000).padStart(6, "0"));
  await pc.suspensions.expectRefusal("OTP-416");
  expect((await qa.failures("sakuro")).oneTimePassword).toBe(1);
  await proof.presentCode(await approvalNumber(qa, "sakuro", qr));
  await pc.suspensionsResult.shown();
  expect(await qa.failures("sakuro")).toMatchObject({ oneTimePassword: 0, sessions: 1 });
});

test("the fifth wrong code suspends at once, and the session is over", async ({ qa, pc }) => {
  await setPolicy(qa, "each_act");
  await pc.logIn(qa, "sakuro");
  const answer = answerTo(pc);
  await pc.suspensions.lift("sachiko");
  const proof = new ProofSection(pc.page);
  const number = Number(await approvalNumber(qa, "sakuro", await qrIn(answer)));
  for (let nth = 1; nth <= 5; nth += 1) {
    await proof.presentCode(String((number + 123_457 * nth) % 1_000_000).padStart(6, "0"));
    await expect.poll(async () => (await qa.failures("sakuro")).oneTimePassword).toBe(nth);
  }
  await pc.suspensions.expectRefusal("OTP-106");
  expect(await qa.failures("sakuro")).toMatchObject({ suspensions: 1, sessions: 0 });
  expect((await qa.failures("sachiko")).suspensions).toBe(1);
});

test("a user's page and the settings ask for an ordinary one-time password, where the policy means everyone", async ({ qa, pc }) => {
  await setPolicy(qa, "everyone");
  await pc.logIn(qa, "sakuro");
  await elevenMinutesLater(qa, pc);
  await pc.users.open();
  await pc.users.openUser("ichiro");
  await pc.user.shown();
  await pc.user.press("発行許可");
  const proof = new ProofSection(pc.page);
  await proof.shown();
  await expectAccessible(pc.page);
  await presentOneTimePassword(proof, await qa.oneTimePassword("sakuro"));
  await expect(pc.page.getByText("トークンの発行を許可しました。")).toBeVisible();
  await expect(proof.section).toHaveCount(0);

  await elevenMinutesLater(qa, pc);
  const settings = new SettingsScreen(pc.page);
  await settings.open();
  await settings.changeMailAddress("sakuro-2@example.jp");
  await proof.shown();
  await presentOneTimePassword(proof, await qa.wrongPassword("sakuro"));
  await settings.expectRefusal("OTP-109");
  await presentOneTimePassword(proof, await qa.oneTimePassword("sakuro"));
  await expect(settings.fact("登録メールアドレス")).toHaveText("sakuro-2@example.jp");
});

test("a CSV file is registered after it, too", async ({ qa, pc }) => {
  await setPolicy(qa, "everyone");
  await pc.logIn(qa, "sakuro");
  await elevenMinutesLater(qa, pc);
  await pc.page.goto("/management/users/import");
  const csv = "ログインID,利用者名,利用者区分,メールアドレス,仮ログインパスワード,仮確認用パスワード\nshiro,データ四郎,一般ユーザ,shiro@example.jp,kx7f-9pqm-w2za,b3rt-hh8k-n5vy";
  await pc.page.getByLabel("CSVファイル", { exact: true }).setInputFiles({ name: "users.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await pc.page.getByRole("button", { name: "内容を確認", exact: true }).click();
  await pc.page.getByLabel("確認用パスワード", { exact: true }).fill(confirmationPassword);
  await pc.page.getByRole("button", { name: "登録", exact: true }).click();
  const proof = new ProofSection(pc.page);
  await proof.shown();
  await presentOneTimePassword(proof, await qa.oneTimePassword("sakuro"));
  await expect(pc.page.getByText("1名を登録しました。")).toBeVisible();
});

test("a browser that knows no passkeys says so, and has the other way", async ({ qa, pc, otherPc }) => {
  await withPasskey(qa, pc);
  await withoutPasskeys(otherPc.page);
  await otherPc.logIn(qa, "haruki");
  await elevenMinutesLater(qa, otherPc);
  const answer = answerTo(otherPc);
  await otherPc.suspensions.lift("sachiko");
  const proof = new ProofSection(otherPc.page);
  await proof.shown();
  await expect(proof.section.getByText("お使いのブラウザでは、パスキーを利用できません。")).toBeVisible();
  await expect(passkeyButton(proof)).toHaveCount(0);
  await proof.presentCode(await approvalNumber(qa, "haruki", await qrIn(answer)));
  await otherPc.suspensionsResult.shown();
});

test("what draws a proof comes when it is needed, and not with the page", async ({ qa, pc }) => {
  await withPasskey(qa, pc);
  const scripts: string[] = [];
  pc.page.on("response", (response) => { if (/\.js(\?|$)/.test(response.url())) scripts.push(response.url()); });
  await pc.suspensions.open();
  await expect(pc.page.getByRole("table", { name: "利用者一覧", exact: true })).toBeVisible();
  const [before] = [scripts.length];
  await elevenMinutesLater(qa, pc);
  await pc.suspensions.tick("sachiko");
  await pc.suspensions.press();
  await new ProofSection(pc.page).shown();
  expect(scripts.length).toBeGreaterThan(before);
});
