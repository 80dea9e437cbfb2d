import type { Qa } from "./qa";
import { Caller } from "./caller";
import { expect, test } from "./fixtures";
import type { Pc } from "./pages/pc";
import { activationPassword, confirmationPassword, minutes } from "./qa";
import { origins } from "./stack";

// The notice's two reference procedures, by its own path, and what a manager needs around them.

/** 管理 → ワンタイムパスワードの管理 → the screen of that name. */
async function goThroughTheMenu(pc: Pc, screen: string) {
  await pc.top.open();
  await pc.page.getByRole("link", { name: "管理", exact: true }).click();
  await pc.management.shown();
  await pc.page.getByRole("link", { name: "ワンタイムパスワードの管理", exact: true }).click();
  await pc.oneTimePasswordManagement.shown();
  await pc.page.getByRole("link", { name: screen, exact: true }).click();
}

/** Five wrong one-time passwords after a right login password. */
async function suspend(qa: Qa, loginId: string) {
  const caller = await Caller.at(origins()[0]);
  await caller.password(loginId);
  for (let time = 1; time <= 5; time++) await caller.oneTimePassword(await qa.wrongPassword(loginId, time));
  await caller.request.dispose();
}

const failuresOf = async (qa: Qa, loginId: string) =>
  (await qa.sql<{ failures: number }[]>`select confirmation_failures as failures from users where login_id = ${loginId}`)[0]!.failures;

