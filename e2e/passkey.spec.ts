import { expect, test } from "./fixtures";
import type { Pc } from "./pages/pc";
import { expectAccessible } from "./pages/screen";
import { confirmationPassword, SettingsScreen } from "./pages/settings";
import { loginPassword, minutes, type Qa } from "./qa";
import { virtualAuthenticator, withoutPasskeys } from "./virtual-authenticator";

const name = "事務所のパソコン";

/** Logged in, with a passkey of this browser's registered. */
async function withPasskey(qa: Qa, pc: Pc, loginId = "haruki") {
  const authenticator = await virtualAuthenticator(pc.page);
  await pc.logIn(qa, loginId);
  const settings = new SettingsScreen(pc.page);
  await settings.open();
  await settings.registerPasskey(name);
  await expect(settings.passkey(name)).toBeVisible();
  return { authenticator, settings };
}

async function logInByPasskey(pc: Pc, loginId = "haruki") {
  await pc.login.open();
  await pc.login.present(loginId);
  await pc.oneTimePassword.shown();
  await pc.oneTimePassword.passkeyLink.click();
  await pc.passkey.shown();
  await pc.passkey.present();
}

test("registered in the settings: a name and the confirmation password; listed, and mailed to its user and the managers", async ({ qa, pc }) => {
  const authenticator = await virtualAuthenticator(pc.page);
  await pc.logIn(qa, "haruki");
  const settings = new SettingsScreen(pc.page);
  await settings.open();
  await expect(pc.page.getByText("登録されているパスキーはありません。")).toBeVisible();
  await settings.registerPasskey("");
  await settings.expectFieldError("パスキーの名前", /名前を入力してください/);
  await settings.registerPasskey(name, "not the one");
  await settings.expectRefusal("OTP-401");
  expect(await authenticator.credentials()).toEqual([]);

  await settings.registerPasskey(name);
  await expect(pc.page.getByText("パスキーを登録しました。")).toBeVisible();
  await expect(settings.passkey(name).getByRole("cell")).toHaveText([name, /20\d\d年.*\d:\d\d/, "―", "削除"]);
  await expect(settings.field("パスキーの名前")).toHaveValue("");
  expect(await authenticator.credentials()).toMatchObject([{ rpId: "localhost", isResidentCredential: true }]);
  await expectAccessible(pc.page);
  for (const address of ["haruki@example.jp", "sakuro@example.jp"]) {
    const mail = await qa.mail(address, "パスキー登録のお知らせ");
    expect(mail.text).toContain("データ花子");
    expect(mail.text).toContain(name);
  }

  await settings.registerPasskey("もう一つ");
  await settings.expectRefusal("OTP-909"); // this authenticator has one already
  expect(await qa.events("passkey.registered", "haruki")).toBe(1);
});

test("log in by it: the link stands where one is registered, and the settings say when it was last used", async ({ qa, pc, otherPc }) => {
  const { settings } = await withPasskey(qa, pc);
  await otherPc.login.open();
  await otherPc.login.present("sakuro");
  await otherPc.oneTimePassword.shown();
  await expect(otherPc.oneTimePassword.passkeyLink).toHaveCount(0);

  await logInByPasskey(pc);
  await pc.top.shown();
  await settings.open();
  await expect(settings.passkey(name).getByRole("cell").nth(2)).toHaveText(/20\d\d年/);
  expect([await qa.events("passkey.accepted", "haruki"), await qa.events("one_time_password.accepted", "haruki")]).toEqual([1, 1]);

  // By reload and by the Back button, the link is still there.
  await pc.caller.password("haruki");
  await pc.page.evaluate(() => sessionStorage.clear());
  await pc.oneTimePassword.open();
  await expect(pc.oneTimePassword.passkeyLink).toBeVisible();
  await expectAccessible(pc.page);
});

