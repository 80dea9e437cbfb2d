import { expect, test } from "./fixtures";
import { activationPassword, days, hours, minutes } from "./qa";

const mailAddress = "ichiro.phone@example.jp";

test("手順A–E in one sitting: login, issuance, the mailed link on the phone, confirmation, top page; a minute later a daily login", async ({ qa, pc, phone }) => {
  await pc.login.open();
  await pc.login.present("ichiro");
  await pc.issuance.shown();
  const limit = pc.page.getByText("安全のため、ログインから10分が過ぎると、もう一度ログインしていただきます。");
  await expect(limit).toBeVisible();
  await pc.issuance.issue({ mailAddress, activationPassword });
  await pc.confirmation.shown();
  await expect(limit).toBeVisible();
  const ids = await pc.confirmation.ids();
  expect(ids.serviceId).toBe("10010001");
  await expect(pc.page.getByRole("img", { name: "サービスIDとユーザIDのQRコード" })).toBeVisible();

  const { text, links: [link = ""] } = await qa.mail(mailAddress, "ワンタイムパスワードのご案内");
  expect(link).toMatch(/\/authenticator\/start#[0-9A-HJKMNP-TV-Z]{8}$/);
  for (const secret of [ids.userId, ids.serviceId, activationPassword]) expect(text).not.toContain(secret);

  await phone.follow(link);
  await phone.setUp({ ...ids, activationPassword });
  const first = await phone.oneTimePassword("ichiro");
  await expect(pc.page.getByText("スマートフォンの初期設定が終わりました。")).toBeVisible();
  await pc.confirmation.confirm(first);
  await pc.top.shown();
  await expect(pc.page.getByText("データ商事株式会社")).toBeVisible();
  for (const recipient of ["ichiro@example.jp", "sakuro@example.jp"]) await qa.mail(recipient, "トークン発行のお知らせ");

  await pc.top.logOut();
  await pc.login.shown();
  await qa.advance(1 * minutes);
  await pc.login.present("ichiro");
  await pc.oneTimePassword.shown();
  await expect.poll(() => phone.oneTimePassword("ichiro")).not.toBe(first);
  await pc.oneTimePassword.present(await phone.oneTimePassword("ichiro"));
  await pc.top.shown();
  await expect(pc.page.getByRole("table", { name: "最近のログイン" }).getByRole("row")).toHaveCount(3);
});

test("closing the PC page and coming back from another PC resumes with the same IDs, before and after the phone's set-up", async ({ qa, pc, otherPc, phone }) => {
  await pc.caller.password("ichiro");
  await pc.issuance.open();
  await pc.issuance.issue({ mailAddress, activationPassword });
  await pc.confirmation.shown();
  const ids = await pc.confirmation.ids();
  await pc.page.close();

  await otherPc.login.open();
  await otherPc.login.present("ichiro");
  await otherPc.confirmation.shown();
  expect(await otherPc.confirmation.ids()).toEqual(ids);
  await phone.follow(await qa.link(mailAddress));
  await phone.setUp({ ...ids, activationPassword });
  const oneTimePassword = await phone.oneTimePassword("ichiro");

  await otherPc.login.open();
  await otherPc.login.present("ichiro");
  await otherPc.confirmation.shown();
  expect(await otherPc.confirmation.ids()).toEqual(ids);
  await otherPc.confirmation.confirm(oneTimePassword);
  await otherPc.top.shown();
});

test("a half-login that ended at the confirmation screen loses nothing: after logging in again the same IDs and the same phone serve", async ({ qa, pc, phone }) => {
  await pc.caller.password("ichiro");
  await pc.issuance.open();
  await pc.issuance.issue({ mailAddress, activationPassword });
  await pc.confirmation.shown();
  const ids = await pc.confirmation.ids();
  await phone.follow(await qa.link(mailAddress));
  await phone.setUp({ ...ids, activationPassword });

  await qa.advance(10 * minutes);
  await expect(pc.page).toHaveURL(/\/login\?ended=half_login$/);
  await expect(pc.page.getByText("ログインの手続きが途中で終了しました。")).toBeVisible();
  await pc.login.shown();
  await pc.login.present("ichiro");
  await pc.confirmation.shown();
  expect(await pc.confirmation.ids()).toEqual(ids);
  await expect.poll(() => phone.oneTimePassword("ichiro")).toBe((await qa.shownPassword("ichiro")).oneTimePassword);
  await pc.confirmation.confirm(await phone.oneTimePassword("ichiro"));
  await pc.top.shown();
});

test("the seeded 発行済 user finishes with the mail that is in the mailbox", async ({ qa, pc, phone }) => {
  await pc.login.open();
  await pc.login.present("tarou");
  await pc.confirmation.shown();
  await phone.follow(await qa.link("tarou@example.jp"));
  await phone.setUp({ ...(await pc.confirmation.ids()), activationPassword });
  await pc.confirmation.confirm(await phone.oneTimePassword("tarou"));
  await pc.top.shown();
});

test("nothing is evaluated or counted on the confirmation screen before the phone is set up", async ({ qa, pc }) => {
  await pc.caller.password("tarou");
  await pc.confirmation.open();
  for (let time = 0; time < 6; time++) {
    const { body } = await pc.caller.post("/token/confirmation/confirm", { oneTimePassword: "123456" });
    expect(body.refusal?.code).toBe("OTP-209");
  }
  await pc.confirmation.confirm("123456");
  await pc.confirmation.expectRefusal("OTP-209");
  expect(await qa.failures("tarou")).toMatchObject({ oneTimePassword: 0, suspensions: 0 });
});

test("wrong ones on the confirmation screen count like those at login, and the fifth suspends", async ({ qa, pc, phone }) => {
  await pc.caller.password("tarou");
  await pc.confirmation.open();
  await phone.follow(await qa.link("tarou@example.jp"));
  await phone.setUp({ ...(await pc.confirmation.ids()), activationPassword });
  const right = await phone.oneTimePassword("tarou");
  for (let time = 1; time <= 4; time++) {
    await pc.confirmation.confirm(await qa.wrongPassword("tarou", time));
    await expect(pc.confirmation.button("認証確認")).toBeEnabled();
    await expect.poll(() => qa.failures("tarou").then(({ oneTimePassword }) => oneTimePassword)).toBe(time);
    await pc.confirmation.expectRefusal("OTP-109");
  }
  await pc.confirmation.confirm(await qa.wrongPassword("tarou", 5));
  await pc.confirmation.expectRefusal("OTP-106");
  await pc.page.waitForResponse((response) => response.url().endsWith("/token/confirmation/state") && response.status() === 401);
  await pc.confirmation.expectRefusal("OTP-106");
  // As the Back button brings a page back: Playwright's browser keeps none for it.
  await pc.page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await expect(pc.page).toHaveURL(/\/login\?ended=half_login$/);
  expect((await pc.caller.post("/token/confirmation/confirm", { oneTimePassword: right })).status).toBe(401);
  expect((await pc.caller.password("tarou")).body.refusal?.code).toBe("OTP-106");
  expect(await qa.failures("tarou")).toMatchObject({ oneTimePassword: 5, suspensions: 1, sessions: 0 });
});

test("a validity of 24 hours: at 23:59 the issuance can be finished, at 24:00 it begins anew", async ({ qa, pc, otherPc, phone }) => {
  await pc.caller.password("ichiro");
  await pc.caller.post("/token/issuance/issue", { mailAddress, mailAddressAgain: mailAddress, activationPassword, activationPasswordAgain: activationPassword });
  await qa.advance(24 * hours - 1 * minutes);
  expect((await pc.caller.password("ichiro")).body.go).toBe("/token/confirmation");
  await pc.confirmation.open();
  const ids = await pc.confirmation.ids();
  const link = await qa.link(mailAddress);
  await qa.advance(1 * minutes);
  expect((await otherPc.caller.password("ichiro")).body.go).toBe("/token/issuance");
  await phone.follow(link);
  await phone.setUp({ ...ids, activationPassword });
  await expect(phone.page.getByRole("alert").filter({ hasText: "OTP-301" })).toBeVisible();
  await qa.advance(30 * days);
  expect((await otherPc.caller.get("/token/issuance/state")).status).toBe(401);
});