test.describe("参考資料①：ワンタイムパスワードの利用停止解除", () => {
  test("haruki, an administrator, lifts sachiko's and the master sakuro's suspension, and both log in", async ({ qa, pc, otherPc }) => {
    await suspend(qa, "sakuro");
    await pc.logIn(qa, "haruki");
    await goThroughTheMenu(pc, "ワンタイムパスワードの利用停止解除");
    await pc.suspensions.shown();
    expect((await pc.suspensions.shownIds()).slice(0, 2)).toEqual(["sachiko", "sakuro"]); // 利用停止 first
    await expect(pc.suspensions.row("sachiko")).toContainText("利用停止");
    await expect(pc.suspensions.row("ichiro")).toContainText("利用可能");
    await pc.suspensions.tick("sachiko");
    await pc.suspensions.tick("sakuro");
    await expect(pc.page.getByText("2名を選択中")).toBeVisible();
    await expect(pc.page.getByRole("heading", { name: "データ三郎（sakuro）" })).toBeVisible();
    await expect(pc.page.getByText("正しくない入力 5回、使用済みのワンタイムパスワードの入力 0回。").first()).toBeVisible();
    await pc.suspensions.press();

    await pc.suspensionsResult.shown();
    await expect(pc.page.getByText("2名の停止を解除しました。")).toBeVisible();
    expect(await pc.suspensionsResult.cells("sachiko")).toEqual(["sachiko", "データ幸子", "一般ユーザ", "利用可能", "停止を解除しました。"]);
    expect(await pc.suspensionsResult.cells("sakuro")).toEqual(["sakuro", "データ三郎", "マスターユーザ", "利用可能", "停止を解除しました。"]);
    await qa.mail("sachiko@example.jp", "停止解除のお知らせ");
    await qa.mail("sakuro@example.jp", "停止解除のお知らせ", 2); // its own, and a master's

    for (const loginId of ["sachiko", "sakuro"]) {
      await otherPc.login.open();
      await otherPc.login.present(loginId);
      await otherPc.oneTimePassword.present(await qa.oneTimePassword(loginId));
      await otherPc.top.shown();
      await otherPc.top.logOut();
    }
  });

  test("a wrong 確認用パスワード keeps the ticks; five of them are 利用停止, and another manager lifts that", async ({ qa, pc, otherPc }) => {
    await pc.logIn(qa, "haruki");
    await pc.suspensions.open();
    await pc.suspensions.tick("sachiko");
    await pc.suspensions.press("Machigai-2026");
    await pc.suspensions.expectRefusal("OTP-401");
    await expect(pc.page.getByRole("checkbox", { name: "sachiko" })).toBeChecked();
    await expect(pc.suspensions.field("確認用パスワード")).toHaveValue("");
    for (let time = 2; time <= 4; time++) {
      await pc.suspensions.press("Machigai-2026");
      await expect.poll(() => failuresOf(qa, "haruki")).toBe(time);
    }
    await expect(pc.page.getByText("あと1回正しくない入力があると")).toBeVisible();
    await pc.suspensions.press("Machigai-2026");
    await pc.suspensions.expectRefusal("OTP-402");
    await pc.suspensions.press();
    await pc.suspensions.expectRefusal("OTP-402");

    await otherPc.logIn(qa, "sakuro");
    await otherPc.users.open();
    await otherPc.users.openUser("haruki");
    await otherPc.user.shown();
    expect((await otherPc.user.state("確認用パスワード状態"))[0]).toBe("利用停止");
    await otherPc.user.press("確認用パスワードの利用停止を解除");
    await expect(otherPc.page.getByText("確認用パスワードの利用停止を解除しました。")).toBeVisible();
    await pc.suspensions.press();
    await pc.suspensionsResult.shown();
  });

  test("a list that cannot be read anew says so above the rows it still shows", async ({ qa, pc }) => {
    await pc.logIn(qa, "haruki");
    await pc.suspensions.open();
    const state = /\/management\/suspensions\/state/;
    await pc.page.route(state, (route) => route.abort());
    await pc.suspensions.search("sachiko");
    const banner = await pc.suspensions.expectRefusal("OTP-906");
    await expect(banner).not.toContainText("入力した内容");
    await expect(pc.suspensions.row("haruki")).toBeVisible();
    await pc.page.unroute(state);
    await pc.suspensions.button("もう一度読み込む").click();
    await expect(pc.suspensions.row("haruki")).toHaveCount(0);
    await expect(pc.suspensions.row("sachiko")).toBeVisible();
    await expect(banner).toHaveCount(0);
  });

  test("whose session is over while choosing is told at the button; searching on leads to the login", async ({ qa, pc }) => {
    await pc.logIn(qa, "haruki");
    await pc.suspensions.open();
    await pc.suspensions.tick("sachiko");
    await expect(pc.page.getByText("正しくない入力 5回、使用済みのワンタイムパスワードの入力 0回。")).toBeVisible();
    await qa.sql`update sessions set ended_at = app_now(), ended_because = 'replaced' where ended_at is null`;
    await pc.suspensions.press();
    await pc.suspensions.expectRefusal("OTP-112");
    await pc.suspensions.search("sachiko");
    await expect(pc.page).toHaveURL(/\/login\?ended=replaced$/);
  });

  test("nothing chosen is said; a user who is not 利用停止 is a row that says so", async ({ qa, pc }) => {
    await pc.logIn(qa, "haruki");
    await pc.suspensions.open();
    await pc.suspensions.press();
    await expect(pc.page.getByRole("group", { name: /入力内容をご確認ください/ })).toContainText("対象の利用者を選択してください。");
    await pc.suspensions.tick("ichiro");
    await pc.suspensions.tick("sachiko");
    await pc.suspensions.press();
    await pc.suspensionsResult.shown();
    await expect(pc.page.getByText("2名のうち1名の停止を解除しました。")).toBeVisible();
    expect((await pc.suspensionsResult.cells("ichiro")).at(-1)).toContain("OTP-407");
  });
});