test("a finger that is not the owner's changes nothing, and the one-time password is still there", async ({ qa, pc }) => {
  const { authenticator } = await withPasskey(qa, pc);
  await authenticator.verifies(false);
  await logInByPasskey(pc);
  await pc.passkey.expectRefusal("OTP-908");
  await expectAccessible(pc.page);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0 });
  await pc.page.getByRole("link", { name: "ワンタイムパスワードで認証する", exact: true }).click();
  await pc.oneTimePassword.shown();
  await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
  await pc.top.shown();
});

test("a copy of the authenticator is refused, and recorded", async ({ qa, pc }) => {
  const { authenticator } = await withPasskey(qa, pc);
  for (let i = 0; i < 2; i += 1) {
    await logInByPasskey(pc);
    await pc.top.shown();
  }
  await authenticator.setCounter(1);
  await logInByPasskey(pc);
  await pc.passkey.expectRefusal("OTP-121");
  const [event] = await qa.sql`select details ->> 'reason' as reason from audit_events where name = 'passkey.refused'`;
  expect(event).toEqual({ reason: "counter" });
});

test("removed: the confirmation password is asked for, it is mailed, and the link is gone", async ({ qa, pc }) => {
  const { settings } = await withPasskey(qa, pc);
  await settings.removePasskey(name, "not the one");
  await settings.expectRefusal("OTP-401");
  await settings.removePasskey(name);
  await expect(pc.page.getByText("パスキーを削除しました。")).toBeVisible();
  await expect(settings.passkey(name)).toHaveCount(0);
  for (const address of ["haruki@example.jp", "sakuro@example.jp"]) expect((await qa.mail(address, "パスキー削除のお知らせ")).text).toContain(name);
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  await expect(pc.oneTimePassword.passkeyLink).toHaveCount(0);
  await pc.page.goto("/login/passkey");
  await expect(pc.page).toHaveURL(/\/login\?ended=half_login/);
});

test("no way round 利用停止: neither behind a half-login of before, nor by a new login", async ({ qa, pc, otherPc }) => {
  await withPasskey(qa, pc);
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  await pc.oneTimePassword.passkeyLink.click();
  await pc.passkey.shown();
  for (let nth = 1; nth <= 5; nth += 1) await pc.caller.oneTimePassword(await qa.wrongPassword("haruki", nth));
  await pc.passkey.present();
  await pc.passkey.expectRefusal("OTP-108");
  await otherPc.login.open();
  await otherPc.login.present("haruki");
  await otherPc.login.expectRefusal("OTP-106");
  expect((await qa.failures("haruki")).sessions).toBe(0);
});

test("a manager sees 登録済, and revokes token and passkey as one act", async ({ qa, pc, otherPc }) => {
  await withPasskey(qa, pc);
  await otherPc.logIn(qa, "sakuro");
  await otherPc.users.open();
  const cells = otherPc.page.getByRole("row").filter({ has: otherPc.page.getByRole("cell", { name: "haruki", exact: true }) }).getByRole("cell");
  await expect(cells.filter({ hasText: /登録済/ })).toHaveText(/^● 登録済$/);
  await otherPc.users.openUser("haruki");
  await otherPc.user.shown();
  expect((await otherPc.user.state("パスキー"))[0]).toBe("登録済");
  await otherPc.tokens.open();
  await otherPc.tokens.tick("haruki");
  await otherPc.tokens.press();
  await otherPc.tokensResult.shown();
  await qa.mail("haruki@example.jp", "パスキー削除のお知らせ");
  await qa.mail("haruki@example.jp", "トークン失効のお知らせ");

  await pc.login.open();
  await pc.login.present("haruki");
  await pc.login.expectRefusal("OTP-203");
  await qa.advance(30 * minutes);
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.issuance.shown();
  await expect(pc.oneTimePassword.passkeyLink).toHaveCount(0);
});

