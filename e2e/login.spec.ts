import type { Page } from "@playwright/test";
import { Caller } from "./caller";
import { expect, test } from "./fixtures";
import type { Qa } from "./qa";
import { hours, minutes } from "./qa";
import { origins } from "./stack";

const userId = (loginId: string, qa: Qa) => qa.sql`(select id from users where login_id = ${loginId})`;
const stopUser = (qa: Qa, loginId: string, cause: "manager" | "counter") =>
  qa.sql`insert into stops (corporation_id, user_id, stopped_at, cause) select corporation_id, id, app_now(), ${cause} from users where login_id = ${loginId}`;
const suspendPassword = (qa: Qa, loginId: string) =>
  qa.sql`insert into login_password_suspensions (corporation_id, user_id, suspended_at) select corporation_id, id, app_now() from users where login_id = ${loginId}`;
const suspend = (qa: Qa, loginId: string) =>
  qa.sql`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id = ${loginId}`;

test.describe("after a right password, the first that applies decides (R2)", () => {
  test("停止中 before everything else, and who can release it", async ({ qa, pc }) => {
    await stopUser(qa, "haruki", "manager");
    await suspendPassword(qa, "haruki");
    await suspend(qa, "haruki");
    await pc.login.open();
    await pc.login.present("haruki");
    await pc.login.expectRefusal("OTP-102");
    await qa.sql`update stops set cause = 'counter'`;
    expect((await pc.caller.password("haruki")).body.refusal?.code).toBe("OTP-103");
  });

  test("利用停止 of the login password before that of the one-time password", async ({ qa, pc }) => {
    await suspendPassword(qa, "haruki");
    await suspend(qa, "haruki");
    await pc.login.open();
    await pc.login.present("haruki");
    await pc.login.expectRefusal("OTP-104");
  });

  test("利用停止 of the one-time password, also where the contract is 未申込", async ({ qa, pc }) => {
    await suspend(qa, "mihon");
    await pc.login.open();
    await pc.login.present("mihon");
    await pc.login.expectRefusal("OTP-107");
    await pc.login.present("sachiko");
    await pc.login.expectRefusal("OTP-106");
  });

  test("a contract 未申込: the password alone opens the session", async ({ pc }) => {
    await pc.login.open();
    await pc.login.present("mihon");
    await pc.top.shown();
    await expect(pc.page.getByText("見本工業株式会社")).toBeVisible();
    await expect(pc.page.getByText("マスターユーザ")).toBeVisible();
  });

  test("申込済 from 00:00 Japan time of its date, not before", async ({ qa, caller }) => {
    const japanToday = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" }).format(await qa.now());
    const midnight = new Date(`${japanToday}T00:00:00+09:00`).getTime() + 24 * hours * 1_000;
    await qa.sql`update corporations set service_applies_from = (app_now() at time zone 'Asia/Tokyo')::date + 1 where contract_number = '1000001'`;
    await qa.advanceTo(new Date(midnight - 20_000));
    expect((await caller.password("haruki")).body).toMatchObject({ ok: true, go: "/" });
    await qa.advanceTo(new Date(midnight));
    expect((await caller.password("haruki")).body).toMatchObject({ ok: true, go: "/login/one-time-password" });
  });

  test("失効中 says when it ends; 非登録 goes to the issuance, 発行済 to the confirmation, サービス利用中 to the one-time password", async ({ pc }) => {
    await pc.login.open();
    await pc.login.present("jiro");
    await pc.login.expectRefusal("OTP-203");
    await pc.login.present("ichiro");
    await pc.issuance.shown();
    await pc.login.open();
    await pc.login.present("tarou");
    await pc.confirmation.shown();
    await pc.login.open();
    await pc.login.present("haruki");
    await pc.oneTimePassword.shown();
  });

  test("期限切れ goes to the issuance while a 発行許可 is open; otherwise that screen says who can open it", async ({ qa, pc }) => {
    await qa.sql`update tokens set expires_at = app_now() where user_id = ${userId("sakuro", qa)}`;
    await pc.login.open();
    await pc.login.present("sakuro");
    await pc.issuance.shown();
    await expect(pc.issuance.button("トークン発行")).toBeVisible();
    await qa.sql`update issuance_permissions set closed_at = app_now() where user_id = ${userId("sakuro", qa)}`;
    await pc.page.reload();
    await pc.issuance.expectRefusal("OTP-201");
    await expect(pc.issuance.button("トークン発行")).toHaveCount(0);
  });

  test("a temporary password is changed after the last step, before the top page, and opens nothing else", async ({ qa, pc, caller }) => {
    await qa.sql`update users set login_password_temporary = true where login_id = 'haruki'`;
    await pc.login.open();
    await pc.login.present("haruki");
    await pc.oneTimePassword.shown();
    await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
    await pc.passwordChange.shown();
    expect((await pc.caller.get("/state")).body.refusal).toMatchObject({ code: "OTP-118", go: "/password/change" });
    expect((await pc.caller.get("/token/issuance/state")).status).toBe(401);

    await pc.passwordChange.change("Ichido-demo-2026", "short");
    await pc.passwordChange.expectFieldError("新しいパスワード", /8文字以上/);
    await pc.passwordChange.change("Ichido-demo-2026", "Kakunin-demo-2026");
    await pc.passwordChange.expectFieldError("新しいパスワード", /確認用パスワードと異なる/);
    await pc.passwordChange.change("Ichido-demo-2026", "midori no kisha 7", "midori no kisha 8");
    await pc.passwordChange.expectFieldError("新しいパスワード（確認用）", /一致しません/);
    await pc.passwordChange.change("not the present one", "midori no kisha 7");
    await pc.passwordChange.expectRefusal("OTP-119");
    await pc.passwordChange.change("Ichido-demo-2026", "midori no kisha 7");
    await pc.top.shown();
    expect((await caller.password("haruki")).body.refusal?.code).toBe("OTP-101");
    expect((await caller.password("haruki", "midori no kisha 7")).body).toMatchObject({ ok: true });
  });
});

