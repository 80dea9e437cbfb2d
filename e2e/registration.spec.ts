import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures";
import { expectAccessible } from "./pages/screen";
import { ImportScreen, type NewUser, RegistrationScreen } from "./pages/registration";
import { shiftJis } from "./shift-jis";

const shiro: NewUser = {
  loginId: "shiro", name: "𠮷田 四郎", userClass: "一般ユーザ", mailAddress: "shiro@example.jp", loginPassword: "kx7f-9pqm-w2za", newConfirmationPassword: "b3rt-hh8k-n5vy",
};

test("a user registered by form: what is wrong stands at its field, what was typed stays; then the temporary password logs in", async ({ qa, pc, otherPc }) => {
  await pc.logIn(qa, "haruki");
  const registration = new RegistrationScreen(pc.page);
  await registration.open();
  await expect(registration.classes()).toHaveText(["一般ユーザ", "管理者ユーザ"]);

  await registration.register({ ...shiro, loginId: "MIHON" });
  await registration.expectFieldError("ログインID", /すでに使われています。/);
  await expect(registration.field("利用者名")).toHaveValue(shiro.name);
  for (const secret of ["仮ログインパスワード", "仮確認用パスワード", "確認用パスワード"]) await expect(registration.field(secret)).toHaveValue("");
  await expectAccessible(pc.page);

  await registration.field("ログインID").fill(shiro.loginId);
  await registration.presentPasswords(shiro, "wrong");
  await registration.expectRefusal("OTP-401");
  await registration.presentPasswords(shiro);
  await expect(pc.page).toHaveURL(/\/management\/users\/[0-9a-f-]{36}\?registered$/);
  for (const recipient of ["shiro@example.jp", "sakuro@example.jp"]) await qa.mail(recipient, "利用者登録のお知らせ");

  await otherPc.login.open();
  await otherPc.login.present(shiro.loginId, shiro.loginPassword);
  await otherPc.issuance.shown();
});

const headings = "ログインID,利用者名,利用者区分,メールアドレス,仮ログインパスワード,仮確認用パスワード";
const goro = "goro,髙橋 五郎,一般ユーザ,goro@example.jp,kx7f-9pqm-w2za,b3rt-hh8k-n5vy";
const rokuro = "rokuro,データ六郎,管理者ユーザ,rokuro@example.jp,m4cd-x7ws-p9hn,t6zy-k2vb-e8rj";

test("a Shift_JIS file with a bad line registers nobody; put right, it registers all of its users", async ({ qa, pc, otherPc }) => {
  await pc.logIn(qa, "haruki");
  const screen = new ImportScreen(pc.page);
  await screen.open();
  await screen.check();
  await screen.expectFieldError("CSVファイル", /選択してください。/);

  await screen.choose(shiftJis([headings, goro, rokuro.replace("管理者ユーザ", "マスターユーザ")].join("\r\n")));
  await screen.check();
  await screen.expectProblems(/3行目.*利用者区分.*登録できません。/);
  await expect(screen.button("登録")).toHaveCount(0);
  await expectAccessible(pc.page);
  expect((await otherPc.caller.password("goro", "kx7f-9pqm-w2za")).status).toBe(401);

  await screen.choose(shiftJis([headings, goro, rokuro].join("\r\n")));
  await screen.check();
  await expect(pc.page.getByText("2名を登録できます。")).toBeVisible();
  await expectAccessible(pc.page);
  await screen.register("wrong");
  await screen.expectRefusal("OTP-401");
  await screen.register();
  await expect(pc.page.getByRole("alert").filter({ hasText: "2名を登録しました。" })).toBeVisible();
  await expect(pc.page.getByRole("link", { name: "利用者管理へ", exact: true })).toBeVisible();
  await expectAccessible(pc.page);
  expect((await otherPc.caller.password("goro", "kx7f-9pqm-w2za")).body.go).toBe("/token/issuance");
});

test("the sample has the headings and no password; too large a file is said before it is sent", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  const screen = new ImportScreen(pc.page);
  await screen.open();
  const sample = await readFile(await (await screen.sample()).path(), "utf8");
  expect(sample).toMatch(new RegExp(`^\ufeff${headings}\r\n.*,,\r\n$`));

  const sent: string[] = [];
  pc.page.on("request", (request) => sent.push(request.url()));
  await screen.choose(Buffer.alloc(1024 * 1024 + 1, "a"));
  await screen.check();
  await screen.expectFieldError("CSVファイル", /1MBまで/);
  expect(sent.filter((url) => url.endsWith("/check"))).toEqual([]);
});

test("the list of users as a file", async ({ qa, pc }) => {
  await pc.logIn(qa, "haruki");
  await pc.page.goto("/management/users");
  const saving = pc.page.waitForEvent("download");
  await pc.page.getByRole("link", { name: "CSVダウンロード", exact: true }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^users-\d{8}\.csv$/);
  const text = await readFile(await download.path(), "utf8");
  expect(text.split("\r\n")).toHaveLength(8);
  expect(text).toContain("sachiko,データ幸子,一般ユーザ,sachiko@example.jp,サービス利用中,利用停止,有効");
  await expect(pc.page.getByRole("heading", { level: 1, name: "利用者管理", exact: true })).toBeVisible();
});
