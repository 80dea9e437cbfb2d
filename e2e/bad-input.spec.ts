import { expect, test } from "./fixtures";
import { Pc } from "./pages/pc";
import { activationPassword, minutes } from "./qa";
import { origins } from "./stack";

const good = { mailAddress: "a@example.jp", mailAddressAgain: "a@example.jp", activationPassword, activationPasswordAgain: activationPassword };
const issuePath = "/token/issuance/issue";

test("mail addresses that are none, or more than one, are errors of the field, and no mail is written", async ({ qa, caller }) => {
  await caller.password("ichiro");
  const bad = [
    "", " ", "a", "a@", "@example.jp", "a@example.jp,b@example.jp", "a@example.jp;b@example.jp", "a@example.jp b@example.jp",
    "a@example.jp\r\nBcc: b@example.jp", "a@example.jp\nb@example.jp", "<a@example.jp>", "A <a@example.jp>", "\"a b\"@example.jp",
    `${"a".repeat(300)}@example.jp`, `a@${"b".repeat(300)}.jp`, "a@exаmple.jp", "a@@example.jp", "a@example.jp\u202e",
  ];
  for (const mailAddress of bad) {
    const { status, body } = await caller.post(issuePath, { ...good, mailAddress, mailAddressAgain: mailAddress });
    expect({ mailAddress: mailAddress.slice(0, 40), status, fields: Object.keys(body.fields ?? {}) }).toMatchObject({ mailAddress: mailAddress.slice(0, 40), status: 422, fields: expect.arrayContaining(["mailAddress"]) });
  }
  const [{ mails }] = await qa.sql<[{ mails: number }]>`select count(*)::int as mails from mail_intents where kind = 'issuance_link' and user_id = (select id from users where login_id = 'ichiro')`;
  expect(mails).toBe(0);
});

test("a full-width ＠ is what the person means", async ({ qa, caller }) => {
  await caller.password("ichiro");
  expect((await caller.post(issuePath, { ...good, mailAddress: "ichiro.phone＠example.jp", mailAddressAgain: "ichiro.phone@example.jp" })).body).toMatchObject({ ok: true });
  await qa.link("ichiro.phone@example.jp");
});

test("activation passwords that differ, are too short, too long or have letters; missing and doubled fields", async ({ caller }) => {
  await caller.password("ichiro");
  for (const [changes, field] of [
    [{ activationPasswordAgain: "20261123" }, "activationPasswordAgain"],
    [{ activationPassword: "12345", activationPasswordAgain: "12345" }, "activationPassword"],
    [{ activationPassword: "123456789", activationPasswordAgain: "123456789" }, "activationPassword"],
    [{ activationPassword: "12345a", activationPasswordAgain: "12345a" }, "activationPassword"],
    [{ activationPassword: "1".repeat(10_000), activationPasswordAgain: "1".repeat(10_000).slice(1) }, "activationPassword"],
    [{ mailAddressAgain: "b@example.jp" }, "mailAddressAgain"],
  ] as const) {
    const { status, body } = await caller.post(issuePath, { ...good, ...changes });
    expect([field, status, Object.keys(body.fields ?? {}).includes(field)]).toEqual([field, status === 413 ? 413 : 422, status !== 413]);
  }
  for (const missing of Object.keys(good)) {
    const rest = Object.fromEntries(Object.entries(good).filter(([name]) => name !== missing));
    expect([missing, (await caller.post(issuePath, rest)).status]).toEqual([missing, 422]);
    const doubled = `${new URLSearchParams(good)}&${missing}=${encodeURIComponent(good[missing as keyof typeof good])}`;
    expect([missing, (await caller.post(issuePath, doubled)).status]).toEqual([missing, 422]);
  }
  expect((await caller.post(issuePath, { ...good, userId: "1", corporationId: "1", renewal: "true" })).body).toMatchObject({ ok: true });
});