test("wrong ID, wrong password and 利用一時停止 are one answer", async ({ pc, caller }) => {
  const headersOf = ({ headers }: { headers: Record<string, string> }) => Object.keys(headers).sort();
  const unknown = await caller.password("nobody-of-that-name", "whatever");
  const wrong = await caller.password("haruki", "whatever");
  expect(wrong.text).toBe(unknown.text);
  expect([wrong.status, headersOf(wrong)]).toEqual([unknown.status, headersOf(unknown)]);
  for (let time = 0; time < 4; time++) await caller.password("haruki", "whatever");
  const stopped = await caller.password("haruki");
  expect(stopped.text).toBe(unknown.text);
  expect([stopped.status, headersOf(stopped)]).toEqual([unknown.status, headersOf(unknown)]);
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.login.expectRefusal("OTP-101");
  await expect(pc.login.field("ログインID")).toHaveValue("haruki");
  await expect(pc.login.field("ログインパスワード")).toHaveValue("");
});

test("利用一時停止 lasts 30 minutes and ends by itself; its owner is mailed, and is not shut out of a known browser", async ({ qa, pc, caller }) => {
  await pc.logIn(qa, "haruki");
  for (let time = 0; time < 5; time++) await caller.password("haruki", "a stranger's guess");
  await qa.mail("haruki@example.jp", "ログインパスワードの利用一時停止のお知らせ");
  expect((await caller.password("haruki")).body.refusal?.code).toBe("OTP-101");
  expect((await pc.caller.password("haruki")).body).toMatchObject({ ok: true });

  const [{ until }] = await qa.sql<[{ until: Date }]>`select login_stopped_until as until from users where login_id = 'haruki'`;
  await qa.advanceTo(new Date(until.getTime() - 3_000));
  expect((await caller.password("haruki")).body.ok).toBe(false);
  await qa.advanceTo(until);
  expect((await caller.password("haruki")).body).toMatchObject({ ok: true });
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0, suspensions: 0 });
});

