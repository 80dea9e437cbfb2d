import { sortableDate } from "../lib/platform/japan-time";
import { expect, test } from "./fixtures";
import type { AuthenticationEntry, Desk } from "./pages/counter";
import type { Pc } from "./pages/pc";
import { expectGood } from "./pages/screen";
import { SettingsScreen } from "./pages/settings";
import { days, type Qa } from "./qa";
import { virtualAuthenticator, withoutPasskeys } from "./virtual-authenticator";

const name = "事務所のパソコン";

/** The contract's way of authenticating is changed: entered by one, approved by another. */
async function changes(qa: Qa, desk: Desk, otherDesk: Desk, entry: AuthenticationEntry) {
  await desk.logIn(qa, "clerk");
  await desk.authenticationCase.open();
  await desk.authenticationCase.change(entry);
  await desk.case.shown();
  await otherDesk.logIn(qa, "approver");
  await otherDesk.case.openCase(entry.number);
}

async function approve(desk: Desk) {
  await desk.case.approve();
  await expect(desk.page.getByText("手続きしました。")).toBeVisible();
}

async function registersInSettings(pc: Pc) {
  const settings = new SettingsScreen(pc.page);
  await settings.open();
  await settings.registerPasskey(name);
  await expect(settings.passkey(name)).toBeVisible();
}

test("required by a case of two people: announced, registered at the login, and from then on the second step is the passkey", async ({ qa, pc, otherPc, desk, otherDesk }) => {
  const today = sortableDate(await qa.now());
  const tomorrow = sortableDate(new Date((await qa.now()).getTime() + days * 1_000));
  await changes(qa, desk, otherDesk, { number: "P-1", passkeys: "必須とする", requiredFrom: tomorrow, stepUp: "全員に求める" });
  await expect(otherDesk.page.getByText(/現在：案内する → 変更後：必須とする（20\d\d年.*から）/)).toBeVisible();
  await expectGood(otherDesk.page);
  await approve(otherDesk);
  await otherDesk.page.getByRole("link", { name: "受領書を印刷", exact: true }).click();
  await otherDesk.receipt.shown();
  await expect(otherDesk.page.getByText(/必須とする（20\d\d年/)).toBeVisible();
  await otherDesk.contract.open();
  await expect(otherDesk.page.getByText(/パスキーの扱い：必須とする/)).toBeVisible();
  await expectGood(otherDesk.page);
  expect((await qa.mail("sakuro@example.jp", "契約内容変更のご案内")).text).toContain("必須とする");

  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await expect(pc.page.getByText(/から、ログインにはパスキーが必要です。/)).toBeVisible();
  await expectGood(pc.page);

  await qa.advanceTo(new Date(`${tomorrow}T00:00:00+09:00`));
  expect(today).not.toBe(tomorrow);
  await virtualAuthenticator(pc.page);
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
  await pc.requiredPasskey.shown();
  await expectGood(pc.page);
  for (const path of ["/", "/settings", "/management", "/password/change"]) {
    await pc.page.goto(path);
    await pc.requiredPasskey.shown();
  }
  await pc.requiredPasskey.register(name, "not the one");
  await pc.requiredPasskey.expectRefusal("OTP-401");
  await pc.requiredPasskey.register(name);
  await pc.top.shown();
  await pc.requiredPasskey.open();
  await expect(pc.page.getByText("ここで登録するパスキーはありません。")).toBeVisible();
  await expectGood(pc.page);

  await pc.login.open();
  await pc.login.present("haruki");
  await pc.passkey.shown();
  await expect(pc.page.getByRole("link", { name: "ワンタイムパスワードで認証する", exact: true })).toHaveCount(0);
  await expectGood(pc.page);
  expect((await pc.caller.oneTimePassword(await qa.oneTimePassword("haruki"))).body.refusal).toMatchObject({ code: "OTP-127", go: "/login/passkey" });
  await pc.page.goto("/login/one-time-password");
  await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
  await pc.oneTimePassword.expectRefusal("OTP-127");
  await pc.page.getByRole("link", { name: "パスキーによる認証へ", exact: true }).click();
  await pc.passkey.shown();
  await pc.passkey.present();
  await pc.top.shown();

  // A browser that knows no passkeys is told whom to ask, and can leave.
  await withoutPasskeys(otherPc.page);
  await otherPc.logIn(qa, "sakuro");
  await otherPc.page.goto("/");
  await expect(otherPc.page.getByText("お使いのブラウザでは、パスキーを登録できません。")).toBeVisible();
  await expectGood(otherPc.page);
  await otherPc.top.logOut();
  await otherPc.caller.password("haruki");
  await otherPc.page.goto("/login/passkey");
  await expect(otherPc.page.getByText(/パスキーを登録したデバイスからログインしてください。/)).toBeVisible();
  await expectGood(otherPc.page);
});