test("on the screen: what was typed stays, passwords excepted, and the summary leads to the field", async ({ pc }) => {
  await pc.caller.password("ichiro");
  await pc.issuance.open();
  await pc.issuance.issue({ mailAddress: "a@example.jp", mailAddressAgain: "b@example.jp", activationPassword: "123456", activationPasswordAgain: "123457" });
  await pc.issuance.expectFieldError("携帯電話メールアドレス（確認用）", /一致しません/);
  await expect(pc.issuance.field("携帯電話メールアドレス")).toHaveValue("a@example.jp");
  await expect(pc.issuance.field("利用開始パスワード")).toHaveValue("");
  await pc.page.getByRole("link", { name: "利用開始パスワードが、確認用と一致しません。" }).click();
  await expect(pc.issuance.field("利用開始パスワード（確認用）")).toBeFocused();
});

test("login IDs and passwords of any shape are refused in words, never with an error of ours", async ({ qa, caller }) => {
  const shapes: [Record<string, string> | string, number][] = [
    [{}, 422], [{ loginId: "haruki" }, 422], [{ password: "x" }, 422], [{ loginId: "", password: "" }, 422],
    [{ loginId: "' or 1=1 --", password: "x" }, 401], [{ loginId: "haruki\u0000", password: "x" }, 415], [{ loginId: "𠮷".repeat(50), password: "𠮷" }, 401],
    [{ loginId: "a".repeat(201), password: "x" }, 422], [{ loginId: "haruki", password: "x".repeat(10_000) }, 422], [{ loginId: "\ud800", password: "x" }, 401],
    ["loginId=haruki&loginId=sakuro&password=Ichido-demo-2026", 422], ["loginId[]=haruki&password=Ichido-demo-2026", 422],
  ];
  for (const [shape, status] of shapes) {
    const answer = await caller.post("/login/present", shape);
    expect([JSON.stringify(shape).slice(0, 60), answer.status]).toEqual([JSON.stringify(shape).slice(0, 60), status]);
  }
  expect((await caller.password("ＨＡＲＵＫＩ ")).body).toMatchObject({ ok: true });
  expect(await qa.failures("haruki")).toMatchObject({ password: 0 });
});

test("names with <script>, 𠮷, a direction mark and great length are text, on screens and in mails", async ({ qa, pc, phone }) => {
  const name = "𠮷野<script>document.title='owned'</script>‮家\"&'";
  const company = `株式会社<img src=x onerror="document.title='owned'">${"長".repeat(60)}`;
  await qa.sql`update users set name = ${name} where login_id = 'tarou'`;
  await qa.sql`update corporations set name = ${company} where contract_number = '1000001'`;
  await pc.caller.password("tarou");
  await pc.confirmation.open();
  await phone.follow(await qa.link("tarou@example.jp"));
  await phone.setUp({ ...(await pc.confirmation.ids()), activationPassword });
  await expect(phone.token("tarou")).toContainText(company);
  await pc.confirmation.confirm(await phone.oneTimePassword("tarou"));
  await pc.top.shown();
  await expect(pc.page.getByText(name, { exact: true })).toBeVisible();
  await expect(pc.page.getByText(company, { exact: true })).toBeVisible();
  await expect(pc.page).toHaveTitle(/トップページ/);
  expect(await pc.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  const mail = await qa.mail("sakuro@example.jp", "トークン発行のお知らせ");
  expect(mail.html).not.toContain("<script>");
  expect(mail.text).toContain("𠮷野");
  expect(mail.text).not.toContain("‮");
});

test.describe("a double click does once what a click does", () => {
  test("at login and at the one-time password", async ({ qa, pc }) => {
    await pc.login.open();
    await pc.login.field("ログインID").fill("haruki");
    await pc.login.field("ログインパスワード").fill("Ichido-demo-2026");
    await pc.login.button("ログイン").dblclick();
    await pc.oneTimePassword.shown();
    await pc.oneTimePassword.field("ワンタイムパスワード").fill(await qa.oneTimePassword("haruki"));
    await pc.oneTimePassword.button("認証確認").dblclick();
    await pc.top.shown();
    expect(await qa.events("login_password.accepted", "haruki")).toBe(1);
    expect(await qa.events("one_time_password.accepted", "haruki")).toBe(1);
    expect(await qa.events("one_time_password.replayed", "haruki")).toBe(0);
    await pc.top.button("ログアウト").dblclick();
    await pc.login.shown();
  });

  test("a wrong one-time password counts once", async ({ qa, pc }) => {
    await pc.caller.password("haruki");
    await pc.oneTimePassword.open();
    await pc.oneTimePassword.field("ワンタイムパスワード").fill(await qa.wrongPassword("haruki"));
    await pc.oneTimePassword.button("認証確認").dblclick();
    await pc.page.getByText("OTP-109").waitFor();
    expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 1 });
  });

  test("at issuance, resend, set-up and confirmation", async ({ qa, pc, phone }) => {
    await pc.caller.password("ichiro");
    await pc.issuance.open();
    for (const label of ["携帯電話メールアドレス", "携帯電話メールアドレス（確認用）"]) await pc.issuance.field(label).fill("i@example.jp");
    for (const label of ["利用開始パスワード", "利用開始パスワード（確認用）"]) await pc.issuance.field(label).fill(activationPassword);
    await pc.issuance.button("トークン発行").dblclick();
    await pc.confirmation.shown();
    expect(await qa.events("token.issued", "ichiro")).toBe(1);

    await qa.advance(1 * minutes);
    await expect(pc.confirmation.button("メールを再送する")).not.toHaveAttribute("aria-disabled", "true");
    await pc.confirmation.button("メールを再送する").dblclick();
    await expect(pc.page.getByText("再送できる回数は残り4回です。")).toBeVisible();
    expect(await qa.events("token.link_resent", "ichiro")).toBe(1);

    await phone.follow(await qa.link("i@example.jp", 2));
    const ids = await pc.confirmation.ids();
    for (const [label, text] of [["サービスID", ids.serviceId], ["ユーザID", ids.userId], ["利用開始パスワード", activationPassword]] as const) await phone.field(label).fill(text);
    await phone.page.getByRole("button", { name: "初期設定", exact: true }).dblclick();
    await pc.confirmation.field("ワンタイムパスワード").fill(await phone.oneTimePassword("ichiro"));
    await pc.confirmation.button("認証確認").dblclick();
    await pc.top.shown();
    expect(await qa.events("token.confirmed", "ichiro")).toBe(1);
    expect(await qa.failures("ichiro")).toMatchObject({ oneTimePassword: 0, sessions: 1 });
  });
});