test("a known browser has a count of its own, and the account's stays", async ({ qa, pc, caller }) => {
  await pc.logIn(qa, "haruki");
  for (let time = 0; time < 5; time++) await pc.caller.password("haruki", "wrong");
  expect((await pc.caller.password("haruki")).body.refusal?.code).toBe("OTP-101");
  expect(await qa.failures("haruki")).toMatchObject({ password: 0 });
  expect((await caller.password("haruki")).body).toMatchObject({ ok: true });
});

test("a login from a new browser is mailed, one from a known browser is not", async ({ qa, pc, otherPc }) => {
  await pc.logIn(qa, "haruki");
  await qa.mail("haruki@example.jp", "新しい環境からのログインのお知らせ");
  await pc.logIn(qa, "haruki");
  await otherPc.logIn(qa, "haruki");
  await qa.mail("haruki@example.jp", "新しい環境からのログインのお知らせ", 2);
});

test("the top page shows company, name, user class, and the last three logins, newest first", async ({ qa, pc }) => {
  for (let time = 0; time < 4; time++) await pc.logIn(qa, "haruki");
  await pc.top.open();
  await expect(pc.page.getByText("データ商事株式会社")).toBeVisible();
  await expect(pc.page.getByText("データ花子")).toBeVisible();
  await expect(pc.page.getByText("管理者ユーザ", { exact: true })).toBeVisible();
  const rows = pc.page.getByRole("table", { name: "最近のログイン" }).getByRole("row");
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText(/Chrom/);
  const times = (await rows.getByRole("cell").filter({ hasText: /年/ }).allTextContents()).slice(0, 3);
  expect([...times].sort().reverse()).toEqual(times);
});

test("a second login ends the first, and the first browser is told why", async ({ qa, pc, otherPc }) => {
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await otherPc.logIn(qa, "haruki");
  await pc.page.reload();
  await expect(pc.page).toHaveURL(/\/login\?ended=replaced$/);
  await expect(pc.page.getByText("別の環境でログインされたため、ログアウトしました。")).toBeVisible();
  await otherPc.top.open();
});

test("two tabs are one session: logging out in one ends the other", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  const tab = await pc.newTab(origins()[0]);
  await tab.top.open();
  await tab.top.logOut();
  await tab.login.shown();
  await pc.page.reload();
  await expect(pc.page).toHaveURL(/\/login/);
  await pc.login.shown();
});

test("two tabs at once in the middle of a login: the newer half-login holds, the older tab goes on with it", async ({ qa, pc }) => {
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  const tab = await pc.newTab(origins()[0]);
  await tab.login.open();
  await tab.login.present("haruki");
  await tab.oneTimePassword.shown();
  await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
  await pc.top.shown();
  await tab.oneTimePassword.present(await qa.oneTimePassword("haruki"));
  await tab.oneTimePassword.expectRefusal("OTP-108");
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0, sessions: 1 });
});

test("after logging out the back button shows nothing, and the stolen cookie is worth nothing", async ({ qa, pc, caller }) => {
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await expect(pc.page.getByText("データ花子")).toBeVisible();
  const stolen = await Caller.sharing(pc.page.request, origins()[0]).cookies();
  await pc.top.logOut();
  await expect(pc.page.getByText("ログアウトしました。")).toBeVisible();
  await pc.page.goBack();
  await expect(pc.page).toHaveURL(/\/login/);
  await pc.login.shown();
  await expect(pc.page.getByText("データ花子")).toHaveCount(0);
  expect((await caller.get("/state", { cookie: stolen })).status).toBe(401);
});

test("13 idle minutes bring a dialog; going on prolongs, 15 minutes end the session", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await qa.advance(13 * minutes);
  const dialog = pc.page.getByRole("dialog", { name: "まもなく自動でログアウトします" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("timer")).toHaveText(/あと/);
  await pc.page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "利用を続ける", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await qa.advance(14 * minutes);
  await expect(dialog).toBeVisible();
  await qa.advance(1 * minutes);
  await expect(pc.page).toHaveURL(/\/login\?ended=idle$/);
  await expect(pc.page.getByText("一定時間操作がなかったため、ログアウトしました。")).toBeVisible();
});

