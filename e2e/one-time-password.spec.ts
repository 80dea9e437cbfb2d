import { expect, test } from "./fixtures";
import { Pc } from "./pages/pc";
import { minutes } from "./qa";
import { origins } from "./stack";

test.describe("what a person means by six digits", () => {
  const spellings: [string, (digits: string) => string][] = [
    ["full-width digits", (digits) => digits.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))],
    ["a space in the middle", (digits) => `${digits.slice(0, 3)} ${digits.slice(3)}`],
    ["full-width spaces around", (digits) => `　${digits}　`],
    ["hyphens", (digits) => `${digits.slice(0, 2)}-${digits.slice(2, 4)}－${digits.slice(4)}`],
  ];
  for (const [name, spell] of spellings) {
    test(`${name} are let in`, async ({ qa, caller }) => {
      await caller.password("haruki");
      expect((await caller.oneTimePassword(spell(await qa.oneTimePassword("haruki")))).body).toMatchObject({ ok: true, go: "/" });
    });
  }
});

test("what is no one-time password is an error of the field, and does not count", async ({ qa, caller }) => {
  await caller.password("haruki");
  const malformed = ["", "12345", "1234567", "abcdef", "12345a", "１２３４５", "0x1234", "1e5000", "-123456.", "１２３４５６７", "٣٤٥٦٧٨", "9".repeat(10_000)];
  for (const text of malformed) {
    const { status, body } = await caller.oneTimePassword(text);
    expect({ text: text.slice(0, 20), status, fields: Object.keys(body.fields ?? {}) }).toEqual({ text: text.slice(0, 20), status: 422, fields: ["oneTimePassword"] });
  }
  const right = await qa.oneTimePassword("haruki");
  const path = "/login/one-time-password/present";
  const shapes = ["", "other=1", `oneTimePassword=${right}&oneTimePassword=${right}`, `oneTimePassword[]=${right}`, `oneTimePassword[a]=${right}`, "%E0%A4%A=1"];
  for (const shape of shapes) {
    const { status, body } = await caller.post(path, shape);
    expect({ shape, status, fields: Object.keys(body.fields ?? {}) }).toEqual({ shape, status: 422, fields: ["oneTimePassword"] });
  }
  expect((await caller.post(path, `oneTimePassword=${"1".repeat(20_000)}`)).status).toBe(413);
  expect((await caller.post(path, `{"oneTimePassword":"${right}"}`, { "content-type": "application/json" })).status).toBe(415);
  expect((await caller.oneTimePassword(`${right}\u0000`)).status).toBe(415);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0, sessions: 0 });
  expect((await caller.oneTimePassword(right)).body).toMatchObject({ ok: true });
});

test("leading zeros survive", async ({ qa, caller }) => {
  let shown = await qa.oneTimePassword("haruki");
  for (let time = 0; time < 200 && !shown.startsWith("0"); time++) {
    await qa.advance(1 * minutes);
    shown = await qa.oneTimePassword("haruki");
  }
  await caller.password("haruki");
  expect((await caller.oneTimePassword(shown)).body).toMatchObject({ ok: true });
});

test("nobody asks for it by telephone, says the screen; a malformed one keeps the person there with an error summary; what is right then is let in", async ({ qa, pc }) => {
  await pc.caller.password("haruki");
  await pc.oneTimePassword.open();
  await expect(pc.page.getByText("ワンタイムパスワードを電話やメールでお聞きすることはありません。")).toBeVisible(); // REG-01
  await pc.oneTimePassword.present("12345");
  await pc.oneTimePassword.expectFieldError("ワンタイムパスワード", /^＊ワンタイムパスワードは6桁の数字で入力してください。$/);
  await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
  await pc.top.shown();
});

test("a replay in the next tab is refused in the same words, does not count, and mails its owner once", async ({ qa, pc, otherPc }) => {
  await pc.caller.password("haruki");
  const used = await qa.oneTimePassword("haruki");
  await pc.oneTimePassword.open();
  await pc.oneTimePassword.present(used);
  await pc.top.shown();

  const tab = await pc.newTab(origins()[0]);
  await tab.login.open();
  await tab.login.present("haruki");
  await tab.oneTimePassword.shown();
  await tab.oneTimePassword.present(used);
  const replayed = await (await tab.oneTimePassword.expectRefusal("OTP-109")).textContent();
  await otherPc.caller.password("haruki");
  expect((await otherPc.caller.oneTimePassword(`${used.slice(0, 3)}-${used.slice(3)}`)).body.refusal?.code).toBe("OTP-109");
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0, suspensions: 0, sessions: 1 });
  expect(await qa.events("one_time_password.replayed", "haruki")).toBe(2);
  await qa.mail("haruki@example.jp", "使用済みワンタイムパスワードの入力について");

  await otherPc.oneTimePassword.open();
  await otherPc.oneTimePassword.present(await qa.wrongPassword("haruki"));
  expect(await (await otherPc.oneTimePassword.expectRefusal("OTP-109")).textContent()).toBe(replayed);
});