test("a passkey alone: no login ID, no password; a finger that is not the owner's opens nothing, and neither does a contract that does not want it", async ({ qa, pc, otherPc, desk, otherDesk }) => {
  const authenticator = await virtualAuthenticator(pc.page);
  await pc.logIn(qa, "haruki");
  await registersInSettings(pc);
  await pc.login.open();
  await pc.login.passkeyButton.click();
  await pc.login.expectRefusal("OTP-130");
  await expectGood(pc.page);

  await changes(qa, desk, otherDesk, { number: "P-2", alone: true });
  await approve(otherDesk);
  await authenticator.verifies(false);
  await pc.login.passkeyButton.click();
  await pc.login.expectRefusal("OTP-908");
  await authenticator.verifies(true);
  await pc.login.passkeyButton.click();
  await pc.top.shown();
  await expect(pc.page.getByText("データ花子")).toBeVisible();
  expect([await qa.events("passkey.accepted", "haruki"), await qa.events("login_password.accepted", "haruki")]).toEqual([1, 1]);

  await withoutPasskeys(otherPc.page);
  await otherPc.login.open();
  await expect(otherPc.login.passkeyButton).toHaveCount(0);
});

test("a copy of the authenticator is refused in the same words as anything else", async ({ qa, pc, desk, otherDesk }) => {
  const authenticator = await virtualAuthenticator(pc.page);
  await pc.logIn(qa, "haruki");
  await registersInSettings(pc);
  await changes(qa, desk, otherDesk, { number: "P-3", alone: true });
  await approve(otherDesk);
  for (let i = 0; i < 2; i += 1) {
    await pc.login.open();
    await pc.login.passkeyButton.click();
    await pc.top.shown();
  }
  await authenticator.setCounter(1);
  await pc.login.open();
  await pc.login.passkeyButton.click();
  await pc.login.expectRefusal("OTP-129");
  expect(await qa.sql`select details ->> 'reason' as reason from audit_events where name = 'passkey.refused'`).toEqual([{ reason: "counter" }]);
});

test("masters and administrators without one are asked at each login, and may go on", async ({ qa, pc, desk, otherDesk }) => {
  await changes(qa, desk, otherDesk, { number: "P-4", passkeys: "マスターユーザ・管理者ユーザに登録をお願いする" });
  await approve(otherDesk);
  for (let i = 0; i < 2; i += 1) {
    await pc.logIn(qa, "haruki");
    await pc.top.open();
    await expect(pc.page.getByText("パスキーの登録をお願いします。")).toBeVisible();
  }
  await expectGood(pc.page);
  await virtualAuthenticator(pc.page);
  await pc.page.getByRole("link", { name: "パスキーを登録する", exact: true }).click();
  await registersInSettings(pc);
  await pc.top.open();
  await expect(pc.page.getByText("現在、お知らせはありません。")).toBeVisible();
});

test("the sixth login by one-time password mentions passkeys once, quietly", async ({ qa, pc }) => {
  const mention = pc.page.getByText("パスキーを登録すると、ワンタイムパスワードを入力せずに");
  for (let i = 0; i < 5; i += 1) await pc.logIn(qa, "haruki");
  await pc.top.open();
  await expect(mention).toHaveCount(0);
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await expect(mention).toBeVisible();
  await expectGood(pc.page);
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await expect(mention).toHaveCount(0);
});

test("the case's form says what is wrong, and a contract without the service is not promised what it cannot have", async ({ qa, desk }) => {
  await desk.logIn(qa, "clerk");
  await desk.newCase.open();
  await desk.newCase.field("種別").selectOption({ label: "認証方法の変更" });
  await desk.newCase.button("受付").click();
  await desk.newCase.expectFieldError("パスキーの扱い", /選択してください/);
  await desk.newCase.expectFieldError("操作時の再認証", /選択してください/);
  await expectGood(desk.page);
  await desk.newCase.field("パスキーの扱い").selectOption({ label: "案内する" });
  await desk.newCase.field("操作時の再認証").selectOption({ label: "求めない" });
  await desk.newCase.field("ID・パスワードの代わりにパスキーでログイン").check();
  await desk.newCase.enter({ number: "P-5", kind: "認証方法の変更", contractNumber: "1000002" });
  await desk.newCase.expectFieldError("ID・パスワードの代わりにパスキーでログイン", /未申込/);
  await expectGood(desk.page);
});

test("the settings with a registered passkey fit a phone's screen", async ({ qa, pc }) => {
  await virtualAuthenticator(pc.page);
  await pc.logIn(qa, "haruki");
  await registersInSettings(pc);
  await expectGood(pc.page);
});