test("12 hours end a session however much it is used", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await qa.sql`update sessions set opened_at = opened_at - interval '11 hours 59 minutes', expires_at = expires_at - interval '11 hours 59 minutes' where ended_at is null`;
  expect((await pc.caller.get("/state")).status).toBe(200);
  await pc.top.open();
  const dialog = pc.page.getByRole("dialog", { name: "まもなく自動でログアウトします" });
  await expect(dialog).toContainText("ログインの期限になるため、自動でログアウトします。");
  await expect(dialog.getByRole("button")).toHaveText(["閉じる"]); // nothing would put this end off
  await dialog.getByRole("button", { name: "閉じる", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await qa.advance(1 * minutes);
  await pc.page.reload();
  await expect(pc.page).toHaveURL(/\/login\?ended=absolute$/);
});

test("only known endings are said, whatever the address says", async ({ pc }) => {
  await pc.login.open("?ended=%3Cscript%3Ealert(1)%3C/script%3E");
  await expect(pc.page.getByText("alert(1)")).toHaveCount(0);
});

test("a session cookie with one byte flipped, anywhere, is a login page", async ({ qa, pc, caller }) => {
  await pc.logIn(qa, "haruki");
  const cookie = (await pc.page.context().cookies()).find(({ name }) => name.startsWith("__Host-ichido-session"))!;
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Strict", path: "/" });
  const { value } = cookie;
  const flip = (at: number) => value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1);
  // The last character of a part may hold bits that nothing reads.
  const places = [0, 10, 30, ...Array.from({ length: 8 }, (_, index) => 60 + Math.floor((index * (value.length - 90)) / 8))].filter((at) => value[at] !== "." && value[at + 1] !== ".");
  for (const at of places) {
    const { status, body } = await caller.get("/state", { cookie: `${cookie.name}=${flip(at)}` });
    expect({ at, status, code: body.refusal?.code }).toEqual({ at, status: 401, code: "OTP-111" });
  }
  expect((await caller.get("/state", { cookie: `${cookie.name}=` })).status).toBe(401);
  await pc.page.context().addCookies([{ ...cookie, value: flip(100) }]);
  await pc.page.goto("/");
  await expect(pc.page).toHaveURL(/\/login$/);
});

test("half a login opens nothing but its next step", async ({ qa, pc }) => {
  await pc.caller.password("haruki");
  const gets = ["/state", "/session", "/password/change/state", "/token/issuance/state", "/token/confirmation/state"];
  for (const path of gets) expect([path, (await pc.caller.get(path)).body.refusal !== undefined]).toEqual([path, true]);
  const posts: [string, Record<string, string>][] = [
    ["/session/extend", {}],
    ["/password/change/change", { currentPassword: "Ichido-demo-2026", newPassword: "midori no kisha 7", newPasswordAgain: "midori no kisha 7" }],
    ["/token/issuance/issue", { mailAddress: "a@example.jp", mailAddressAgain: "a@example.jp", activationPassword: "123456", activationPasswordAgain: "123456" }],
    ["/token/confirmation/resend", {}],
    ["/token/confirmation/confirm", { oneTimePassword: await qa.oneTimePassword("haruki") }],
  ];
  for (const [path, form] of posts) expect([path, (await pc.caller.post(path, form)).body.refusal !== undefined]).toEqual([path, true]);
  for (const path of ["/", "/management", "/password/change"]) {
    await pc.page.goto(path);
    await expect(pc.page).toHaveURL(/\/login/);
    await expect(pc.page.getByText("データ花子")).toHaveCount(0);
  }
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0, sessions: 0 });
  const [{ issued }] = await qa.sql<[{ issued: number }]>`select count(*)::int as issued from tokens where user_id = ${userId("haruki", qa)}`;
  expect(issued).toBe(1);
});

