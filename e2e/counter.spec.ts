import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures";
import { activationPassword, days, minutes } from "./qa";
import { origins } from "./stack";

// The notice's last resort: お取引店舗の窓口. Two people at two PCs, and the customer at a third.

test.describe("利用解除", () => {
  test("master and administrator both suspended: the login names the counter, two people there help, and both log in again", async ({ qa, pc, desk, otherDesk }) => {
    test.setTimeout(120_000);
    await qa.scenario("all-managers-suspended");
    await pc.login.open();
    await pc.login.present("haruki");
    await expect(await pc.login.expectRefusal("OTP-107")).toContainText("お取引店舗の窓口");

    await desk.login.open();
    await desk.login.present("clerk");
    await desk.login.shown();
    await desk.login.presentOneTimePassword(await qa.oneTimePassword("clerk"));
    await desk.home.shown();
    await desk.home.link("契約").click();
    await desk.contractSearch.shown();
    await desk.contractSearch.search("haruki");
    await desk.page.getByRole("link", { name: "1000001", exact: true }).click();
    await desk.contract.shown();
    await expect(desk.page.getByText("この会社には、停止解除などを行えるマスターユーザ・管理者ユーザがいません。")).toBeVisible();
    await desk.contract.button("受付票を作成").click();
    await desk.newCase.shown();
    await expect(desk.newCase.field("契約番号")).toHaveValue("1000001");
    await desk.newCase.enter({ number: "U-0001", kind: "利用解除", loginIds: ["haruki", "sakuro"] });
    await desk.case.shown();
    await expect(desk.page.getByText("承認待ち").first()).toBeVisible();
    await expect(desk.case.button("承認")).toHaveCount(0);
    expect((await qa.failures("haruki")).suspensions).toBe(1);

    await otherDesk.logIn(qa, "approver");
    await otherDesk.home.open();
    await otherDesk.home.link("U-0001").click();
    await otherDesk.case.shown();
    for (const loginId of ["haruki", "sakuro"]) await expect(otherDesk.case.row(loginId)).toContainText("ワンタイムパスワード認証状態：利用停止");
    await otherDesk.case.approve();
    await expect(otherDesk.page.getByText("手続きしました。").first()).toBeVisible();
    await otherDesk.home.link("受領書を印刷").click();
    await otherDesk.receipt.shown();
    for (const words of ["U-0001", "窓口春子（clerk）", "役席夏夫（approver）", "データ商事株式会社", "いちど信用組合"]) await expect(otherDesk.page.getByText(words).first()).toBeVisible();
    await qa.mail("haruki@example.jp", "停止解除のお知らせ");

    for (const loginId of ["haruki", "sakuro"]) {
      await pc.login.open();
      await pc.login.present(loginId);
      await pc.oneTimePassword.present(await qa.oneTimePassword(loginId));
      await pc.top.shown();
      await pc.top.logOut();
    }
  });

  test("the console says when the company could have helped itself", async ({ qa, desk }) => {
    await desk.logIn(qa, "clerk");
    await desk.newCase.open("?contract=1000001&user=sachiko");
    await desk.newCase.enter({ number: "U-0002", kind: "利用解除" });
    await desk.case.shown();
    await expect(desk.case.row("sachiko")).toContainText("データ花子");
    await desk.contract.open();
    await expect(desk.page.getByText("データ花子").first()).toBeVisible();
  });
});

