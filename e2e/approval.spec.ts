import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { expectAccessible } from "./pages/screen";
import { SettingsScreen } from "./pages/settings";
import { minutes, type Qa } from "./qa";
import { virtualAuthenticator } from "./virtual-authenticator";

const eachAct = (qa: Qa) => qa.sql`update corporations set step_up_policy = 'each_act'`;

const [payee, amount] = ["カ）ミホンコウギョウ", "1,250,000円"];
const facts = [["受取人", payee], ["金額", amount]];

/** What has got into the PC: changes what the form sends, from one of its posts on. */
async function swapPayee(page: Page, another: string, { from = 1 } = {}) {
  let posts = 0;
  await page.route("**/qa/transfer/approve", async (route) => {
    const form = new URLSearchParams(route.request().postData() ?? "");
    posts += 1;
    if (posts >= from) form.set("payee", another);
    await route.continue({ postData: form.toString() });
  });
}

test("a manager revokes two tokens by the phone's number: the phone shows whose", async ({ qa, pc, phone }) => {
  await eachAct(qa);
  await phone.hold("haruki");
  await pc.logIn(qa, "haruki");
  await pc.tokens.revoke("sakuro", "sachiko");
  await pc.proof.shown();
  await expectAccessible(pc.page);
  const shown = await phone.approve(pc);
  expect(shown).toEqual({
    title: "トークンの失効の承認",
    facts: [["会社", "データ商事株式会社"], ["件数", "2名"], ["再発行", "失効後7日間、許可する"], ["対象", "sachiko データ幸子"], ["対象", "sakuro データ三郎"]],
  });
  await pc.tokensResult.shown();
  expect((await pc.tokensResult.cells("sakuro")).join()).toContain("失効しました");
  expect(await qa.events("approval.accepted", "haruki")).toBe(1);
});

test("lifting suspensions is asked for as well, and each act anew", async ({ qa, pc, phone }) => {
  await eachAct(qa);
  await phone.hold("haruki");
  await pc.logIn(qa, "haruki");
  await pc.suspensions.lift("sachiko");
  const { title, facts } = await phone.approve(pc);
  expect([title, ...facts.at(-1)!]).toEqual(["ワンタイムパスワードの利用停止解除の承認", "対象", "sachiko データ幸子"]);
  await pc.suspensionsResult.shown();
  await pc.tokens.revoke("sachiko");
  await pc.proof.shown();
});

test("a transfer: payee and amount stand on the phone, and the number approves them", async ({ qa, pc, phone }) => {
  await phone.hold("haruki");
  await pc.logIn(qa, "haruki");
  await pc.transfer.open();
  await pc.transfer.ask(payee, "１，２５０，０００");
  await pc.proof.shown();
  await expect(pc.proof.statement.getByRole("definition")).toHaveText([payee, amount]);
  await expectAccessible(pc.page);
  expect(await phone.approve(pc)).toEqual({ title: "振込の承認", facts });
  await pc.transfer.expectApproved(payee, amount);
  await expectAccessible(pc.page);
});

test("whoever is not logged in is led to the login, and posts in vain", async ({ pc, caller }) => {
  await pc.page.goto("/qa/transfer");
  await pc.login.shown();
  expect(await caller.post("/qa/transfer/approve", { payee, amount: "1" })).toMatchObject({ status: 401, body: { refusal: { code: "OTP-111" } } });
  await caller.password("haruki");
  expect(await caller.post("/qa/transfer/approve", { payee, amount: "1" })).toMatchObject({ status: 401, body: { refusal: { code: "OTP-111" } } });
});

test("a transfer by a passkey, where there is one", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await virtualAuthenticator(pc.page);
  const settings = new SettingsScreen(pc.page);
  await settings.open();
  await settings.registerPasskey("会社のパソコン");
  await expect(settings.passkey("会社のパソコン")).toBeVisible();
  await pc.transfer.open();
  await pc.transfer.ask(payee, "1250000");
  await pc.proof.byPasskey();
  await pc.transfer.expectApproved(payee, amount);
});

