import { expect, test } from "./fixtures";
import { changeConfirmationPassword, ConfirmationPasswordScreen, confirmationPassword, SettingsScreen } from "./pages/settings";
import { loginPassword } from "./qa";

const newPassword = "midori no kisha 7";

test("own data, states, token and session, and where the passwords are changed", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await pc.page.getByRole("link", { name: "利用者設定", exact: true }).click();
  const settings = new SettingsScreen(pc.page);
  await settings.shown();
  const shown = {
    会社名: "データ商事株式会社", ログインID: "haruki", 利用者名: "データ花子", 利用者区分: "管理者ユーザ", 登録メールアドレス: "haruki@example.jp",
    ログインパスワード状態: /利用可能/, 確認用パスワード状態: /利用可能/, ワンタイムパスワード状態: /サービス利用中/, 有効期限: /20\d\d年.*\d:\d\d/,
    ログイン日時: /20\d\d年.*\d:\d\d/, 接続元: /./, ブラウザ: /Chrome/,
  };
  for (const [label, words] of Object.entries(shown)) await expect(settings.fact(label)).toHaveText(words);
  await expect(pc.page.getByRole("link", { name: "トークンを更新する" })).toHaveCount(0);
  await expect(pc.page.getByRole("link", { name: "操作履歴照会", exact: true })).toHaveAttribute("href", "/management/history");
  await settings.follow("ログインパスワードを変更する");
  await pc.passwordChange.shown();
  await settings.open();
  await settings.follow("確認用パスワードを変更する");
  await new ConfirmationPasswordScreen(pc.page).shown();
});

test("a token near its end is renewed from here", async ({ qa, pc }) => {
  await qa.scenario("expiring-token");
  await pc.logIn(qa, "haruki");
  const settings = new SettingsScreen(pc.page);
  await settings.open();
  await settings.follow("トークンを更新する");
  await pc.issuance.shown();
});

test("another mail address: the old and the new one are mailed, and the master", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  const settings = new SettingsScreen(pc.page);
  await settings.open();
  await settings.changeMailAddress("a,b@example.jp");
  await settings.expectFieldError("メールアドレス", /メールアドレスを正しく入力/);
  await settings.changeMailAddress("hanako@example.jp", confirmationPassword, "hanako@example.com");
  await settings.expectFieldError("メールアドレス（確認用）", /一致しません/);
  await settings.changeMailAddress("ｈａｎａｋｏ＠example.jp", confirmationPassword, "hanako@example.jp");
  await expect(pc.page.getByText("メールアドレスを hanako@example.jp に変更しました。")).toBeVisible();
  await expect(settings.fact("登録メールアドレス")).toHaveText("hanako@example.jp");
  await expect(settings.field("メールアドレス")).toHaveValue("");
  for (const address of ["haruki@example.jp", "hanako@example.jp", "sakuro@example.jp"]) {
    const mail = await qa.mail(address, "メールアドレス変更のお知らせ");
    expect(mail.text).toContain("データ花子");
  }
  expect(await qa.events("user.changed", "haruki")).toBe(1);
});

test("a wrong confirmation password changes nothing; the fifth is 利用停止, and the screen says who can lift it", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  const settings = new SettingsScreen(pc.page);
  await settings.open();
  await settings.changeMailAddress("hanako@example.jp", "not the one");
  await settings.expectRefusal("OTP-401");
  await expect(settings.field("メールアドレス")).toHaveValue("hanako@example.jp");
  await expect(settings.field("確認用パスワード")).toHaveValue("");
  for (let time = 2; time <= 4; time++) {
    const { body } = await pc.caller.post("/settings/mail-address/change", { mailAddress: "hanako@example.jp", mailAddressAgain: "hanako@example.jp", confirmationPassword: "not the one" });
    expect(body.refusal?.code).toBe("OTP-401");
  }
  await settings.changeMailAddress("hanako@example.jp", "not the one");
  await settings.expectRefusal("OTP-402");
  await settings.open();
  await settings.expectRefusal("OTP-402");
  await expect(settings.fact("確認用パスワード状態")).toHaveText(/利用停止/);
  await expect(settings.field("メールアドレス")).toHaveCount(0);
  await new ConfirmationPasswordScreen(pc.page).open();
  await settings.expectRefusal("OTP-402");
  expect((await qa.mails("hanako@example.jp")).length).toBe(0);
});

test("another confirmation password: the old one is none any more, and it is mailed", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  const screen = new ConfirmationPasswordScreen(pc.page);
  await screen.open();
  await screen.change(confirmationPassword, "himawari");
  await screen.expectFieldError("新しい確認用パスワード", /推測されやすい/);
  await screen.change(confirmationPassword, loginPassword);
  await screen.expectFieldError("新しい確認用パスワード", /ログインパスワードと異なる/);
  await screen.change(confirmationPassword, newPassword, "another");
  await screen.expectFieldError("新しい確認用パスワード（確認用）", /一致しません/);
  await screen.change("not the one", newPassword);
  await screen.expectRefusal("OTP-401");
  await screen.change(confirmationPassword, newPassword);
  const settings = new SettingsScreen(pc.page);
  await settings.shown();
  await expect(pc.page.getByText("確認用パスワードを変更しました。")).toBeVisible();
  for (const address of ["haruki@example.jp", "sakuro@example.jp"]) await qa.mail(address, "確認用パスワード変更のお知らせ");
  await settings.changeMailAddress("hanako@example.jp", confirmationPassword);
  await settings.expectRefusal("OTP-401");
  await settings.changeMailAddress("hanako@example.jp", newPassword);
  await expect(settings.fact("登録メールアドレス")).toHaveText("hanako@example.jp");
});

test("whoever cannot go on from a temporary password logs out", async ({ qa, pc }) => {
  await qa.sql`update users set confirmation_password_temporary = true, confirmation_failures = 5, confirmation_suspended_at = app_now() where login_id = 'haruki'`;
  await pc.logIn(qa, "haruki");
  await pc.page.goto("/settings");
  await pc.passwordChange.shown();
  await expect(pc.page.getByText("OTP-402", { exact: true })).toBeVisible();
  await pc.page.getByRole("button", { name: "ログアウト", exact: true }).click();
  await pc.login.shown();
  expect((await pc.caller.get("/state")).status).toBe(401);
});

test("two temporary passwords are changed one after the other before the top page", async ({ qa, pc }) => {
  await qa.sql`update users set login_password_temporary = true, confirmation_password_temporary = true where login_id = 'haruki'`;
  await pc.logIn(qa, "haruki");
  await pc.page.goto("/settings");
  await pc.passwordChange.shown();
  await expect(pc.page.getByText("ログインパスワードを変更すると、確認用パスワードの変更に進みます。")).toBeVisible();
  await pc.passwordChange.change(loginPassword, newPassword);
  await expect(pc.page.getByText("確認用パスワードを変更すると、トップページに進みます。")).toBeVisible();
  await pc.passwordChange.shown();
  expect((await pc.caller.get("/state")).body.refusal).toMatchObject({ code: "OTP-118", go: "/password/change" });
  await changeConfirmationPassword(pc.passwordChange, confirmationPassword, newPassword);
  await pc.passwordChange.expectFieldError("新しい確認用パスワード", /ログインパスワードと異なる/);
  await changeConfirmationPassword(pc.passwordChange, confirmationPassword, "aoi no densha 8");
  await pc.top.shown();
});