test("a new contract: applied for, approved, its first master's slip shown once, the first password changed, a token issued, and the first one-time password", async ({ qa, pc, phone, desk, otherDesk }) => {
  test.setTimeout(120_000);
  await desk.logIn(qa, "clerk");
  await desk.newContract.open();
  await desk.newContract.enter({
    受付番号: "N-0001", 契約番号: "2000001", 会社名: "新規製作所株式会社", マスターユーザのログインID: "shinki", マスターユーザの利用者名: "新規一郎", マスターユーザのメールアドレス: "shinki@example.jp", 理由: "お申込書のとおり",
  });
  await desk.case.shown();
  await pc.login.open();
  await pc.login.present("shinki", "whatever-1");
  await pc.login.expectRefusal("OTP-101"); // nobody yet

  await otherDesk.logIn(qa, "approver");
  await otherDesk.case.openCase("N-0001");
  await otherDesk.case.approve();
  await expect(otherDesk.page.getByText("手続きしました。").first()).toBeVisible();

  await desk.page.reload();
  await desk.case.button("交付票を表示").click();
  await expect(desk.page.getByText("仮ログインパスワード", { exact: true })).toBeVisible();
  const [login, confirmation] = await desk.page.getByText(/^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$/).allTextContents();
  await desk.page.reload();
  await desk.case.shown();
  await expect(desk.case.button("交付票を表示")).toHaveCount(0);
  expect(await desk.page.content()).not.toContain(login);
  expect((await otherDesk.caller.post("/staff/cases/N-0001/slips")).body.refusal?.code).toBe("OTP-519");
  await qa.mail("shinki@example.jp", "契約内容変更のご案内");

  await pc.login.present("shinki", login);
  await pc.issuance.shown();
  await pc.issuance.issue({ mailAddress: "phone@example.jp", activationPassword });
  await pc.confirmation.shown();
  const ids = await pc.confirmation.ids();
  await phone.follow(await qa.link("phone@example.jp"));
  await phone.setUp({ ...ids, activationPassword });
  await pc.confirmation.confirm(await phone.oneTimePassword("shinki"));
  await pc.passwordChange.shown();
  await pc.passwordChange.change(login!, "Hajimete-no-kagi-2026");
  await expect(pc.page.getByText("確認用パスワードが仮パスワードです。")).toBeVisible();
  await pc.page.getByLabel("現在の確認用パスワード", { exact: true }).fill(confirmation!);
  await pc.page.getByLabel("新しい確認用パスワード", { exact: true }).fill("Kakunin-no-kagi-2026");
  await pc.page.getByLabel("新しい確認用パスワード（確認用）", { exact: true }).fill("Kakunin-no-kagi-2026");
  await pc.page.getByRole("button", { name: "変更", exact: true }).click();
  await pc.top.shown();
  await expect(pc.page.getByText("新規製作所株式会社")).toBeVisible();
});

test("an emergency stop ends a live session at the next click, and only the counter, by two people, releases it", async ({ qa, pc, otherPc, desk, otherDesk }) => {
  await pc.logIn(qa, "haruki");
  await pc.top.open();
  await desk.logIn(qa, "clerk");
  await desk.newCase.open("?contract=1000001&user=haruki");
  await desk.newCase.enter({ number: "K-0001", kind: "緊急停止", documents: [] });
  await desk.case.shown();
  await expect(desk.page.getByText("手続きしました。").first()).toBeVisible();

  await pc.page.getByRole("link", { name: "管理", exact: true }).click();
  await pc.login.shown();
  await pc.login.present("haruki");
  await expect(await pc.login.expectRefusal("OTP-103")).toContainText("お取引店舗の窓口");

  await otherPc.logIn(qa, "sakuro");
  await otherPc.users.open();
  await otherPc.users.openUser("haruki");
  await otherPc.user.shown();
  expect(await otherPc.user.state("利用者状態")).toMatchObject({ 0: "停止中", 4: "お取引店舗の窓口" });
  await expect(otherPc.user.button("停止を解除")).toHaveCount(0);

  await desk.newCase.open("?contract=1000001&user=haruki");
  await desk.newCase.enter({ number: "K-0002", kind: "停止解除（利用者）" });
  await desk.case.shown();
  await otherDesk.logIn(qa, "approver");
  await otherDesk.case.openCase("K-0002");
  await otherDesk.case.approve();
  await expect(otherDesk.page.getByText("手続きしました。").first()).toBeVisible();
  await pc.logIn(qa, "haruki");
  await pc.top.open();
});