test.describe("参考資料②：トークンの失効操作", () => {
  test("sakuro revokes haruki's token; after 30 minutes haruki issues a new one on a new phone", async ({ qa, pc, otherPc, phone }) => {
    await otherPc.logIn(qa, "haruki");
    await otherPc.top.open();
    await pc.logIn(qa, "sakuro");
    await goThroughTheMenu(pc, "トークンの失効");
    await pc.tokens.shown();
    for (const [loginId, state] of [["haruki", "サービス利用中"], ["ichiro", "非登録"], ["jiro", "失効中"], ["sakuro", "サービス利用中"], ["tarou", "発行済"]] as const)
      await expect(pc.tokens.row(loginId)).toContainText(state);
    await expect(pc.tokens.row("jiro").getByRole("timer")).toHaveText(/あと 2[0-9] 分/);
    await pc.tokens.tick("haruki");
    await expect(pc.page.getByRole("checkbox", { name: "失効後7日間、再発行を許可する" })).toBeChecked();
    await pc.tokens.press();
    await pc.tokensResult.shown();
    const cells = await pc.tokensResult.cells("haruki");
    expect([cells[3], cells[5]]).toEqual(["失効中", "失効しました。"]);
    expect(cells[4]).toMatch(/^\d{4}年\d{1,2}月\d{1,2}日\(.\) \d{1,2}:\d\d$/);
    await qa.mail("haruki@example.jp", "トークン失効のお知らせ");

    await otherPc.page.reload(); // the session is over at the next request
    await otherPc.login.shown();
    await otherPc.login.present("haruki");
    await otherPc.login.expectRefusal("OTP-203");
    await qa.advance(30 * minutes);
    await otherPc.login.open();
    await otherPc.login.present("haruki");
    await otherPc.issuance.shown();
    await otherPc.issuance.issue({ mailAddress: "haruki-new@example.jp", activationPassword });
    await otherPc.confirmation.shown();
    const ids = await otherPc.confirmation.ids();
    await phone.follow(await qa.link("haruki-new@example.jp"));
    await phone.setUp({ ...ids, activationPassword });
    await otherPc.confirmation.confirm(await phone.oneTimePassword("haruki"));
    await otherPc.top.shown();
  });

  test("one's own: warned before, the result is shown, and any other page is the login", async ({ qa, pc }) => {
    await pc.logIn(qa, "haruki");
    await pc.tokens.open();
    await pc.tokens.tick("haruki");
    await expect(pc.page.getByText("ご自身のトークンが選択されています。")).toBeVisible();
    await expect(pc.page.getByText("いなくなります。")).toHaveCount(0);
    await pc.tokens.tick("sakuro");
    await expect(pc.page.getByText("停止解除や失効の操作ができる方が、貴社にいなくなります。")).toBeVisible();
    await pc.page.getByRole("checkbox", { name: "sakuro" }).uncheck();
    await pc.tokens.press();
    await pc.tokensResult.shown();
    await expect(pc.page.getByText("ご自身のトークンを失効させたため、ログアウトしました。")).toBeVisible();
    await pc.page.reload();
    await pc.tokensResult.shown();
    for (const path of ["/", "/management", "/management/tokens"]) {
      await pc.page.goto(path);
      await pc.login.shown();
    }
    await qa.advance(10 * minutes);
    await pc.page.goto("/management/tokens/result");
    await pc.login.shown(); // its time is over, too
  });
});

