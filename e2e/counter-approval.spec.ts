import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { Desk } from "./pages/counter";
import { expectAccessible } from "./pages/screen";
import { minutes, type Qa } from "./qa";
import { processBeside } from "./stack";
import { virtualAuthenticator } from "./virtual-authenticator";

// Who approves is who they were at login: asked again after ten minutes, and bound to what they approve where they have a passkey.

const passkeyName = "窓口2番のパソコン";

async function enterCase(qa: Qa, desk: Desk, number: string, kind = "利用解除", loginIds = ["sachiko"]) {
  await desk.logIn(qa, "clerk");
  await desk.newCase.open();
  await desk.newCase.enter({ number, kind, loginIds });
  await desk.case.shown();
}

/** Who works on is not idle; the proof grows old nevertheless. */
async function workFor11Minutes(qa: Qa, desk: Desk) {
  await qa.advance(6 * minutes);
  await desk.home.open();
  await qa.advance(5 * minutes);
  await desk.home.open();
}

const accepted = async (qa: Qa) => {
  const rows = await qa.sql<{ method: string }[]>`select details ->> 'method' as method from audit_events where name = 'staff.approval_accepted' order by id`;
  return rows.map(({ method }) => method);
};
const done = (desk: Desk) => expect(desk.page.getByText("手続きしました。").first()).toBeVisible();

test("an approver with a passkey signs what is approved, by the keyboard alone; the receipt says so, and the next case within ten minutes asks for nothing", async ({ qa, desk, otherDesk }) => {
  test.setTimeout(120_000);
  await enterCase(qa, desk, "P-0001");
  const authenticator = await virtualAuthenticator(otherDesk.page);
  await otherDesk.logIn(qa, "approver");
  await otherDesk.passkeys.open();
  await otherDesk.passkeys.register(passkeyName);
  await expect(otherDesk.passkeys.row(passkeyName)).toBeVisible();
  await workFor11Minutes(qa, otherDesk);

  await otherDesk.case.openCase("P-0001");
  await otherDesk.case.button("承認").focus();
  await otherDesk.page.keyboard.press("Enter");
  await otherDesk.case.proof.shown();
  await expect(otherDesk.case.signed("受付番号")).toHaveText("P-0001");
  await expect(otherDesk.case.signed("種別")).toHaveText("利用解除");
  await expect(otherDesk.case.signed("契約")).toHaveText("1000001 データ商事株式会社");
  await expect(otherDesk.case.signed("対象")).toHaveText("sachiko データ幸子");
  await expect(otherDesk.case.oneTimePassword).toHaveCount(0);
  await expectAccessible(otherDesk.page);
  expect((await qa.failures("sachiko")).suspensions).toBe(1);

  await authenticator.verifies(false);
  await otherDesk.case.proof.byPasskey();
  await otherDesk.case.proof.expectRefusal("OTP-908");
  await authenticator.verifies(true);
  await otherDesk.case.proof.section.getByRole("button", { name: "パスキーで認証する", exact: true }).focus();
  await otherDesk.page.keyboard.press("Enter");
  await done(otherDesk);
  await expect(otherDesk.page.getByText("パスキー（承認内容への署名）")).toBeVisible();
  await otherDesk.home.link("受領書を印刷").click();
  await otherDesk.receipt.shown();
  await expect(otherDesk.page.getByText("パスキー（承認内容への署名）")).toBeVisible();
  expect(await accepted(qa)).toEqual(["passkey"]);

  await enterCase(qa, desk, "P-0002", "発行許可", ["jiro"]);
  await otherDesk.case.openCase("P-0002");
  await otherDesk.case.approve();
  await done(otherDesk);
  expect(await accepted(qa)).toEqual(["passkey"]);
});

test("a passkey registered long after the login needs the one-time password, beside the password", async ({ qa, desk }) => {
  await virtualAuthenticator(desk.page);
  await desk.logIn(qa, "approver");
  await workFor11Minutes(qa, desk);
  await desk.passkeys.open();
  await desk.passkeys.register(passkeyName);
  await desk.case.proof.shown();
  await expectAccessible(desk.page);
  await desk.case.oneTimePassword.fill(await qa.oneTimePassword("approver"));
  await desk.page.keyboard.press("Enter");
  await expect(desk.passkeys.row(passkeyName)).toBeVisible();
});