test.describe("two people", () => {
  test("a clerk finds no button on their own case, and a direct call is refused, also once they are an approver", async ({ qa, desk }) => {
    await desk.logIn(qa, "clerk");
    await desk.newCase.open("?contract=1000001&user=sachiko");
    await desk.newCase.enter({ number: "T-0001", kind: "利用解除" });
    await desk.case.shown();
    for (const button of ["承認", "差戻し"]) await expect(desk.case.button(button)).toHaveCount(0);
    expect((await desk.caller.post("/staff/cases/T-0001/approve", { seen: "x" })).body.refusal?.code).toBe("OTP-512");
    await qa.sql`update staff set duty = 'approver' where staff_id = 'clerk'`;
    expect((await desk.caller.post("/staff/cases/T-0001/approve", { seen: "x" })).body.refusal?.code).toBe("OTP-516");
    await desk.page.reload();
    await desk.case.shown();
    await expect(desk.page.getByText("ご自身が受け付けたため、承認できません。")).toBeVisible();
    await expect(desk.case.button("承認")).toHaveCount(0);
    expect((await qa.failures("sachiko")).suspensions).toBe(1);
  });

  test("sent back with a reason, corrected under the same number, approved", async ({ qa, desk, otherDesk }) => {
    await desk.logIn(qa, "clerk");
    await otherDesk.logIn(qa, "approver");
    await desk.newCase.open("?contract=1000001&user=ichiro");
    await desk.newCase.enter({ number: "T-0002", kind: "利用解除" });
    await desk.case.shown();
    await otherDesk.case.openCase("T-0002");
    await otherDesk.case.field("差戻しの理由").fill("対象が違います");
    await otherDesk.case.button("差戻し").click();
    await expect(otherDesk.case.state).toContainText("差戻し");
    await desk.page.reload();
    await expect(desk.page.getByText("対象が違います").first()).toBeVisible();
    await desk.home.link("修正して再受付").click();
    await desk.newCase.shown();
    await desk.newCase.field("対象ログインID").fill("sachiko");
    await desk.newCase.button("受付").click();
    await desk.case.shown();
    await otherDesk.case.openCase("T-0002");
    await otherDesk.case.approve();
    await expect(otherDesk.page.getByText("手続きしました。").first()).toBeVisible();
    expect((await qa.failures("sachiko")).suspensions).toBe(0);
  });

  test("a target that changed while the approver read is shown, and asked about again", async ({ qa, pc, desk, otherDesk }) => {
    await desk.logIn(qa, "clerk");
    await desk.newCase.open("?contract=1000001&user=sachiko");
    await desk.newCase.enter({ number: "T-0003", kind: "失効" });
    await desk.case.shown();
    await otherDesk.logIn(qa, "approver");
    await otherDesk.case.openCase("T-0003");
    await pc.logIn(qa, "haruki");
    await pc.suspensions.open();
    await pc.suspensions.tick("sachiko");
    await pc.suspensions.press();
    await pc.suspensionsResult.shown();

    await otherDesk.case.approve();
    await otherDesk.case.expectRefusal("OTP-517");
    await expect(otherDesk.case.row("sachiko")).toContainText(/受付時：利用停止（.*） → 現在：利用可能/);
    await otherDesk.case.approve();
    await expect(otherDesk.page.getByText("手続きしました。").first()).toBeVisible();
  });

  test("withdrawn while the approver reads: nothing happens, and the page says so", async ({ qa, desk, otherDesk }) => {
    await desk.logIn(qa, "clerk");
    await desk.newCase.open("?contract=1000001&user=sachiko");
    await desk.newCase.enter({ number: "T-0004", kind: "利用解除" });
    await desk.case.shown();
    await otherDesk.logIn(qa, "approver");
    await otherDesk.case.openCase("T-0004");
    await desk.case.button("取下げ").click();
    await expect(desk.case.state).toContainText("取下げ");
    await otherDesk.case.approve();
    await otherDesk.case.expectRefusal("OTP-515");
    expect((await qa.failures("sachiko")).suspensions).toBe(1);
  });

  test("50 rounds of two approvers at once, at two server processes: one release each", async ({ qa, desk }) => {
    test.setTimeout(180_000);
    await qa.sql`insert into staff (staff_id, name, branch, duty, password_hash, password_temporary, sealed_key, algorithm, created_at)
      select 'approver2', '役席二郎', branch, duty, password_hash, false, sealed_key, algorithm, created_at from staff where staff_id = 'approver'`;
    await desk.logIn(qa, "clerk");
    const { Caller } = await import("./caller");
    const [one, two] = await Promise.all(origins().map((origin) => Caller.at(origin)));
    await one!.staffPassword("approver");
    await one!.post("/staff/login/one-time-password/present", { oneTimePassword: await qa.oneTimePassword("approver") });
    // The second approver's key was sealed for the first one's row: a session of theirs is put there by hand.
    await two!.staffPassword("auditor");
    await two!.post("/staff/login/one-time-password/present", { oneTimePassword: await qa.oneTimePassword("auditor") });
    await qa.sql`update staff set duty = 'approver' where staff_id = 'auditor'`;
    for (let round = 1; round <= 50; round++) {
      const number = `W-${String(round).padStart(4, "0")}`;
      expect((await desk.caller.post("/staff/cases/new/enter", { number, kind: "lift_suspension", contractNumber: "1000001", loginIds: "sachiko", "document:届出印": "on", reason: "試験" })).status).toBe(200);
      const { shown } = (await one!.get(`/staff/cases/${number}/state`)).body as { shown: { seen: string } };
      const answers = await Promise.all([one!, two!].map((caller) => caller.post(`/staff/cases/${number}/approve`, { seen: shown.seen })));
      expect(answers.map(({ status, body }) => body.refusal?.code ?? status).sort()).toEqual([200, "OTP-515"]);
      await qa.sql`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id = 'sachiko'`;
      await qa.sql`update users set one_time_password_failures = 5, revision = revision + 1 where login_id = 'sachiko'`;
    }
    expect(await qa.events("suspension.lifted", "sachiko")).toBe(50);
  });
});

