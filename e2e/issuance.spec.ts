import { expect, test } from "./fixtures";
import type { Pc } from "./pages/pc";
import type { Phone } from "./pages/phone";
import { activationPassword, minutes, type Qa } from "./qa";
import { origins } from "./stack";

const mailAddress = "ichiro.phone@example.jp";

async function issue(pc: Pc, address = mailAddress) {
  await pc.caller.password("ichiro");
  const { body } = await pc.caller.post("/token/issuance/issue", {
    mailAddress: address, mailAddressAgain: address, activationPassword, activationPasswordAgain: activationPassword,
  });
  expect(body).toMatchObject({ ok: true, go: "/token/confirmation" });
  await pc.confirmation.open();
  return pc.confirmation.ids();
}

const expectRefused = (phone: Phone, code = "OTP-301") => expect(phone.page.getByRole("alert").filter({ hasText: code })).toBeVisible();

const link = async (qa: Qa, count = 1) => {
  const found = await qa.link(mailAddress, count);
  return { link: found, code: found.split("#")[1]! };
};

test("a resend, a minute later at the earliest, brings a new link and kills the older one", async ({ qa, pc, phone, otherPhone }) => {
  const ids = await issue(pc);
  const older = await qa.link(mailAddress);
  await expect(pc.confirmation.button("メールを再送する")).toHaveAttribute("aria-disabled", "true");
  expect((await pc.caller.post("/token/confirmation/resend")).body.refusal?.code).toBe("OTP-210");
  await qa.advance(1 * minutes);
  await expect(pc.confirmation.button("メールを再送する")).not.toHaveAttribute("aria-disabled", "true");
  await pc.confirmation.button("メールを再送する").click();
  await expect(pc.page.getByText("前のメールのURLは使えません。")).toBeVisible();
  await expect(pc.page.getByText("再送できる回数は残り4回です。")).toBeVisible();
  const newer = await qa.link(mailAddress, 2);
  expect(newer).not.toBe(older);
  expect(await pc.confirmation.ids()).toEqual(ids);

  await otherPhone.follow(older);
  await otherPhone.setUp({ ...ids, activationPassword });
  await expectRefused(otherPhone);
  await phone.follow(newer);
  await phone.setUp({ ...ids, activationPassword });
  await pc.confirmation.confirm(await phone.oneTimePassword("ichiro"));
  await pc.top.shown();
});

test("five resends, then a new issuance is the way", async ({ qa, pc }) => {
  await issue(pc);
  for (let time = 1; time <= 5; time++) {
    await qa.advance(1 * minutes);
    expect((await pc.caller.post("/token/confirmation/resend")).body).toMatchObject({ ok: true });
  }
  await qa.advance(1 * minutes);
  expect((await pc.caller.post("/token/confirmation/resend")).body.refusal?.code).toBe("OTP-211");
  await pc.page.reload();
  await expect(pc.confirmation.button("メールを再送する")).toHaveAttribute("aria-disabled", "true");
  await expect(pc.page.getByText("再送できる回数は残り0回です。")).toBeVisible();
});

test("after the phone is set up nothing is sent again", async ({ qa, pc, phone }) => {
  const ids = await issue(pc);
  await phone.follow(await qa.link(mailAddress));
  await phone.setUp({ ...ids, activationPassword });
  await phone.oneTimePassword("ichiro");
  await qa.advance(1 * minutes);
  expect((await pc.caller.post("/token/confirmation/resend")).body.refusal?.code).toBe("OTP-212");
});

test("a changed address is a new issuance: link, IDs and password of the earlier one are dead", async ({ qa, pc, phone, otherPhone }) => {
  const earlier = await issue(pc, "wrong.address@example.jp");
  const earlierLink = await qa.link("wrong.address@example.jp");
  await pc.confirmation.button("メールアドレスを変更する").click();
  await pc.issuance.shown();
  await expect(pc.page.getByText("発行済みのトークンがあります。")).toBeVisible();
  await pc.issuance.issue({ mailAddress, activationPassword: "765432" });
  await pc.confirmation.shown();
  const ids = await pc.confirmation.ids();
  expect(ids.userId).not.toBe(earlier.userId);

  await otherPhone.follow(earlierLink);
  await otherPhone.setUp({ ...earlier, activationPassword });
  await expectRefused(otherPhone);
  await phone.follow(await qa.link(mailAddress));
  await phone.setUp({ ...ids, activationPassword: "765432" });
  await pc.confirmation.confirm(await phone.oneTimePassword("ichiro"));
  await pc.top.shown();
});

test("set-up needs all three channels, and says the same whichever is wrong; the fifth wrong one ends the issuance", async ({ qa, pc, phone }) => {
  const ids = await issue(pc);
  const { link: mailed, code } = await link(qa);
  const wrong = [
    { ...ids, activationPassword: "11111111" },
    { ...ids, userId: "000000000000", activationPassword },
    { ...ids, serviceId: "99999999", activationPassword },
  ];
  const words: (string | null)[] = [];
  for (const one of wrong) {
    await phone.follow(mailed);
    await phone.setUp(one);
    await expectRefused(phone);
    words.push(await phone.page.getByRole("alert").filter({ hasText: "OTP-301" }).textContent());
  }
  expect(new Set(words).size).toBe(1);
  const replaced = code.startsWith("0") ? "1" : "0";
  await phone.open(`#${replaced}${code.slice(1)}`);
  await phone.setUp({ ...ids, activationPassword });
  await expectRefused(phone);
  await phone.follow(mailed);
  await phone.setUp({ ...ids, activationPassword: "22222222" });
  await expectRefused(phone);

  await expect(pc.page).toHaveURL(/\/token\/issuance$/);
  await phone.setUp({ ...ids, activationPassword });
  await expectRefused(phone);
  await pc.issuance.shown();
  await pc.issuance.issue({ mailAddress, activationPassword });
  await pc.confirmation.shown();
  expect((await pc.confirmation.ids()).userId).not.toBe(ids.userId);
});