test("another payee than the phone has shown is refused, and asked for anew, in its own words", async ({ qa, pc, phone }) => {
  await phone.hold("haruki");
  await pc.logIn(qa, "haruki");
  await swapPayee(pc.page, "ニセモノショウジ", { from: 2 });
  await pc.transfer.open();
  await pc.transfer.ask(payee, "1250000");
  expect((await phone.approve(pc)).facts).toEqual(facts);
  await pc.proof.expectRefusal("OTP-415");
  expect(await qa.events("approval.accepted", "haruki")).toBe(0);
  expect((await qa.failures("haruki")).oneTimePassword).toBe(0);
  const { facts: anew } = await phone.readFrom(pc);
  expect(anew[0]).toEqual(["受取人", "ニセモノショウジ"]);
});

test("a PC that shows one payee and asks for another cannot keep it from the phone", async ({ qa, pc, phone }) => {
  await phone.hold("haruki");
  await pc.logIn(qa, "haruki");
  await swapPayee(pc.page, "ニセモノショウジ");
  await pc.transfer.open();
  await pc.transfer.ask(payee, "1250000");
  await expect(pc.transfer.field("受取人")).toHaveValue(payee);
  expect((await phone.readFrom(pc)).facts[0]).toEqual(["受取人", "ニセモノショウジ"]);
});

test("a number for another statement is a wrong one, and counts; five suspend", async ({ qa, pc, phone }) => {
  await phone.hold("haruki");
  await pc.logIn(qa, "haruki");
  await pc.transfer.open();
  await pc.transfer.ask(payee, "1");
  const { number } = await phone.readFrom(pc);
  await pc.proof.takeBack();
  await pc.transfer.ask(payee, "1250000");
  await expect(pc.proof.statement.getByRole("definition")).toHaveText([payee, amount]);
  for (let failures = 1; failures < 5; failures += 1) {
    await pc.proof.presentCode(number);
    await pc.proof.expectRefusal("OTP-416");
    await expect.poll(async () => (await qa.failures("haruki")).oneTimePassword).toBe(failures);
  }
  await pc.proof.presentCode(number);
  await expect.poll(async () => (await qa.failures("haruki")).suspensions).toBe(1);
  expect(await qa.events("approval.accepted", "haruki")).toBe(0);
});

test("the ordinary one-time password approves nothing, a number of two minutes ago neither, and each only once", async ({ qa, pc, phone }) => {
  await phone.hold("haruki");
  await pc.logIn(qa, "haruki");
  await pc.transfer.open();
  await pc.transfer.ask(payee, "1250000");
  await pc.proof.presentCode(await phone.oneTimePassword("haruki"));
  await pc.proof.expectRefusal("OTP-416");
  const { number } = await phone.readFrom(pc);
  await qa.advance(2 * minutes);
  await pc.proof.presentCode(number);
  await expect.poll(async () => (await qa.failures("haruki")).oneTimePassword).toBe(2);
  await expect.poll(async () => (await phone.oneTimePassword("haruki")) === (await qa.shownPassword("haruki")).oneTimePassword).toBe(true); // it follows the clock each second
  const { number: present } = await phone.readFrom(pc);
  await pc.proof.presentCode(present);
  await pc.transfer.expectApproved(payee, amount);
  expect((await qa.failures("haruki")).oneTimePassword).toBe(0);
  await pc.transfer.button("別の振込を入力する").click();
  await pc.transfer.ask(payee, "1250000");
  await pc.proof.presentCode(present);
  await pc.proof.expectRefusal("OTP-416");
});

test("a transfer's fields: what is missing, malformed or could mislead is said, and nothing is asked for", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await pc.transfer.open();
  await pc.transfer.ask("", "");
  await pc.transfer.expectFieldError("受取人", /受取人を入力/);
  for (const name of ["カ）ミホン\u202e円1", "カ）ミホン　　　　　　　金額 1円", "a".repeat(49), "カ）ミホン\u200b"]) {
    await pc.transfer.ask(name, "1");
    await pc.transfer.expectFieldError("受取人", /48文字以内/);
  }
  for (const wrong of ["0", "-1", "1.5", "１２３４５６７８９０１", "百", "1e3"]) {
    await pc.transfer.ask(payee, wrong);
    await pc.transfer.expectFieldError("金額", /数字で入力/);
  }
});
