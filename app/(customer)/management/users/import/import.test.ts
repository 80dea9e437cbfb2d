import { readFileSync } from "node:fs";
import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { auditEvents, issuancePermissions, mailIntents, sessions, users } from "@/drizzle/schema";
import { shiftJis } from "@/e2e/shift-jis";
import { fileColumns, type FileReport } from "@/lib/corporation/user-file-report";
import { confirmationPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browserWith, loggedIn } from "@/lib/login/test-session";
import { person } from "@/lib/login/test-person";
import { uploadBytes } from "@/lib/platform/body-limits.mjs";
import { testDatabase } from "@/lib/platform/test-database";
import { policy, policyNumbers } from "@/lib/policy";
import { POST as check } from "./check/route";
import { POST as register } from "./register/route";
import { GET as state } from "./state/route";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const headings = Object.values(fileColumns).join(",");
const goro = ["goro", "データ五郎", "一般ユーザ", "goro@example.jp", "kx7f-9pqm-w2za", "b3rt-hh8k-n5vy"];
const rokuro = ["rokuro", "データ六郎", "管理者ユーザ", "rokuro@example.jp", "m4cd-x7ws-p9hn", "t6zy-k2vb-e8rj"];
const goroWith = (column: keyof typeof fileColumns, cell: string) => goro.map((text, index) => (Object.keys(fileColumns)[index] === column ? cell : text));
const file = (...lines: string[][]) => [headings, ...lines.map((line) => line.join(","))].join("\r\n");
const numbered = (count: number) => Array.from({ length: count }, (_, index) => goroWith("loginId", `user${String(index + 1).padStart(4, "0")}`));

function form(content: string | Uint8Array<ArrayBuffer>, given: Record<string, string> = { confirmationPassword }): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(given)) body.set(name, value);
  body.set("file", new File([content], "users.csv", { type: "text/csv" }));
  return body;
}

type Browser = Awaited<ReturnType<typeof loggedIn>>;
const checked = async (browser: Browser, content: string | Uint8Array<ArrayBuffer>) => (await browser.post(check, form(content))).body;
const reported = async (browser: Browser, content: string | Uint8Array<ArrayBuffer>) => (await checked(browser, content)).report as FileReport;
const everyone = () => database.db.select().from(users);
const events = async (name: string) => (await database.db.select().from(auditEvents).where(eq(auditEvents.name, name))).map(({ details, code, result }) => ({ ...details as object, code, result }));

describe("a file that registers", () => {
  test.each([
    ["UTF-8", (text: string) => text],
    ["UTF-8 with its mark", (text: string) => `\ufeff${text}`],
    ["Shift_JIS as Windows writes it", shiftJis],
    ["lines that end in LF", (text: string) => text.replaceAll("\r\n", "\n")],
    ["lines that end in CR", (text: string) => text.replaceAll("\r\n", "\r")],
    ["every cell in quotes", (text: string) => text.split("\r\n").map((line) => line.split(",").map((cell) => `"${cell}"`).join(",")).join("\r\n")],
    ["lines filled up with nothing, and empty ones at the end", (text: string) => `${text.replaceAll("\r\n", ",,,\r\n")},,,\r\n,,,,,,,,\r\n\r\n`],
  ])("%s", async (_, written) => {
    expect([...shiftJis("データ髙①")]).toEqual([0x83, 0x66, 0x81, 0x5b, 0x83, 0x5e, 0xfb, 0xfc, 0x87, 0x40]);
    const haruki = await loggedIn("haruki");
    const special = goroWith("name", "髙橋　①郎～");
    const content = written(file(special, rokuro)) as string;
    const before = await everyone();
    expect(await reported(haruki, content)).toEqual({ users: 2, wrong: 0, problems: [] });
    expect(await everyone()).toEqual(before);

    expect(await haruki.post(register, form(content))).toMatchObject({ status: 200, body: { ok: true, registered: 2 } });
    const added = (await everyone()).filter(({ loginId }) => ["goro", "rokuro"].includes(loginId));
    expect(added.map(({ loginId, name, userClass }) => [loginId, name, userClass]).sort()).toEqual([["goro", "髙橋　①郎～", "general"], ["rokuro", "データ六郎", "administrator"]]);
    expect(await person("goro").password("kx7f-9pqm-w2za")).toMatchObject({ ok: true, value: { step: "issuance" } });
  });

  test("each user is mailed, permitted and audited, and the masters are told once", async () => {
    await (await loggedIn("haruki")).post(register, form(file(goro, rokuro)));
    const mails = await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "user_changed"));
    expect(mails.map(({ recipient }) => recipient).sort()).toEqual(["goro@example.jp", "rokuro@example.jp", "sakuro@example.jp"]);
    for (const secret of [...goro.slice(4), ...rokuro.slice(4)]) expect(JSON.stringify([mails, await events("user.registered"), await everyone()])).not.toContain(secret);
    const added = (await everyone()).filter(({ loginId }) => ["goro", "rokuro"].includes(loginId)).map(({ id }) => id);
    expect((await database.db.select().from(issuancePermissions)).filter(({ userId }) => added.includes(userId)).length).toBe(2);
    expect(await events("user.registered")).toMatchObject([{ by: "csv" }, { by: "csv" }]);
  });

  test("the sample has the headings, and registers nobody as it is: its passwords would be everybody's", async () => {
    const { users: count, problems } = await reported(await loggedIn("haruki"), new Uint8Array(readFileSync("public/users-sample.csv")));
    expect([count, problems.map(({ line, column }) => [line, column])]).toEqual([1, [[2, "loginPassword"], [2, "newConfirmationPassword"]]]);
  });
});

