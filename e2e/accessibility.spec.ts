import { expect, test } from "./fixtures";
import { expectGood } from "./pages/screen";
import { activationPassword, minutes } from "./qa";

// Each screen in each state: axe, and no sideways scrolling from a phone's width to a wide desk's.

test("login: empty, field errors, a refusal, every ending", async ({ pc }) => {
  await pc.login.open();
  await expectGood(pc.page);
  await pc.login.button("ログイン").click();
  await pc.login.expectFieldError("ログインID", /ログインIDを入力してください。/);
  await expectGood(pc.page);
  await pc.login.present("haruki", "wrong");
  await pc.login.expectRefusal("OTP-101");
  await expectGood(pc.page);
  await pc.login.present("jiro");
  await pc.login.expectRefusal("OTP-203");
  await expectGood(pc.page);
  for (const ended of ["logout", "idle", "absolute", "replaced", "suspended", "changed", "half_login"]) {
    await pc.page.goto(`/login?ended=${ended}`);
    await expect(pc.page.getByText(/ログアウトしました。|途中で終了しました。/)).toBeVisible();
  }
  await expectGood(pc.page);
});

test("one-time password: empty, malformed, wrong, few attempts left, suspended", async ({ qa, pc }) => {
  await pc.caller.password("haruki");
  await pc.oneTimePassword.open();
  await expectGood(pc.page);
  await pc.oneTimePassword.present("abc");
  await pc.oneTimePassword.expectFieldError("ワンタイムパスワード", /6桁/);
  await expectGood(pc.page);
  await pc.oneTimePassword.present(await qa.wrongPassword("haruki"));
  await pc.oneTimePassword.expectRefusal("OTP-109");
  await expectGood(pc.page);
  for (let time = 2; time <= 4; time++) await pc.caller.oneTimePassword(await qa.wrongPassword("haruki", time));
  await pc.page.evaluate(() => sessionStorage.clear());
  await pc.page.reload();
  await expect(pc.page.getByText("あと1回正しくない入力があると")).toBeVisible();
  await expectGood(pc.page);
  await pc.oneTimePassword.shown();
  await pc.oneTimePassword.present(await qa.wrongPassword("haruki", 5));
  await pc.oneTimePassword.expectRefusal("OTP-106");
  await expectGood(pc.page);
});

test("issuance: first, field errors, again, without a permission", async ({ qa, pc, otherPc }) => {
  await pc.caller.password("ichiro");
  await pc.issuance.open();
  await expectGood(pc.page);
  await pc.issuance.issue({ mailAddress: "a,b", activationPassword: "1", activationPasswordAgain: "2" });
  await expect(pc.page.getByText(/^＊/).first()).toBeVisible();
  await expectGood(pc.page);
  await otherPc.caller.password("tarou");
  await otherPc.issuance.open();
  await expect(otherPc.page.getByText("発行済みのトークンがあります。")).toBeVisible();
  await expectGood(otherPc.page);
  await qa.sql`update issuance_permissions set closed_at = app_now()`;
  await pc.page.reload();
  await pc.issuance.expectRefusal("OTP-201");
  await expectGood(pc.page);
});

test("confirmation: waiting for the phone, mail resent, phone set up, wrong; the phone at each step", async ({ qa, pc, phone }) => {
  await pc.caller.password("tarou");
  await pc.confirmation.open();
  await expectGood(pc.page);
  await pc.confirmation.confirm("123456");
  await pc.confirmation.expectRefusal("OTP-209");
  await expectGood(pc.page);
  await qa.advance(1 * minutes);
  await expect(pc.confirmation.button("メールを再送する")).not.toHaveAttribute("aria-disabled", "true");
  await pc.confirmation.button("メールを再送する").click();
  await expect(pc.page.getByText("前のメールのURLは使えません。")).toBeVisible();
  await expectGood(pc.page);

  const link = await qa.link("tarou@example.jp", 2);
  await phone.page.goto(link);
  await expect(phone.page.getByRole("link", { name: "初期設定へ進む" })).toBeVisible();
  await expectGood(phone.page);
  await phone.follow(link);
  await expectGood(phone.page);
  await phone.setUp({ serviceId: "1", userId: "000000000000", activationPassword: "000000" });
  await expect(phone.page.getByText("OTP-301", { exact: true })).toBeVisible();
  await expectGood(phone.page);
  await phone.setUp({ ...(await pc.confirmation.ids()), activationPassword });
  await phone.oneTimePassword("tarou");
  await expectGood(phone.page);

  await expect(pc.page.getByText("スマートフォンの初期設定が終わりました。")).toBeVisible();
  await pc.confirmation.confirm(await qa.wrongPassword("tarou"));
  await pc.confirmation.expectRefusal("OTP-109");
  await expectGood(pc.page);
});

test("management: lists with ticks, what led to a suspension, a user's page", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await pc.oneTimePasswordManagement.open();
  await expectGood(pc.page);
  await pc.suspensions.open();
  await pc.suspensions.tick("sachiko");
  await expect(pc.page.getByText("正しくない入力 5回", { exact: false })).toBeVisible();
  await expectGood(pc.page);
  await pc.users.open();
  await expectGood(pc.page);
  await pc.users.openUser("sachiko");
  await pc.user.shown();
  await expectGood(pc.page);
});