test.describe("利用者管理", () => {
  test("why can this person not log in? — and the button that mends it", async ({ qa, pc, caller }) => {
    await pc.logIn(qa, "haruki");
    await pc.users.open();
    await pc.users.openUser("sachiko");
    await pc.user.shown();
    await expect(pc.page.getByText("ワンタイムパスワードが利用停止のため、ログインできません。")).toBeVisible();
    const [state, since, , cause, release] = await pc.user.state("ワンタイムパスワード認証状態");
    expect([state, cause]).toEqual(["利用停止", "5回続けて正しくない入力"]);
    expect(since).toMatch(/^\d{4}年/);
    expect(release).toContain("データ花子");
    await expect(pc.page.getByText("192.0.2.44").first()).toBeVisible();
    await pc.user.press("停止解除");
    await pc.suspensionsResult.shown();
    expect((await caller.password("sachiko")).body.ok).toBe(true);
  });

  test("停止, 停止を解除, 発行許可, 仮パスワード, 変更 and 削除 of a general user", async ({ qa, pc, caller }) => {
    await pc.logIn(qa, "haruki");
    await pc.users.open();
    await pc.users.openUser("ichiro");
    await pc.user.shown();
    await pc.user.press("停止");
    await expect(pc.page.getByText("利用者を停止しました。")).toBeVisible();
    expect((await caller.password("ichiro")).body.refusal?.code).toBe("OTP-102");
    await pc.user.press("停止を解除");
    await expect(pc.page.getByText("利用者の停止を解除しました。")).toBeVisible();
    await pc.user.press("発行許可");
    await expect(pc.page.getByText("トークンの発行を許可しました。")).toBeVisible();
    await expect(async () => expect((await pc.user.state("発行許可"))[3]).toContain("データ花子")).toPass({ timeout: 5_000 }); // the page asks anew after the act
    await pc.user.press("仮パスワードを発行");
    const password = pc.page.locator("[data-temporary-password]");
    await expect(password).toHaveText(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
    await expect(password).toBeInViewport(); // the button was far below
    await expect(pc.page.locator(":focus").locator(password)).toHaveCount(1);
    expect((await caller.password("ichiro", (await password.textContent())!)).body).toMatchObject({ ok: true, go: "/token/issuance" });

    await pc.user.field("利用者名").fill("データ一郎太");
    await pc.user.press("変更");
    await expect(pc.page.getByText("登録内容を変更しました。")).toBeVisible();
    await expect(pc.user.field("利用者名")).toHaveValue("データ一郎太");
    await pc.user.press("削除");
    await expect(pc.page.getByText("利用者を削除しました。")).toBeVisible();
    await expect(pc.page.getByRole("link", { name: "ichiro", exact: true })).toHaveCount(0);
    expect((await caller.password("ichiro")).body.refusal?.code).toBe("OTP-101");
  });

  test("a master's page offers an administrator what may be done to a master, and no more", async ({ qa, pc }) => {
    await pc.logIn(qa, "haruki");
    await pc.users.open();
    await pc.users.openUser("sakuro");
    await pc.user.shown();
    await expect(pc.user.button("失効")).toBeVisible();
    for (const name of ["停止", "削除", "変更", "仮パスワードを発行"]) await expect(pc.user.button(name)).toHaveCount(0);
    await pc.users.open();
    await pc.users.openUser("haruki");
    await pc.user.shown();
    await expect(pc.user.button("失効")).toBeVisible();
    for (const name of ["停止", "削除", "変更", "停止解除", "発行許可", "仮パスワードを発行"]) await expect(pc.user.button(name)).toHaveCount(0);
  });

  test("an address of a user that is nobody's, or another company's, says so and shows nothing", async ({ qa, pc }) => {
    await pc.logIn(qa, "haruki");
    const [mihon] = await qa.sql<[{ id: string }]>`select id from users where login_id = 'mihon'`;
    for (const id of [mihon.id, "00000000-0000-4000-8000-000000000000"]) {
      await pc.page.goto(`/management/users/${id}`);
      await pc.user.expectRefusal("OTP-404");
    }
  });
});

test("the company at a glance: counts, and a plain warning when one suspension would leave nobody", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await pc.management.open();
  const count = (name: string) => pc.page.locator("dt", { hasText: new RegExp(`^${name}$`) }).locator("xpath=following-sibling::dd");
  for (const [name, users] of [["非登録", 1], ["発行済", 1], ["サービス利用中", 3], ["失効中", 1], ["利用停止", 1]] as const) await expect(count(name)).toHaveText(`${users}名`);
  await expect(pc.page.getByText("1名だけです。")).toHaveCount(0);
  await suspend(qa, "sakuro");
  await pc.page.reload();
  await expect(pc.page.getByText("停止解除や失効の操作ができる方は、データ花子（管理者ユーザ）の1名だけです。")).toBeVisible();
  await expect(count("利用停止")).toHaveText("2名");
});

test("10,000 users: pages, search and orders come from the server, and ticks stay across pages", async ({ qa, pc }) => {
  await qa.scenario("many-users");
  await pc.logIn(qa, "haruki");
  await pc.suspensions.open();
  await expect(pc.page.getByText("10,000名", { exact: true })).toBeVisible();
  expect((await pc.suspensions.shownIds()).length).toBe(50);
  expect((await pc.suspensions.shownIds())[0]).toBe("sachiko");
  await pc.suspensions.tick("sachiko");
  await pc.suspensions.button("次のページ").click();
  await expect(pc.page.getByText("2／200ページ")).toBeVisible();
  const [second] = await pc.suspensions.shownIds();
  await pc.suspensions.tick(second!);
  await pc.suspensions.search("ｕｓｅｒ０４２４２");
  await expect(pc.page.getByText("1名", { exact: true })).toBeVisible();
  await expect(pc.suspensions.row("user04242")).toBeVisible();
  await expect(pc.page.getByText("2名を選択中")).toBeVisible();
  await pc.suspensions.search("");
  await expect(pc.page.getByText("1／200ページ")).toBeVisible();
  await expect(pc.page.getByRole("checkbox", { name: "sachiko" })).toBeChecked();
  await pc.page.getByRole("columnheader", { name: "ログインID" }).getByRole("button").click();
  await expect(pc.page.getByRole("columnheader", { name: "ログインID" })).toHaveAttribute("aria-sort", "ascending");
  await pc.page.getByRole("columnheader", { name: "ログインID" }).getByRole("button").click();
  await expect(pc.suspensions.row("user09994")).toBeVisible();
  await pc.suspensions.press();
  await pc.suspensionsResult.shown();
  expect((await pc.suspensionsResult.cells("sachiko")).at(-1)).toBe("停止を解除しました。");
  expect((await pc.suspensionsResult.cells(second!)).at(-1)).toBe("停止を解除しました。");
});