describe("what is wrong with a whole file", () => {
  const utf16 = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ["nothing in it", " \r\n", /何も入力されていません/],
    ["the headings alone", headings, /1名以上/],
    ["the headings and empty lines", `${headings}\r\n\r\n,,,,,\r\n`, /1名以上/],
    ["no headings", goro.join(","), /1行目に、見出し/],
    ["headings in another order", file(goro).replace("ログインID,利用者名", "利用者名,ログインID"), /1行目に、見出し/],
    ["tabs", file(goro).replaceAll(",", "\t"), /1行目に、見出し/],
    ["UTF-16", utf16(file(goro)), /文字コード/],
    ["neither UTF-8 nor Shift_JIS", new Uint8Array([...Buffer.from(file(goro)), 0xff, 0xfe]), /文字コード/],
    ["a spreadsheet's own format", new Uint8Array([0x50, 0x4b, 3, 4, 0x14, 0, 6, 0, 8, 0]), /文字コード/],
    ["a NUL", file(goroWith("name", "デー\0タ")), /文字コード/],
    ["a quote that is never closed", file(goro, goroWith("name", "\"データ")), /3行目の引用符/],
    ["a quote in the middle of a quoted cell", file(goroWith("name", "\"デー\"タ\"")), /2行目の引用符/],
    ["one user too many", file(...numbered(policyNumbers.usersPerImport.value + 1)), /300名まで/],
    ["a million empty lines before a user", `${headings}${"\n".repeat(900_000)}${goro.join(",")}`, /300名まで/],
  ])("%s", async (_, content, words) => {
    const haruki = await loggedIn("haruki");
    for (const door of [check, register]) {
      const { status, body } = await haruki.post(door, form(content));
      expect([status, Object.keys(body.fields ?? {})]).toEqual([422, ["file"]]);
      expect(body.fields!.file).toMatch(words);
    }
    expect((await everyone()).length).toBe(7);
  });

  test("no file, an empty one, text in its place, two of them", async () => {
    const haruki = await loggedIn("haruki");
    const without = new FormData();
    const unchosen = new FormData();
    unchosen.set("file", new File([], ""));
    const text = new FormData();
    text.set("file", file(goro));
    const twice = form(file(goro));
    twice.append("file", new File([file(rokuro)], "b.csv"));
    for (const body of [without, unchosen, text, twice]) expect((await haruki.post(check, body)).body.fields).toEqual({ file: "CSVファイルを選択してください。" });
    expect((await haruki.post(check, form(""))).body.fields!.file).toMatch(/何も入力されていません/);
  });

  test("more than the upload's limit is not read", async () => {
    const { status, body } = await (await loggedIn("haruki")).post(check, form("a".repeat(uploadBytes)));
    expect([status, body.refusal?.code]).toEqual([413, "OTP-905"]);
  });

  test("a plain form and a body that is no form are not read", async () => {
    const haruki = await loggedIn("haruki");
    expect((await haruki.post(check, { file: file(goro) })).body.refusal?.code).toBe("OTP-904");
  });

  test("quotes and commas without end keep nobody waiting", async () => {
    const haruki = await loggedIn("haruki");
    for (const hostile of ["\"", ",", "\"a", "\"\n", "\" "]) {
      const begun = performance.now();
      await haruki.post(check, form(headings + "\n" + hostile.repeat(1_000_000 / hostile.length)));
      expect(performance.now() - begun).toBeLessThan(3_000);
    }
  });
});