test("targets that change between the display and the signature: nothing is done, and what is now is shown and signed", async ({ qa, pc, desk, otherDesk }) => {
  test.setTimeout(120_000);
  await enterCase(qa, desk, "P-0003", "失効");
  await virtualAuthenticator(otherDesk.page);
  await otherDesk.logIn(qa, "approver");
  await otherDesk.passkeys.open();
  await otherDesk.passkeys.register(passkeyName);
  await expect(otherDesk.passkeys.row(passkeyName)).toBeVisible();
  await workFor11Minutes(qa, otherDesk);
  await otherDesk.case.openCase("P-0003");
  await otherDesk.case.approve();
  await expect(otherDesk.case.proof.section).toBeVisible();

  await pc.logIn(qa, "haruki");
  await pc.suspensions.open();
  await pc.suspensions.tick("sachiko");
  await pc.suspensions.press();
  await pc.suspensionsResult.shown();

  await otherDesk.case.proof.byPasskey();
  await otherDesk.case.expectRefusal("OTP-517");
  await expect(otherDesk.case.row("sachiko")).toContainText(/受付時：利用停止（.*） → 現在：利用可能/);
  expect(await qa.events("token.revoked", "sachiko")).toBe(0);
  await otherDesk.case.approve();
  await otherDesk.case.proof.byPasskey();
  await done(otherDesk);
  expect(await qa.events("token.revoked", "sachiko")).toBe(1);
});

test("an approver without one gives a one-time password: a wrong one asks again, a malformed one is said at the field, and it may be taken back", async ({ qa, desk, otherDesk }) => {
  test.setTimeout(120_000);
  await enterCase(qa, desk, "P-0004");
  await otherDesk.logIn(qa, "approver");
  await workFor11Minutes(qa, otherDesk);
  await otherDesk.case.openCase("P-0004");
  await otherDesk.case.approve("12");
  await expect(otherDesk.case.proof.section.getByText("＊ワンタイムパスワードは6桁の数字で入力してください。")).toBeVisible();
  await expectAccessible(otherDesk.page);
  await otherDesk.case.proof.takeBack();
  await expect(otherDesk.case.proof.section).toHaveCount(0);

  await otherDesk.case.approve(await qa.wrongPassword("approver"));
  await otherDesk.case.expectRefusal("OTP-504");
  expect((await qa.failures("sachiko")).suspensions).toBe(1);
  await otherDesk.case.oneTimePassword.fill(await qa.oneTimePassword("approver"));
  await otherDesk.page.keyboard.press("Enter");
  await done(otherDesk);
  expect(await accepted(qa)).toEqual(["one_time_password"]);
  expect((await qa.failures("sachiko")).suspensions).toBe(0);
  await otherDesk.home.link("受領書を印刷").click();
  await otherDesk.receipt.shown();
  await expect(otherDesk.page.getByText("承認方法")).toBeVisible();
});

test("five wrong ones at an approval suspend, and lead to the login", async ({ qa, desk, otherDesk }) => {
  await enterCase(qa, desk, "P-0005");
  await otherDesk.logIn(qa, "approver");
  await workFor11Minutes(qa, otherDesk);
  await otherDesk.case.openCase("P-0005");
  await otherDesk.case.approve(await qa.wrongPassword("approver"));
  for (let nth = 2; nth <= 5; nth++) {
    await otherDesk.case.expectRefusal("OTP-504");
    await expect(otherDesk.case.oneTimePassword).toHaveValue("");
    await otherDesk.case.oneTimePassword.fill(await qa.wrongPassword("approver", nth));
    await otherDesk.case.proof.section.getByRole("button", { name: "認証する", exact: true }).click();
  }
  await otherDesk.case.expectRefusal("OTP-505");
  await expect(otherDesk.case.proof.section).toHaveCount(0);
  expect((await qa.failures("sachiko")).suspensions).toBe(1);
});