test.describe("without script", () => {
  test("a whole login by plain forms, with plain pages for what is refused, and out again", async ({ qa, browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const pc = new Pc(await context.newPage(), origins()[0]);
    await pc.page.goto("/login");
    await pc.login.present("haruki", "wrong");
    await expect(pc.page.getByText("OTP-101")).toBeVisible();
    await pc.page.getByRole("link", { name: "前の画面に戻る" }).click();
    await pc.login.present("haruki");
    await expect(pc.page).toHaveURL(/\/login\/one-time-password$/);
    await pc.oneTimePassword.present("12345");
    await expect(pc.page.getByText("6桁の数字")).toBeVisible();
    await pc.page.getByRole("link", { name: "前の画面に戻る" }).click();
    await pc.oneTimePassword.present(await qa.wrongPassword("haruki"));
    await expect(pc.page.getByText("OTP-109")).toBeVisible();
    await pc.page.getByRole("link", { name: "前の画面に戻る" }).click();
    await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
    await expect(pc.page.getByRole("heading", { level: 1, name: "トップページ" })).toBeVisible();
    await pc.page.getByRole("button", { name: "ログアウト" }).click();
    await expect(pc.page).toHaveURL(/\/login\?ended=logout$/);
    await context.close();
  });

  test("issuance and confirmation by plain forms", async ({ qa, browser, phone }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const pc = new Pc(await context.newPage(), origins()[0]);
    await pc.page.goto("/login");
    await pc.login.present("ichiro");
    await expect(pc.page).toHaveURL(/\/token\/issuance$/);
    await pc.issuance.issue({ mailAddress: "i@example.jp", activationPassword });
    await expect(pc.page).toHaveURL(/\/token\/confirmation$/);
    // What the screen shows by script, the person reads elsewhere or later; the form itself works.
    const [{ userId }] = await qa.sql<[{ userId: string }]>`select user_number as "userId" from tokens where user_id = (select id from users where login_id = 'ichiro') and ended_at is null`;
    await phone.follow(await qa.link("i@example.jp"));
    await phone.setUp({ serviceId: "10010001", userId, activationPassword });
    await pc.confirmation.confirm(await phone.oneTimePassword("ichiro"));
    await expect(pc.page).toHaveURL(/\/$/);
    await context.close();
  });
});