test("every earlier time step is spent with an accepted one", async ({ qa, caller }) => {
  await caller.password("haruki");
  const earlier = await qa.oneTimePassword("haruki");
  const { secondsLeft } = await qa.shownPassword("haruki");
  await qa.advance(secondsLeft);
  expect((await caller.oneTimePassword(await qa.oneTimePassword("haruki"))).body).toMatchObject({ ok: true });
  await caller.password("haruki");
  expect((await caller.oneTimePassword(earlier)).body.refusal?.code).toBe("OTP-109");
  expect(await qa.events("one_time_password.replayed", "haruki")).toBe(1);
});

test("the one before the present one is let in, the one before that is not", async ({ qa, caller }) => {
  await caller.password("haruki");
  const old = await qa.oneTimePassword("haruki");
  await qa.advance((await qa.shownPassword("haruki")).secondsLeft);
  const before = await qa.oneTimePassword("haruki");
  await qa.advance((await qa.shownPassword("haruki")).secondsLeft);
  expect((await caller.oneTimePassword(old)).body.refusal?.code).toBe("OTP-109");
  expect((await caller.oneTimePassword(before)).body).toMatchObject({ ok: true });
});

test("a reload says how many attempts are left, also when they were made in another tab", async ({ qa, pc }) => {
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  const otherTab = new Pc(await pc.page.context().newPage(), new URL(pc.page.url()).origin);
  await otherTab.oneTimePassword.open();
  for (let time = 1; time <= 3; time++) {
    await otherTab.oneTimePassword.present(await qa.wrongPassword("haruki", time));
    await expect.poll(() => qa.failures("haruki").then(({ oneTimePassword }) => oneTimePassword)).toBe(time);
  }
  await pc.page.reload();
  await expect(pc.page.getByText("あと2回正しくない入力があると、利用停止になります。")).toBeVisible();
});

test("from two attempts left the screen says so; the fifth wrong one in a row suspends, ends the session, and mails the user and the managers", async ({ qa, pc, otherPc }) => {
  await otherPc.logIn(qa, "haruki");
  await otherPc.top.open();
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  for (let time = 1; time <= 4; time++) {
    await pc.oneTimePassword.present(await qa.wrongPassword("haruki", time));
    await expect.poll(() => qa.failures("haruki").then(({ oneTimePassword }) => oneTimePassword)).toBe(time);
    const banner = await pc.oneTimePassword.expectRefusal("OTP-109");
    await expect(pc.oneTimePassword.field("ワンタイムパスワード")).toHaveValue("");
    const left = pc.page.getByText(`あと${5 - time}回正しくない入力があると、利用停止になります。`);
    if (time >= 3) await expect(banner).toContainText(`あと${5 - time}回`);
    else await expect(left).toHaveCount(0);
  }
  await pc.page.reload();
  await expect(pc.page.getByText("あと1回正しくない入力があると、利用停止になります。")).toBeVisible();
  await pc.oneTimePassword.shown();
  await pc.oneTimePassword.present(await qa.wrongPassword("haruki", 5));
  await expect(await pc.oneTimePassword.expectRefusal("OTP-106")).toContainText("ご本人以外のマスターユーザまたは管理者ユーザ");

  await otherPc.page.reload();
  await expect(otherPc.page).toHaveURL(/\/login\?ended=suspended$/);
  await qa.mail("haruki@example.jp", "利用停止のお知らせ");
  await qa.mail("sakuro@example.jp", "利用停止のお知らせ");
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.login.expectRefusal("OTP-106");
});

test("the count survives a new login and an hour, and a success ends it", async ({ qa, caller }) => {
  await caller.password("haruki");
  for (let time = 1; time <= 4; time++) await caller.oneTimePassword(await qa.wrongPassword("haruki", time));
  await qa.advance(60 * minutes);
  expect((await caller.password("haruki")).body.attemptsLeft).toBe(1);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 4, suspensions: 0 });
  expect((await caller.oneTimePassword(await qa.oneTimePassword("haruki"))).body).toMatchObject({ ok: true });
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0 });
});

test("where no other manager is able, a suspended user is sent to the counter", async ({ qa, pc }) => {
  await qa.scenario("all-managers-suspended");
  await pc.login.open();
  await pc.login.present("sachiko");
  await expect(await pc.login.expectRefusal("OTP-107")).toContainText("お取引店舗の窓口");
});

test("失効 leaves 30 minutes without a login: refused at 29:59 with the time it ends, let in at 30:00", async ({ qa, pc, caller }) => {
  const { refusal } = (await caller.password("jiro")).body;
  expect(refusal).toMatchObject({ code: "OTP-203", what: "トークンの失効から30分間はログインできません。" });
  await pc.login.open();
  await pc.login.present("jiro");
  const banner = await pc.login.expectRefusal("OTP-203");
  await expect(banner).toContainText(/[0-9]{1,2}:[0-9]{2} 以降にもう一度ログインしてください。/);
  await expect(banner.getByRole("timer")).toHaveText(/あと (29|30) 分/);

  const ends = new Date(refusal!.until!);
  await qa.atExactly(new Date(ends.getTime() - 1_000), async () => {
    expect((await caller.password("jiro")).body.refusal).toMatchObject({ code: "OTP-203", until: refusal!.until });
  });
  await qa.atExactly(ends, async () => {
    expect((await caller.password("jiro")).body).toMatchObject({ ok: true, go: "/token/issuance" });
  });
});