test("management: the tokens' list with its warnings, and the result of one's own revocation", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await pc.tokens.open();
  for (const loginId of ["haruki", "sakuro"]) await pc.tokens.tick(loginId);
  await expect(pc.page.getByText("貴社にいなくなります。")).toBeVisible();
  await expectGood(pc.page);
  await pc.tokens.press();
  await pc.tokensResult.shown();
  await expectGood(pc.page);
});

test("top page with its notices and the idle dialog; renewal; management; change of a password", async ({ qa, pc }) => {
  await qa.scenario("expiring-token");
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await expect(pc.page.getByRole("link", { name: "トークンを更新する" })).toBeVisible();
  await expectGood(pc.page);
  await pc.issuance.open();
  await expectGood(pc.page);
  await pc.management.open();
  await expectGood(pc.page);
  await pc.passwordChange.open();
  await expectGood(pc.page);
  await pc.passwordChange.change("a", "b", "c");
  await expect(pc.page.getByText(/^＊|OTP-119/).first()).toBeVisible();
  await expectGood(pc.page);
  await pc.top.open();
  await qa.advance(14 * minutes);
  await expect(pc.page.getByRole("dialog")).toBeVisible();
  await expectGood(pc.page);
});

test("the counter console: every screen, empty, full, refused and done", async ({ qa, desk, otherDesk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await desk.login.open();
  await expectGood(page);
  await desk.login.present("clerk", "wrong");
  await desk.login.expectRefusal("OTP-502");
  await expectGood(page);
  for (const ended of ["logout", "idle", "absolute", "replaced", "changed", "half_login"]) {
    await page.goto(`/staff/login?ended=${ended}`);
    await expect(page.getByText(/ログアウトしました。|途中で終了しました。/)).toBeVisible();
  }
  await desk.caller.staffPassword("clerk");
  await page.goto("/staff/login/one-time-password");
  await desk.login.shown();
  await expectGood(page);
  await desk.logIn(qa, "clerk");
  await otherDesk.logIn(qa, "approver");
  for (const screen of [desk.home, desk.contractSearch, desk.contract, desk.newContract, desk.newCase, desk.audit, desk.numbers, desk.password, desk.passkeys]) {
    await screen.open();
    await expectGood(page);
  }
  await desk.newCase.open();
  await desk.newCase.button("受付").click();
  await desk.newCase.expectFieldError("受付番号", /受付番号/);
  await expectGood(page);
  await desk.newCase.enter({ number: "Z-1", kind: "ログインパスワード再登録", loginIds: ["haruki", "sachiko"] });
  await desk.case.shown();
  await expectGood(page);
  await desk.home.open();
  await expectGood(page);
  await otherDesk.case.openCase("Z-1");
  await expectGood(otherDesk.page);
  await otherDesk.case.approve();
  await expect(otherDesk.page.getByText("手続きしました。").first()).toBeVisible();
  await page.goto("/staff/cases/Z-1");
  await desk.case.button("交付票を表示").click();
  await expect(page.getByText("仮ログインパスワード", { exact: true }).first()).toBeVisible();
  await expectGood(page);
  await desk.home.link("受領書を印刷").click();
  await desk.receipt.shown();
  await expectGood(page);
  await desk.audit.open("?key=Z-1");
  await expectGood(page);
  await desk.contractSearch.open("?key=haruki");
  await expectGood(page);
  await page.getByRole("link", { name: "haruki", exact: true }).click();
  await desk.customer.shown();
  await expectGood(page);
  await page.goto("/staff/cases/Z-404");
  await desk.case.expectRefusal("OTP-514");
  await expectGood(page);
});

test("the accessibility statement, from the foot of the login screen, with whom to tell", async ({ pc }) => {
  await pc.login.open();
  await pc.page.getByRole("link", { name: "アクセシビリティへの取り組み", exact: true }).click();
  await expect(pc.page.getByRole("heading", { level: 1, name: "アクセシビリティへの取り組み", exact: true })).toBeVisible();
  await expect(pc.page.getByRole("region", { name: "お問い合わせ先", exact: true })).toContainText("0120-000-000");
  await expectGood(pc.page);
});

test("a page that is not there", async ({ pc }) => {
  await pc.page.goto("/no-such-page");
  await expect(pc.page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectGood(pc.page);
});

test("a whole login by keyboard alone, with the focus always in sight", async ({ qa, pc }) => {
  const { page } = pc;
  await pc.login.open();
  const focus = () => page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return { name: element.id || element.textContent?.trim(), outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, inView: box.bottom > 0 && box.top < innerHeight };
  });
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press("Tab");
      const found = await focus();
      expect(found).toMatchObject({ outlined: true, inView: true });
      if (found.name === name) return;
    }
    throw new Error(`${name} is not reached by the keyboard`);
  };
  await tabTo("本文へ移動");
  await tabTo("loginId");
  await page.keyboard.type("haruki");
  await tabTo("password");
  await page.keyboard.type("Ichido-demo-2026");
  await tabTo("表示");
  await page.keyboard.press("Space");
  await expect(pc.login.field("ログインパスワード")).toHaveAttribute("type", "text");
  await tabTo("ログイン");
  await page.keyboard.press("Enter");
  await pc.oneTimePassword.shown();
  await tabTo("oneTimePassword");
  await page.keyboard.type(await qa.oneTimePassword("haruki"));
  await page.keyboard.press("Enter");
  await pc.top.shown();
  await tabTo("ログアウト");
  await page.keyboard.press("Enter");
  await pc.login.shown();
});