// Two processes, real requests at once.

test("50 wrong 確認用パスワード at both processes at once count exactly five; the right one after them is refused", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  const cookie = await pc.caller.cookies();
  const [{ id }] = await qa.sql<[{ id: string }]>`select id from users where login_id = 'sachiko'`;
  const callers = await Promise.all(origins().map((origin) => Caller.at(origin)));
  const lift = (index: number, password: string) => callers[index % 2]!.post("/management/suspensions/lift", { users: id, confirmationPassword: password }, { cookie });
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => lift(index, "Machigai-2026")));
  expect(answers.filter(({ body }) => body.refusal?.code === "OTP-401").length).toBe(4);
  expect(await failuresOf(qa, "haruki")).toBe(5);
  expect((await lift(1, confirmationPassword)).body.refusal?.code).toBe("OTP-402");
  expect((await qa.failures("sachiko")).suspensions).toBe(1);
  await Promise.all(callers.map(({ request }) => request.dispose()));
});

test("50 lifts of one user at both processes at once: lifted once, mailed once, 49 times not suspended any more", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  const cookie = await pc.caller.cookies();
  const [{ id }] = await qa.sql<[{ id: string }]>`select id from users where login_id = 'sachiko'`;
  const callers = await Promise.all(origins().map((origin) => Caller.at(origin)));
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => callers[index % 2]!.post("/management/suspensions/lift", { users: id, confirmationPassword }, { cookie })));
  expect(answers.filter(({ body }) => body.ok).length).toBe(50);
  expect(await qa.events("suspension.lifted", "sachiko")).toBe(1);
  expect(await qa.events("suspension.lift_refused", "sachiko")).toBe(49);
  const [mails] = await qa.sql<[{ count: number }]>`select count(*)::int from mail_intents where kind = 'suspension_lifted' and recipient = 'sachiko@example.jp'`;
  expect(mails.count).toBe(1);
  await Promise.all(callers.map(({ request }) => request.dispose()));
});

test("two managers lift and revoke overlapping lists of 20 in opposite order at both processes: no deadlock, each user changed once", async ({ qa, pc, otherPc }) => {
  await qa.scenario("many-users");
  await pc.logIn(qa, "haruki");
  await otherPc.logIn(qa, "sakuro");
  const rows = await qa.sql<{ id: string }[]>`select user_id as id from suspensions where lifted_at is null order by user_id limit 30`;
  const ids = rows.map(({ id }) => id);
  const [here, there] = await Promise.all(origins().map((origin) => Caller.at(origin))) as [Caller, Caller];
  const [haruki, sakuro] = [await pc.caller.cookies(), await otherPc.caller.cookies()];
  const form = (list: string[]) => ({ users: list.join(","), confirmationPassword });
  const answers = await Promise.all([
    here.post("/management/suspensions/lift", form(ids.slice(0, 20)), { cookie: haruki }),
    there.post("/management/suspensions/lift", form(ids.slice(10).reverse()), { cookie: sakuro }),
    here.post("/management/tokens/revoke", form(ids.slice(5, 25).reverse()), { cookie: sakuro }),
    there.post("/management/tokens/revoke", form(ids.slice(5, 25)), { cookie: haruki }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const [lifted] = await qa.sql<[{ events: number; users: number }]>`select count(*)::int as events, count(distinct user_id)::int as users from audit_events where name = 'suspension.lifted'`;
  expect(lifted).toEqual({ events: 30, users: 30 });
  await Promise.all([here, there].map(({ request }) => request.dispose()));
});
