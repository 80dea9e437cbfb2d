import { expect, test } from "./fixtures";
import { activationPassword, hours, minutes } from "./qa";

const mailAddress = "haruki.phone@example.jp";

test.beforeEach(({ qa }) => qa.scenario("expiring-token"));

test("from 30 days before its end the top page offers the renewal; the old token serves until the new one is confirmed", async ({ qa, pc, phone, caller }) => {
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await pc.page.getByRole("link", { name: "トークンを更新する", exact: true }).click();
  await pc.issuance.shown();
  await pc.issuance.issue({ mailAddress, activationPassword, oneTimePassword: await qa.wrongPassword("haruki") });
  await pc.issuance.expectRefusal("OTP-109");
  await expect(pc.issuance.field("携帯電話メールアドレス")).toHaveValue(mailAddress);
  const old = await qa.oneTimePassword("haruki");
  await pc.issuance.issue({ mailAddress, activationPassword, oneTimePassword: old });
  await pc.confirmation.shown();
  const ids = await pc.confirmation.ids();

  // The old one is still the one asked for at login, which ends this session: the renewal goes on from the new one.
  expect((await caller.password("haruki")).body.go).toBe("/login/one-time-password");
  expect((await caller.oneTimePassword(old)).body.refusal?.code).toBe("OTP-109");

  await phone.follow(await qa.link(mailAddress));
  await phone.setUp({ ...ids, activationPassword });
  await pc.confirmation.confirm(await phone.oneTimePassword("haruki"));
  await pc.top.shown();
  await expect(pc.page.getByText("現在、お知らせはありません。")).toBeVisible();
  const tokens = await qa.sql`select ended_because from tokens where user_id = (select id from users where login_id = 'haruki') order by issued_at`;
  expect(tokens.map(({ ended_because: because }) => because)).toEqual(["renewed", null]);
  await qa.mail("sakuro@example.jp", "トークン発行のお知らせ");
});

test("whoever prolongs the session while the phone is set up is still shown that it is", async ({ qa, pc, phone }) => {
  await pc.logIn(qa, "haruki");
  await pc.issuance.open();
  await pc.issuance.issue({ mailAddress, activationPassword, oneTimePassword: await qa.oneTimePassword("haruki") });
  await pc.confirmation.shown();
  const ids = await pc.confirmation.ids();
  await qa.advance(13 * minutes);
  const dialog = pc.page.getByRole("dialog", { name: "まもなく自動でログアウトします" });
  await dialog.getByRole("button", { name: "利用を続ける", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await phone.follow(await qa.link(mailAddress));
  await phone.setUp({ ...ids, activationPassword });
  await expect(pc.page.getByText("スマートフォンの初期設定が終わりました。")).toBeVisible();
});

test("a renewal that lapses changes nothing", async ({ qa, pc, caller }) => {
  await pc.logIn(qa, "haruki");
  const form = { mailAddress, mailAddressAgain: mailAddress, activationPassword, activationPasswordAgain: activationPassword };
  expect((await pc.caller.post("/token/issuance/issue", form)).body.fields).toHaveProperty("oneTimePassword");
  expect((await pc.caller.post("/token/issuance/issue", { ...form, oneTimePassword: await qa.oneTimePassword("haruki") })).body).toMatchObject({ ok: true });
  await qa.advance(25 * hours);
  await caller.password("haruki");
  expect((await caller.oneTimePassword(await qa.oneTimePassword("haruki"))).body).toMatchObject({ ok: true });
});

test("a token that lasts longer is not renewed yet", async ({ qa, pc }) => {
  await pc.logIn(qa, "sakuro");
  await pc.top.open();
  await expect(pc.page.getByRole("link", { name: "トークンを更新する" })).toHaveCount(0);
  await pc.page.goto("/token/issuance");
  await expect(pc.page).toHaveURL(/\/$/);
  await pc.top.shown();
});