describe("what is wrong with a line", () => {
  test.each<[string, string[], keyof typeof fileColumns | undefined, RegExp]>([
    ["a column too few", goro.slice(1), undefined, /項目が5個/],
    ["a column too many", [...goro, "x"], undefined, /項目が7個/],
    ["no login ID", goroWith("loginId", ""), "loginId", /入力してください/],
    ["a login ID too long", goroWith("loginId", "a".repeat(31)), "loginId", /4〜30文字/],
    ["a colleague's login ID in another spelling", goroWith("loginId", "ＨＡＲＵＫＩ"), "loginId", /すでに使われています/],
    ["another company's login ID", goroWith("loginId", "Mihon"), "loginId", /すでに使われています/],
    ["a formula for a login ID", goroWith("loginId", "=1+1"), "loginId", /半角英数字/],
    ["no name", goroWith("name", "　"), "name", /入力してください/],
    ["a name too long", goroWith("name", "𠮷".repeat(61)), "name", /60文字以内/],
    ["a name over two lines", goroWith("name", "\"データ\r\n五郎\""), "name", /使えない文字/],
    ["a name written from right to left", goroWith("name", "データ\u202e五郎"), "name", /使えない文字/],
    ["an unknown class", goroWith("userClass", "ユーザ"), "userClass", /「一般ユーザ」/],
    ["a class in our own words", goroWith("userClass", "general"), "userClass", /「一般ユーザ」/],
    ["a class above one's own", goroWith("userClass", "マスターユーザ"), "userClass", /登録できません/],
    ["two addresses", goroWith("mailAddress", "\"a@example.jp,b@example.jp\""), "mailAddress", /正しく/],
    ["no address", goroWith("mailAddress", ""), "mailAddress", /入力してください/],
    ["a short password", goroWith("loginPassword", "kx7f"), "loginPassword", /8文字以上/],
    ["a weak password", goroWith("loginPassword", "password1"), "loginPassword", /推測/],
    ["the login ID for a password", goroWith("loginPassword", "goro2026"), "loginPassword", /推測/],
    ["a password that no keyboard types", goroWith("loginPassword", "\"kx7f-9pqm\n-w2za\""), "loginPassword", /使えない文字/],
    ["a password too long", goroWith("loginPassword", "x".repeat(201)), "loginPassword", /200文字以内/],
    ["a weak confirmation password", goroWith("newConfirmationPassword", "12345678"), "newConfirmationPassword", /推測/],
    ["the same two passwords", goroWith("newConfirmationPassword", goro[4]!), "newConfirmationPassword", /異なるもの/],
  ])("%s", async (_, line, column, words) => {
    const haruki = await loggedIn("haruki");
    const report = await reported(haruki, file(rokuro, line));
    expect(report).toMatchObject({ users: 2, wrong: 1 });
    expect(report.problems.map((problem) => [problem.line, problem.column])).toEqual([[3, column]]);
    expect(report.problems[0]!.problem).toMatch(words);

    const { body } = await haruki.post(register, form(file(rokuro, line)));
    expect(body.report).toEqual(report);
    expect((await everyone()).length).toBe(7); // all or none: the good line, too
  });

  test("everything at once, by the spreadsheet's own numbers; nothing of the file is repeated", async () => {
    const content = file(goro, [""], [`"${goro[0]!.toUpperCase()}"`, "\"データ\n五郎\"", ...goro.slice(2)], rokuro, goroWith("loginId", "GORO"), ["x"], [...goroWith("loginId", "").slice(0, 2), "社長", "x", "abc", "abc"]);
    const report = await reported(await loggedIn("haruki"), content);
    expect(report.users).toBe(6);
    expect(report.problems.map(({ line, column }) => `${line} ${column}`)).toEqual([
      "4 name", "6 loginId", "7 undefined", "8 loginId", "8 userClass", "8 mailAddress",
    ]);
    expect(report.problems[1]!.problem).toBe("2行目と同じログインIDです。");
    for (const text of ["kx7f", "社長", "goro", "五郎"]) expect(JSON.stringify(report)).not.toContain(text);
  });

  test("leading =, 4-byte characters and markup in a name are text", async () => {
    const names = ["=HYPERLINK(1)", "𠮷野家", "<b>太郎</b>", "'; DROP TABLE users; --", "-データ"];
    const haruki = await loggedIn("haruki");
    expect((await haruki.post(register, form(file(...names.map((name, index) => goroWith("name", name).with(0, `goro${index}`)))))).body.registered).toBe(5);
    expect((await everyone()).map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });
});

describe("who, and how often", () => {
  test("an administrator registers no master, and trying is audited; a master does", async () => {
    const master = file(goroWith("userClass", "マスターユーザ"));
    await (await loggedIn("haruki")).post(register, form(master));
    expect((await everyone()).length).toBe(7);
    expect(await events("user.register_refused")).toMatchObject([{ reason: "not_permitted_on_user", code: "OTP-405", result: "refused" }]);
    expect((await (await loggedIn("sakuro")).post(register, form(master))).body.registered).toBe(1);
  });

  test("asking for login IDs that are taken leaves an event, with the dry run, too", async () => {
    await checked(await loggedIn("haruki"), file(goroWith("loginId", "mihon"), rokuro));
    expect(await events("user.register_refused")).toMatchObject([{ reason: "login_id_taken" }]);
  });

  test.each<[string, () => Promise<Browser>]>([
    ["a general user", () => loggedIn("ichiro")],
    ["nobody", async () => browserWith("")],
    ["an ended session", async () => {
      const haruki = await loggedIn("haruki");
      await database.db.update(sessions).set({ endedAt: new Date(), endedBecause: "suspended" });
      return haruki;
    }],
    ["a temporary password's session", async () => {
      const haruki = await loggedIn("haruki");
      await database.db.update(sessions).set({ level: "password_change" });
      return haruki;
    }],
  ])("%s is refused at both doors, audited, and nothing has changed", async (_, come) => {
    const visitor = await come();
    const before = await everyone();
    for (const door of [check, register]) expect([401, 403]).toContain((await visitor.post(door, form(file(goro)))).status);
    expect([401, 403]).toContain((await visitor.get(state)).status);
    expect(await everyone()).toEqual(before);
    expect((await events("access.refused")).length).toBeGreaterThanOrEqual(2);
  });

  test("a wrong confirmation password counts once a file, and the fifth closes it", async () => {
    const haruki = await loggedIn("haruki");
    const codes = [];
    for (let i = 0; i < 5; i += 1) codes.push((await haruki.post(register, form(file(...numbered(20)), { confirmationPassword: "wrong" }))).body.refusal?.code);
    codes.push((await haruki.post(register, form(file(goro)))).body.refusal?.code);
    expect(codes).toEqual(["OTP-401", "OTP-401", "OTP-401", "OTP-401", "OTP-402", "OTP-402"]);
    expect((await events("confirmation_password.refused")).filter((event) => "failures" in event).length).toBe(5);
    expect((await everyone()).length).toBe(7);
  });

  test("20 wrong ones in parallel count exactly five", async () => {
    const haruki = await loggedIn("haruki");
    await Promise.all(Array.from({ length: 20 }, () => haruki.post(register, form(file(goro), { confirmationPassword: "wrong" }))));
    expect((await person("haruki").row()).confirmationFailures).toBe(5);
    expect((await events("confirmation_password.suspended")).length).toBe(1);
  });

  test("without the confirmation password it is the field's error, and counts nothing", async () => {
    const haruki = await loggedIn("haruki");
    expect((await haruki.post(register, form(file(goro), {}))).body.fields).toEqual({ confirmationPassword: "確認用パスワードを入力してください。" });
    expect((await person("haruki").row()).confirmationFailures).toBe(0);
  });

  test("20 times the same file at once: one is registered, the others say which lines are taken", async () => {
    const haruki = await loggedIn("haruki");
    const answers = await Promise.all(Array.from({ length: 20 }, () => haruki.post(register, form(file(goro, rokuro)))));
    expect(answers.filter(({ body }) => body.registered === 2).length).toBe(1);
    expect(answers.filter(({ body }) => (body.report as FileReport | undefined)?.wrong === 2).length).toBe(19);
    expect((await everyone()).length).toBe(9);
  });

  test("9,999 users and a file of two: neither is registered, and the dry run says so", async () => {
    const { corporationId } = await person("haruki").row();
    await database.db.execute(sql`insert into users (corporation_id, login_id, name, user_class, mail_address, login_password_hash, confirmation_password_hash, created_at)
      select ${corporationId}, 'many' || n, 'データ' || n, 'general', 'many@example.jp', '', '', app_now() from generate_series(1, ${policy.usersPerContract - 7}) n`);
    const haruki = await loggedIn("haruki");
    for (const door of [check, register]) expect((await haruki.post(door, form(file(goro, rokuro)))).body.refusal?.code).toBe("OTP-413");
    expect((await haruki.post(register, form(file(goro)))).body.registered).toBe(1);
  });
});

test("300 users are registered, and a login gets through meanwhile", { timeout: 120_000 }, async () => {
  const haruki = await loggedIn("haruki");
  const content = file(...numbered(policyNumbers.usersPerImport.value));
  expect(await reported(haruki, content)).toMatchObject({ users: 300, wrong: 0 });
  let over = false;
  const act = haruki.post(register, form(content)).finally(() => { over = true; });
  const logins: number[] = [];
  while (!over) {
    const from = performance.now();
    await person("sakuro").password();
    logins.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect((await act).body.registered).toBe(300);
  expect(Math.max(...logins)).toBeLessThan(2_000);
});