test.describe("two houses", () => {
  test("a customer's session opens nothing of the console, a staff session nothing of the customers'", async ({ qa, pc, desk }) => {
    await pc.logIn(qa, "haruki");
    await pc.page.goto("/staff");
    await expect(pc.page).toHaveURL(/\/staff\/login/);
    for (const path of ["/staff/state", "/staff/contracts/1000001/state", "/staff/audit/state?key=haruki"]) expect((await pc.caller.get(path)).status).toBe(401);
    await desk.logIn(qa, "clerk");
    await desk.page.goto("/management");
    await expect(desk.page).toHaveURL(/\/login/);
    for (const path of ["/state", "/management/state", "/management/users/state"]) expect((await desk.caller.get(path)).status).toBe(401);
  });

  test("the console's pages hold nothing about anybody", async ({ caller }) => {
    for (const path of ["/staff", "/staff/contracts/1000001", "/staff/cases/U-0001", "/staff/audit", "/staff/numbers", "/staff/passkeys"]) {
      const { status, text, headers } = await caller.get(path, { accept: "text/html" });
      expect(status).toBe(200);
      expect(text).not.toMatch(/データ|haruki|窓口春子|ICHIDO_/);
      expect(headers["cache-control"]).toContain("no-store");
    }
  });
});

test("a reason with <script> is text wherever it is shown", async ({ qa, desk, otherDesk }) => {
  await desk.logIn(qa, "clerk");
  await desk.newCase.open("?contract=1000001&user=sachiko");
  await desk.newCase.enter({ number: "X-0001", kind: "利用解除", reason: `<script>document.title="x"</script><img src=x onerror=alert(1)>` });
  await desk.case.shown();
  await expect(desk.page.getByText(`<script>document.title="x"</script>`)).toBeVisible();
  await otherDesk.logIn(qa, "approver");
  await otherDesk.case.openCase("X-0001");
  await otherDesk.case.approve();
  await otherDesk.home.link("受領書を印刷").click();
  await otherDesk.receipt.shown();
  await otherDesk.audit.open();
  await otherDesk.audit.search("X-0001");
  await expect(otherDesk.audit.row("受付票の承認")).toBeVisible();
  expect(await otherDesk.page.title()).not.toBe("x");
});

test("bad entries lose nothing: each field says what is wrong, and what was typed stays", async ({ qa, desk }) => {
  await desk.logIn(qa, "clerk");
  await desk.newCase.open();
  await desk.newCase.button("受付").click();
  await desk.newCase.expectFieldError("受付番号", /受付番号を入力してください。/);
  await desk.newCase.enter({ number: "A-1", kind: "失効", contractNumber: "1000002", loginIds: ["mihon", "haruki"] });
  await desk.newCase.expectFieldError("対象ログインID", /この契約に登録されていないログインIDです：haruki/);
  await expect(desk.newCase.field("理由")).toHaveValue("窓口でのお申し出");
  await expect(desk.newCase.field("届出印")).toBeChecked();
  await desk.newCase.enter({ number: "A-1", kind: "失効", loginIds: ["haruki"] });
  await desk.case.shown();
  await desk.newCase.open();
  await desk.newCase.enter({ number: "a-1", kind: "失効", loginIds: ["haruki"] });
  await desk.newCase.expectFieldError("受付番号", /すでに使われています/);
});