/** As the page's own script would ask: a name below localhost is the browser's to resolve. */
const fromPage = (page: Page, path: string, form?: Record<string, string>) =>
  page.evaluate(async ([to, fields]) => {
    const response = await fetch(to, { headers: { accept: "application/json" }, ...(fields && { method: "POST", body: new URLSearchParams(fields) }) });
    const body = (await response.json()) as { refusal?: { code: string } };
    return [response.status, body.refusal?.code];
  }, [path, form] as const);

test("a bank that requires passkeys, with the console on a host of its own: a one-time password leads to the registration and no further, then the passkey logs in, and every approval is signed", async ({ qa, browser, desk: ours }) => {
  test.setTimeout(180_000);
  await enterCase(qa, ours, "P-0006");
  const beside = await processBeside((port) => ({ STAFF_PASSKEY: "required", STAFF_HOST: `staff.localhost:${port}` }));
  const origin = `http://staff.localhost:${beside.port}`;
  const context = await browser.newContext({ baseURL: origin });
  try {
    const page = await context.newPage();
    const desk = new Desk(page, origin);
    const authenticator = await virtualAuthenticator(page);
    const logIn = async () => {
      await desk.login.open();
      await desk.login.present("approver");
      await desk.login.shown();
    };

    await test.step("without a passkey", async () => {
      await logIn();
      await desk.login.presentOneTimePassword(await qa.oneTimePassword("approver"));
      await desk.passkeys.shown();
      await expect(page).toHaveURL(`${origin}/staff/passkeys`);
      await expect(page.getByText("登録が終わるまで、ほかの操作はできません。")).toBeVisible();
      await expectAccessible(page);
      for (const path of ["/staff/state", "/staff/cases/P-0006/state", "/staff/contracts/1000001/state"]) expect(await fromPage(page, path)).toEqual([403, "OTP-528"]);
      expect(await fromPage(page, "/staff/cases/P-0006/approve", { seen: "x" })).toEqual([403, "OTP-528"]);
      await page.goto("/staff/cases/P-0006");
      await desk.passkeys.shown();
    });

    await test.step("registered", async () => {
      await desk.passkeys.register(passkeyName);
      await expect(desk.passkeys.row(passkeyName)).toBeVisible();
      await expect(page.getByText("登録が終わるまで、ほかの操作はできません。")).toHaveCount(0);
      expect(await authenticator.credentials()).toMatchObject([{ rpId: "staff.localhost" }]);
      await desk.passkeys.button("ログアウト").click();
    });

    await test.step("the one-time password is no way in any more", async () => {
      await logIn();
      await expect(desk.login.field("ワンタイムパスワード")).toHaveCount(0);
      await expect(page.getByText("パスキーが登録されているため、ワンタイムパスワードではログインできません。")).toBeVisible();
      expect(await fromPage(page, "/staff/login/one-time-password/present", { oneTimePassword: await qa.oneTimePassword("approver") })).toEqual([403, "OTP-526"]);
      await desk.login.button("パスキーで認証する").click();
      await desk.home.shown();
    });

    await test.step("an approval right after the login is signed", async () => {
      await desk.case.openCase("P-0006");
      await desk.case.approve();
      await expect(desk.case.signed("対象")).toHaveText("sachiko データ幸子");
      await desk.case.proof.byPasskey();
      await done(desk);
      expect(await accepted(qa)).toEqual(["passkey"]);
      expect((await qa.failures("sachiko")).suspensions).toBe(0);
    });

    await test.step("two hosts", async () => {
      const customers = `http://localhost:${beside.port}`;
      for (const path of ["/staff", "/staff/login", "/staff/state"]) expect((await fetch(`${customers}${path}`)).status).toBe(404);
      expect((await fetch(`${customers}/login`)).status).toBe(200);
      expect((await page.goto("/login"))!.status()).toBe(404);
    });
  } finally {
    await context.close();
    await beside.stop();
  }
});