test("a passkey and no token: the login leads to it, and to the issuance beside it", async ({ qa, pc }) => {
  await withPasskey(qa, pc);
  await qa.sql`update tokens set expires_at = app_now() where user_id = (select id from users where login_id = 'haruki')`;
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.passkey.shown();
  await pc.page.getByRole("link", { name: "トークンを発行する", exact: true }).click();
  await pc.issuance.shown();
  await expectAccessible(pc.page);
  await pc.oneTimePassword.passkeyLink.click();
  await pc.passkey.shown();
  await pc.passkey.present();
  await pc.top.shown();
});

test("a browser without passkeys says so, and the other ways are there", async ({ qa, pc, otherPc }) => {
  await withPasskey(qa, pc);
  await withoutPasskeys(otherPc.page);
  await otherPc.login.open();
  await otherPc.login.present("haruki");
  await otherPc.oneTimePassword.shown();
  await otherPc.oneTimePassword.passkeyLink.click();
  await expect(otherPc.page.getByText("お使いのブラウザでは、パスキーを利用できません。")).toBeVisible();
  await expect(otherPc.passkey.button("パスキーで認証する")).toHaveCount(0);
  await expectAccessible(otherPc.page);
  await otherPc.page.getByRole("link", { name: "ワンタイムパスワードで認証する", exact: true }).click();
  await otherPc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
  await otherPc.top.shown();
  const settings = new SettingsScreen(otherPc.page);
  await settings.open();
  await expect(otherPc.page.getByText("お使いのブラウザでは、パスキーを登録できません。")).toBeVisible();
  await expect(settings.field("パスキーの名前")).toHaveCount(0);
  await settings.removePasskey(name, confirmationPassword);
  await expect(settings.passkey(name)).toHaveCount(0);
});

test("half a login registers nothing", async ({ qa, caller }) => {
  await caller.password("haruki");
  const { body } = await caller.post("/settings/passkeys/options", { passkeyName: name, confirmationPassword });
  expect(body.refusal?.code).toBe("OTP-111");
  expect(await qa.events("passkey.registered", "haruki")).toBe(0);
});

test("at the counter: a clerk registers one, logs out, logs in by it, and removes it", async ({ qa, desk }) => {
  const authenticator = await virtualAuthenticator(desk.page);
  await desk.logIn(qa, "clerk");
  await desk.home.open();
  await desk.home.link("パスキー").click();
  await desk.passkeys.shown();
  await expect(desk.page.getByText("登録されているパスキーはありません。")).toBeVisible();
  await desk.passkeys.register(name, "not the one");
  await desk.passkeys.expectRefusal("OTP-119");
  await desk.passkeys.register(name);
  await expect(desk.page.getByText("パスキーを登録しました。")).toBeVisible();
  await expect(desk.passkeys.row(name)).toBeVisible();
  expect(await authenticator.credentials()).toMatchObject([{ rpId: "localhost" }]);
  await expectAccessible(desk.page);

  await desk.passkeys.button("ログアウト").click();
  await desk.login.shown();
  await desk.login.present("clerk");
  await desk.login.shown();
  await expect(desk.login.field("ワンタイムパスワード")).toBeVisible();
  await expectAccessible(desk.page);
  await authenticator.verifies(false);
  await desk.login.button("パスキーで認証する").click();
  await desk.login.expectRefusal("OTP-908");
  await authenticator.verifies(true);
  await desk.login.button("パスキーで認証する").click();
  await desk.home.shown();
  const [{ count } = {}] = await qa.sql`select count(*)::int as count from audit_events where name = 'staff.passkey_accepted'`;
  expect(count).toBe(1);

  await desk.passkeys.open();
  await desk.passkeys.field("現在のパスワード").fill(loginPassword);
  await desk.passkeys.button("削除").click();
  await expect(desk.page.getByText("パスキーを削除しました。")).toBeVisible();
  await desk.passkeys.button("ログアウト").click();
  await desk.login.shown();
  await desk.login.present("clerk");
  await expect(desk.login.field("ワンタイムパスワード")).toBeVisible();
  await expect(desk.login.button("パスキーで認証する")).toHaveCount(0);
});