test("an auditor reads, searches and exports, and has nothing to press", async ({ qa, desk }) => {
  await desk.logIn(qa, "clerk");
  await desk.newCase.open("?contract=1000001&user=sachiko");
  await desk.newCase.enter({ number: "R-0001", kind: "利用解除" });
  await desk.case.shown();
  await qa.advance(minutes);
  await desk.logIn(qa, "auditor");
  await desk.home.open();
  for (const name of ["受付票の作成", "契約登録"]) await expect(desk.home.link(name)).toHaveCount(0);
  await desk.case.openCase("R-0001");
  for (const button of ["承認", "差戻し", "取下げ"]) await expect(desk.case.button(button)).toHaveCount(0);
  await desk.audit.open();
  await desk.audit.search("R-0001");
  await expect(desk.audit.row("受付票の作成")).toBeVisible();
  const [download] = await Promise.all([desk.page.waitForEvent("download"), desk.audit.button("CSVダウンロード").click()]);
  const text = await readFile(await download.path(), "utf8");
  expect(text).toMatch(/case\.entered"?,"?完了/);
  expect(text.charCodeAt(0)).toBe(0xfeff);
  expect(await qa.sql`select count(*)::int as count from audit_events where name = 'staff.audit_exported'`).toMatchObject([{ count: 1 }]);
});

test("the day's counts by branch and kind, as a table and as a file", async ({ qa, desk }) => {
  await desk.logIn(qa, "clerk");
  for (const number of ["C-1", "C-2"])
    await desk.caller.post("/staff/cases/new/enter", { number, kind: "lift_suspension", contractNumber: "1000001", loginIds: "sachiko", "document:届出印": "on", reason: "試験" });
  await desk.home.open();
  await expect(desk.page.getByRole("table", { name: "受付件数" }).getByRole("row").filter({ hasText: "利用解除" })).toContainText("2");
  const [download] = await Promise.all([desk.page.waitForEvent("download"), desk.home.button("CSVダウンロード").click()]);
  expect(await readFile(await download.path(), "utf8")).toContain("本店営業部,利用解除,2,2,0,0,0");
  await qa.advance(days);
  await desk.logIn(qa, "clerk");
  await desk.home.open();
  await expect(desk.page.getByRole("table", { name: "受付件数" }).getByRole("row").filter({ hasText: "利用解除" })).toHaveCount(0);
});

test("numbers and the state diagrams", async ({ qa, desk }) => {
  await desk.logIn(qa, "auditor");
  await desk.numbers.open();
  await expect(desk.numbers.row("ICHIDO_WAIT_AFTER_REVOCATION_MINUTES")).toContainText("30");
  await expect(desk.page.getByRole("img")).toHaveCount(3);
  await expect(desk.page.getByRole("listitem").filter({ hasText: "サービス利用中" }).first()).toBeVisible();
});

test("the fifth wrong one-time password at the login is refused in words that stay to be read", async ({ qa, desk }) => {
  await desk.login.open();
  await desk.login.present("clerk");
  await desk.page.waitForURL(/\/staff\/login\/one-time-password$/);
  await desk.login.shown();
  for (let time = 1; time <= 4; time++) {
    await desk.login.presentOneTimePassword(await qa.wrongPassword("clerk", time));
    await desk.login.expectRefusal("OTP-504");
    await expect(desk.login.field("ワンタイムパスワード")).toHaveValue(""); // this one was answered
  }
  await desk.login.presentOneTimePassword(await qa.wrongPassword("clerk", 5));
  await desk.login.expectRefusal("OTP-505");
  await desk.page.getByRole("link", { name: "職員ログインの画面へ", exact: true }).click();
  await expect(desk.page).toHaveURL(/\/staff\/login$/);
});

test("a session left alone is warned about and ends; the browser is told why", async ({ qa, desk }) => {
  await desk.logIn(qa, "clerk");
  await desk.home.open();
  await qa.advance(15 * minutes);
  await desk.page.getByRole("link", { name: "契約", exact: true }).click();
  await expect(desk.page.getByText("一定時間操作がなかったため、ログアウトしました。")).toBeVisible();
});