test("a stranger without any cookie is led to the login page from every screen", async ({ pc }) => {
  for (const path of ["/", "/management", "/password/change", "/token/issuance", "/token/confirmation"]) {
    await pc.page.goto(path);
    await expect(pc.page, path).toHaveURL(/\/login/);
  }
  await pc.page.goto("/login/one-time-password");
  await expect(pc.page).toHaveURL(/\/login\?ended=half_login$/);
});

test.describe("a look at the state that began before the login was complete finds the half-login over, and leads nowhere", () => {
  const state = "**/login/one-time-password/state";
  const present = "**/login/one-time-password/present";
  /** The page has read the state's answer, and what that sets off has begun. Said by the page: whose navigation is held cannot be asked. */
  async function looked(page: Page) {
    await page.addInitScript(() => {
      const read = Response.prototype.json;
      Response.prototype.json = async function () {
        const body = (await read.call(this)) as unknown;
        setTimeout(() => console.log(`read: ${this.status} ${new URL(this.url).pathname}`));
        return body;
      };
    });
    return page.waitForEvent("console", (message) => message.text() === "read: 401 /login/one-time-password/state");
  }

  test("the page has sent the one-time password", async ({ qa, pc }) => {
    const { page } = pc;
    const presented = page.waitForResponse(present);
    await page.route(state, async (route) => {
      await presented;
      await route.continue();
    });
    const read = looked(page);
    await page.route((url) => url.pathname === "/", async (route) => {
      await read;
      await route.continue();
    });
    await pc.login.open();
    await pc.login.present("haruki");
    await pc.oneTimePassword.shown();
    await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
    await pc.top.shown();
  });

  test("the browser has sent the form before the page's script was there", async ({ qa, pc }) => {
    const { page } = pc;
    await pc.caller.password("haruki");
    let send = () => {};
    const sent = new Promise<void>((resolve) => (send = resolve));
    const read = looked(page);
    await page.route("**/*.js", async (route) => {
      await sent;
      await route.continue();
    });
    await page.route(present, async (route) => {
      const response = await route.fetch({ maxRedirects: 0 });
      send();
      await read;
      await route.fulfill({ response });
    });
    await page.goto("/login/one-time-password", { waitUntil: "commit" });
    await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
    await pc.top.shown();
  });
});

test("the half-login's time is over while the one-time password is under way: its answer leads on", async ({ qa, pc }) => {
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  await pc.page.route("**/login/one-time-password/present", async (route) => {
    const response = await route.fetch();
    await qa.advance(10 * minutes);
    await expect(pc.page.getByText("あと 0 秒")).toBeVisible();
    await route.fulfill({ response });
  });
  await pc.oneTimePassword.present(await qa.oneTimePassword("haruki"));
  await pc.top.shown();
});

test("a half-login lives ten minutes", async ({ qa, pc, caller }) => {
  await caller.password("haruki");
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  await qa.advance(10 * minutes);
  await expect(pc.page).toHaveURL(/\/login\?ended=half_login$/);
  expect((await pc.caller.oneTimePassword(await qa.oneTimePassword("haruki"))).body.refusal?.code).toBe("OTP-108");
});

test("a post from another site, or from nowhere, is refused", async ({ qa, caller }) => {
  for (const origin of ["https://evil.example", "null", "", `${origins()[0]}.evil.example`]) {
    expect((await caller.post("/login/present", { loginId: "haruki", password: "Ichido-demo-2026" }, { origin })).body.refusal?.code).toBe("OTP-903");
  }
  expect(await qa.failures("haruki")).toMatchObject({ password: 0 });
});

test("管理 stands in the menu for managers only", async ({ qa, pc, otherPc }) => {
  await pc.logIn(qa, "haruki");
  await pc.management.open();
  await otherPc.caller.password("mihon");
  await qa.sql`update users set user_class = 'general' where login_id = 'mihon'`;
  await otherPc.top.open();
  await expect(otherPc.page.getByRole("link", { name: "管理", exact: true })).toHaveCount(0);
  await otherPc.page.goto("/management");
  await otherPc.top.shown();
});