test("a second device is refused; the same phone, asking again with the same key, is answered the same", async ({ qa, pc, phone, otherPhone }) => {
  const ids = await issue(pc);
  const mailed = await qa.link(mailAddress);
  await phone.follow(mailed);
  const sent = phone.page.waitForRequest("**/authenticator/set-up");
  await phone.setUp({ ...ids, activationPassword });
  const first = await (await (await sent).response())!.json() as { token: object };
  await phone.oneTimePassword("ichiro");

  const again = await phone.page.request.post("/authenticator/set-up", {
    data: (await sent).postData()!, headers: { origin: origins()[0], accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
  });
  expect(await again.json()).toEqual(first);

  await otherPhone.follow(mailed);
  await otherPhone.setUp({ ...ids, activationPassword });
  await expectRefused(otherPhone);
  await pc.confirmation.confirm(await phone.oneTimePassword("ichiro"));
  await pc.top.shown();
  await otherPhone.setUp({ ...ids, activationPassword });
  await expectRefused(otherPhone);
});

test("two phones at the same moment: one is set up", async ({ qa, pc, phone, otherPhone }) => {
  const ids = await issue(pc);
  const mailed = await qa.link(mailAddress);
  for (const one of [phone, otherPhone]) await one.follow(mailed);
  await Promise.all([phone, otherPhone].map((one) => one.setUp({ ...ids, activationPassword })));
  const outcome = (one: Phone) => one.token("ichiro").or(one.page.getByRole("alert").filter({ hasText: "OTP-301" }));
  for (const one of [phone, otherPhone]) await expect(outcome(one)).toBeVisible();
  expect((await Promise.all([phone, otherPhone].map((one) => one.token("ichiro").count()))).sort()).toEqual([0, 1]);
});

test("a link fetched twenty times by scanners and previews is spent by none", async ({ qa, pc, phone, caller }) => {
  const ids = await issue(pc);
  const { link: mailed, code } = await link(qa);
  const url = new URL(mailed);
  for (let time = 0; time < 20; time++) {
    const method = ["GET", "HEAD", "OPTIONS"][time % 3]!;
    const response = await caller.request.fetch(url.pathname, { method, headers: { "user-agent": "LinkScanner/1.0" } });
    expect(response.status()).toBeLessThan(500);
    expect(await response.text()).not.toContain(code);
  }
  // Those that run scripts open it whole.
  for (let time = 0; time < 3; time++) {
    const visitor = await pc.page.context().browser()!.newContext();
    await (await visitor.newPage()).goto(mailed, { waitUntil: "load" });
    await visitor.close();
  }
  const [{ failures, setUp }] = await qa.sql<[{ failures: number; setUp: Date | null }]>`select set_up_failures as failures, set_up_at as "setUp" from tokens where user_number = ${ids.userId}`;
  expect({ failures, setUp }).toEqual({ failures: 0, setUp: null });
  await phone.follow(mailed);
  await phone.setUp({ ...ids, activationPassword });
  await phone.oneTimePassword("ichiro");
});

test("the link's code reaches no server", async ({ qa, pc, phone }) => {
  const ids = await issue(pc);
  const { link: mailed, code } = await link(qa);
  const seen: string[] = [];
  phone.page.on("request", (request) => {
    if (!request.url().endsWith("/authenticator/set-up")) seen.push(request.url().split("#")[0]!, JSON.stringify(request.headers()), request.postData() ?? "");
  });
  await phone.follow(mailed);
  await phone.setUp({ ...ids, activationPassword });
  await phone.oneTimePassword("ichiro");
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.join("\n")).not.toContain(code);
});

test("without a 発行許可 the screen says who can open it, and a post is refused as well", async ({ qa, pc }) => {
  await qa.sql`update issuance_permissions set closed_at = app_now() where user_id = (select id from users where login_id = 'ichiro')`;
  await pc.login.open();
  await pc.login.present("ichiro");
  await pc.issuance.expectRefusal("OTP-201");
  const form = { mailAddress, mailAddressAgain: mailAddress, activationPassword, activationPasswordAgain: activationPassword };
  expect((await pc.caller.post("/token/issuance/issue", form)).body.refusal?.code).toBe("OTP-201");
  await qa.scenario("all-managers-suspended");
  await qa.sql`update issuance_permissions set closed_at = app_now() where user_id = (select id from users where login_id = 'ichiro')`;
  await pc.login.open();
  await pc.login.present("ichiro");
  await pc.issuance.expectRefusal("OTP-202");
});

test("who has a token in use cannot be issued another from a half-login", async ({ pc }) => {
  await pc.caller.password("haruki");
  const form = { mailAddress, mailAddressAgain: mailAddress, activationPassword, activationPasswordAgain: activationPassword };
  expect((await pc.caller.post("/token/issuance/issue", form)).body.refusal).toBeDefined();
  await pc.page.goto("/token/issuance");
  await expect(pc.page).toHaveURL(/\/login/);
});
