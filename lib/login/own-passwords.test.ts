import { and, asc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { POST as presentOneTimePassword } from "@/app/(customer)/login/one-time-password/present/route";
import { POST as presentPassword } from "@/app/(customer)/login/present/route";
import { POST as changeLoginPassword } from "@/app/(customer)/password/change/change/route";
import { GET as passwordChangeState } from "@/app/(customer)/password/change/state/route";
import { POST as changeConfirmationPassword } from "@/app/(customer)/settings/confirmation-password/change/route";
import { POST as changeMailAddress } from "@/app/(customer)/settings/mail-address/change/route";
import { GET as settingsState } from "@/app/(customer)/settings/state/route";
import { GET as topState } from "@/app/(customer)/state/route";
import { auditEvents, mailIntents, sessions, users } from "@/drizzle/schema";
import { confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { passwordMatches } from "@/lib/platform/password";
import { testDatabase } from "@/lib/platform/test-database";
import { browser, loggedIn } from "./test-browser";
import { person } from "./test-person";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const haruki = person("haruki");
const change = (currentPassword: string, newPassword: string, newPasswordAgain = newPassword) => ({ currentPassword, newPassword, newPasswordAgain });
const good = (nth = 1) => `midori no kisha ${nth}`;
const eventsOf = async (name: string) => database.db.select().from(auditEvents)
  .where(and(eq(auditEvents.name, name), eq(auditEvents.userId, (await haruki.row()).id))).orderBy(asc(auditEvents.id));
const mailsOf = async (kind: string) => (await database.db.select().from(mailIntents).where(eq(mailIntents.kind, kind))).map(({ recipient, content }) => ({ recipient, content }));
const temporary = (columns: { loginPasswordTemporary?: boolean; confirmationPasswordTemporary?: boolean }) =>
  database.db.update(users).set(columns).where(eq(users.loginId, "haruki"));

describe("the confirmation password", () => {
  test("is changed behind the present one; user and masters are mailed, and it is in the audit log", async () => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(changeConfirmationPassword, change(confirmationPassword, good()))).toMatchObject({ ok: true, go: "/settings?changed=confirmation_password" });
    const row = await haruki.row();
    expect(await passwordMatches(row.confirmationPasswordHash, good())).toBe(true);
    expect(await passwordMatches(row.loginPasswordHash, loginPassword)).toBe(true);
    const mails = await mailsOf("user_changed");
    expect(mails.map(({ recipient }) => recipient).sort()).toEqual(["haruki@example.jp", "sakuro@example.jp"]);
    for (const { content } of mails) expect(content).toMatchObject({ change: "confirmation_password_changed", userNames: ["データ花子"] });
    expect(await eventsOf("confirmation_password.changed")).toMatchObject([{ result: "done", actorKind: "user", actorId: row.id, corporationId: row.corporationId }]);
  });

  test("every other session and half-login ends with it; this browser goes on with a new secret", async () => {
    const pc = await loggedIn("haruki");
    const stolen = pc.copy();
    await database.advance(60);
    const elsewhere = browser();
    await elsewhere.post(presentPassword, { loginId: "haruki", password: loginPassword });
    await pc.post(changeConfirmationPassword, change(confirmationPassword, good()));
    expect(await stolen.get(topState)).toMatchObject({ status: 401 });
    expect(await elsewhere.post(presentOneTimePassword, { oneTimePassword: await haruki.presentDigits() })).toMatchObject({ ok: false, refusal: { code: "OTP-108" } });
    expect(await pc.get(topState)).toMatchObject({ status: 200 });
    expect(await haruki.openSessions()).toHaveLength(1);
  });

  test.each([
    ["short", /8文字以上/], ["password1", /推測されやすい/], ["himawari", /推測されやすい/], ["haruki2026", /推測されやすい/],
    [confirmationPassword, /現在のパスワードと異なる/], [loginPassword, /ログインパスワードと異なる/],
  ])("%s will not do", async (unfit, words) => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(changeConfirmationPassword, change(confirmationPassword, unfit)))
      .toMatchObject({ status: 422, fields: { newPassword: expect.stringMatching(words) as string } });
    expect(await eventsOf("confirmation_password.change_refused")).toMatchObject([{ result: "refused", details: { reason: "unfit" } }]);
    expect(await passwordMatches((await haruki.row()).confirmationPasswordHash, confirmationPassword)).toBe(true);
  });

  test("makes no session longer: its 12 hours are those of the login", async () => {
    const pc = await loggedIn("haruki");
    await database.advance(600);
    await pc.post(changeConfirmationPassword, change(confirmationPassword, good()));
    const [before, after] = await database.db.select().from(sessions).where(eq(sessions.userId, (await haruki.row()).id)).orderBy(asc(sessions.openedAt));
    expect([before!.endedBecause, after!.endedAt, after!.expiresAt]).toEqual(["replaced", null, before!.expiresAt]);
  });

  test("entered twice differently nothing is evaluated or counted", async () => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(changeConfirmationPassword, change("x", good(1), good(2)))).toMatchObject({ status: 422, fields: { newPasswordAgain: expect.stringMatching(/一致しません/) as string } });
    expect((await haruki.row()).confirmationFailures).toBe(0);
  });

  test("wrong present ones count wherever they are entered: the fifth makes it 利用停止, here and at the address", async () => {
    const pc = await loggedIn("haruki");
    const address = { mailAddress: "new@example.jp", mailAddressAgain: "new@example.jp" };
    for (const left of [undefined, undefined, 2, 1]) {
      const answer = left === 2
        ? await pc.post(changeMailAddress, { ...address, confirmationPassword: "x" })
        : await pc.post(changeConfirmationPassword, change("x", good()));
      expect(answer).toMatchObject({ status: 403, refusal: { code: "OTP-401" } });
      expect(answer.refusal!.attemptsLeft).toBe(left);
    }
    expect(await pc.post(changeConfirmationPassword, change("x", good()))).toMatchObject({ status: 403, refusal: { code: "OTP-402" } });
    expect(await pc.post(changeConfirmationPassword, change(confirmationPassword, good()))).toMatchObject({ status: 403, refusal: { code: "OTP-402" } });
    expect(await pc.post(changeMailAddress, { ...address, confirmationPassword })).toMatchObject({ status: 403, refusal: { code: "OTP-402" } });
    expect((await eventsOf("confirmation_password.change_refused")).map(({ code }) => code)).toEqual(["OTP-401", "OTP-401", "OTP-401", "OTP-402", "OTP-402"]);
    expect(await pc.get(settingsState)).toMatchObject({ status: 200, state: { confirmationSuspended: { at: expect.any(String) as string, refusal: { code: "OTP-402", ask: "manager" } } } });
  });

  test("where nobody of the company can lift it, the settings name the counter", async () => {
    const pc = await loggedIn("haruki");
    await database.db.update(users).set({ confirmationFailures: 5 });
    expect(await pc.get(settingsState)).toMatchObject({ state: { confirmationSuspended: { refusal: { code: "OTP-403", ask: "counter" } } } });
  });

  test("a right one sets the count to 0", async () => {
    const pc = await loggedIn("haruki");
    await pc.post(changeConfirmationPassword, change("x", good()));
    await pc.post(changeConfirmationPassword, change(confirmationPassword, good()));
    expect((await haruki.row()).confirmationFailures).toBe(0);
  });

  test("its change ends no 利用一時停止 of the login password", async () => {
    const pc = await loggedIn("haruki");
    for (let time = 0; time < 5; time += 1) await pc.post(changeLoginPassword, change("x", good(1)));
    expect(await pc.get(settingsState)).toMatchObject({ state: { loginStoppedUntil: expect.any(String) as string } });
    expect(await pc.post(changeConfirmationPassword, change(confirmationPassword, good(2)))).toMatchObject({ ok: true });
    expect(await pc.post(changeLoginPassword, change(loginPassword, good(1)))).toMatchObject({ status: 403, refusal: { code: "OTP-119" } });
  });

  test("10 changes at once: the session that made the first is the only one, and the others are refused", async () => {
    const pc = await loggedIn("haruki");
    const answers = await Promise.all(Array.from({ length: 10 }, (_, nth) => pc.copy().post(changeConfirmationPassword, change(confirmationPassword, good(nth)))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    for (const { ok, refusal } of answers) if (!ok) expect(["OTP-116", "OTP-112"]).toContain(refusal!.code);
    expect(await eventsOf("confirmation_password.changed")).toHaveLength(1);
  });
});

describe("one password is no way to guess the other", () => {
  const guessAtConfirmation = (pc: Awaited<ReturnType<typeof loggedIn>>, present: string, guess: string) => pc.post(changeLoginPassword, change(present, guess));
  const doors = {
    confirmation: { guess: guessAtConfirmation, first: loginPassword, other: confirmationPassword, event: "login_password.change_refused" },
    login: {
      guess: (pc: Awaited<ReturnType<typeof loggedIn>>, present: string, guess: string) => pc.post(changeConfirmationPassword, change(present, guess)),
      first: confirmationPassword, other: loginPassword, event: "confirmation_password.change_refused",
    },
  };

  test.each(Object.entries(doors))("three guesses at the %s password in 24 hours: the fourth, though right, is not compared", async (_, { guess, first, other, event }) => {
    const pc = await loggedIn("haruki");
    let present = first;
    for (let nth = 1; nth <= 3; nth += 1) {
      expect(await guess(pc, present, good(nth))).toMatchObject({ ok: true });
      present = good(nth);
      await database.advance(60);
    }
    const [right, wrong] = [await guess(pc, present, other), await guess(pc, present, good(4))];
    expect(right).toMatchObject({ status: 429, refusal: { code: "OTP-120" } });
    expect(right).toEqual(wrong);
    expect((await eventsOf(event)).map(({ code }) => code)).toEqual(["OTP-120", "OTP-120"]);
  });

  test("the limit moves on with the day, to the second", async () => {
    let pc = await loggedIn("haruki");
    for (let nth = 1; nth <= 3; nth += 1) {
      await pc.post(changeLoginPassword, change(nth === 1 ? loginPassword : good(nth - 1), good(nth)));
      await database.advance(60);
    }
    const { refusal } = await pc.post(changeLoginPassword, change(good(3), good(4)));
    const { now } = await haruki.standing();
    const wait = Math.ceil((Date.parse(refusal!.until!) - now.getTime()) / 1_000);
    expect(wait).toBeGreaterThan(86_400 - 240);
    await database.advance(wait - 20);
    pc = await loggedIn("haruki", good(3));
    expect(await pc.post(changeLoginPassword, change(good(3), good(4)))).toMatchObject({ status: 429 });
    await database.advance(20);
    expect(await pc.post(changeLoginPassword, change(good(3), good(4)))).toMatchObject({ ok: true });
    expect(await pc.post(changeLoginPassword, change(good(4), good(5)))).toMatchObject({ status: 429 }); // the second of yesterday has not left the day
  });

  test("a wrong present password is refused as ever, and changes of the two are counted apart", async () => {
    const pc = await loggedIn("haruki");
    for (let nth = 1; nth <= 3; nth += 1) await pc.post(changeLoginPassword, change(nth === 1 ? loginPassword : good(nth - 1), good(nth)));
    expect(await pc.post(changeLoginPassword, change("x", good(4)))).toMatchObject({ status: 403, refusal: { code: "OTP-119" } });
    expect(await pc.post(changeConfirmationPassword, change(confirmationPassword, good(5)))).toMatchObject({ ok: true });
  });

  test("a temporary password is changed though the day's changes are used up", async () => {
    let pc = await loggedIn("haruki");
    for (let nth = 1; nth <= 3; nth += 1) await pc.post(changeLoginPassword, change(nth === 1 ? loginPassword : good(nth - 1), good(nth)));
    await temporary({ loginPasswordTemporary: true });
    await database.advance(60);
    pc = await loggedIn("haruki", good(3), "/password/change");
    expect(await pc.post(changeLoginPassword, change(good(3), good(4)))).toMatchObject({ ok: true, go: "/" });
    expect(await pc.post(changeLoginPassword, change(good(4), good(5)))).toMatchObject({ status: 429 });
  });
});

describe("temporary passwords", () => {
  const stateOf = async (pc: Awaited<ReturnType<typeof loggedIn>>) => pc.get<{ level: string; temporary: { login: boolean; confirmation: boolean } }>(passwordChangeState);
  const expectNothingElse = async (pc: Awaited<ReturnType<typeof loggedIn>>) => {
    for (const door of [topState, settingsState]) expect(await pc.get(door)).toMatchObject({ status: 403, state: { refusal: { code: "OTP-118" } } });
    expect(await pc.post(changeMailAddress, { mailAddress: "a@example.jp", mailAddressAgain: "a@example.jp", confirmationPassword })).toMatchObject({ status: 403, refusal: { code: "OTP-118" } });
  };

  test("both are changed one after the other before anything opens", async () => {
    await temporary({ loginPasswordTemporary: true, confirmationPasswordTemporary: true });
    const pc = await loggedIn("haruki", loginPassword, "/password/change");
    expect((await stateOf(pc)).state).toMatchObject({ level: "password_change", temporary: { login: true, confirmation: true } });
    await expectNothingElse(pc);
    expect(await pc.post(changeLoginPassword, change(loginPassword, good(1)))).toMatchObject({ ok: true, go: "/password/change" });
    expect((await stateOf(pc)).state).toMatchObject({ level: "password_change", temporary: { login: false, confirmation: true } });
    await expectNothingElse(pc);
    expect(await pc.post(changeConfirmationPassword, change(confirmationPassword, good(1)))).toMatchObject({ status: 422 }); // the new login password
    expect(await pc.post(changeConfirmationPassword, change(confirmationPassword, good(2)))).toMatchObject({ ok: true, go: "/" });
    expect(await pc.get(topState)).toMatchObject({ status: 200 });
    expect((await stateOf(pc)).state).toMatchObject({ level: "full", temporary: { login: false, confirmation: false } });
    expect(await haruki.row()).toMatchObject({ loginPasswordTemporary: false, confirmationPasswordTemporary: false });
  });

  test.each([
    ["login", { loginPasswordTemporary: true }, changeLoginPassword, loginPassword, changeConfirmationPassword, confirmationPassword],
    ["confirmation", { confirmationPasswordTemporary: true }, changeConfirmationPassword, confirmationPassword, changeLoginPassword, loginPassword],
  ] as const)("a temporary %s password alone: its change opens the session, the other's is refused until then", async (_, columns, own, present, other, othersPresent) => {
    await temporary(columns);
    const pc = await loggedIn("haruki", loginPassword, "/password/change");
    await expectNothingElse(pc);
    expect(await pc.post(other, change(othersPresent, good(1)))).toMatchObject({ status: 403, refusal: { code: "OTP-118" } });
    expect(await pc.post(own, change(present, good(2)))).toMatchObject({ ok: true, go: "/" });
    expect(await pc.get(topState)).toMatchObject({ status: 200 });
  });

  test("the same two at once leave a session that may do no more than what is left", async () => {
    await temporary({ loginPasswordTemporary: true, confirmationPasswordTemporary: true });
    const pc = await loggedIn("haruki", loginPassword, "/password/change");
    const answers = await Promise.all([pc.copy().post(changeLoginPassword, change(loginPassword, good(1))), pc.copy().post(changeConfirmationPassword, change(confirmationPassword, good(2)))]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await haruki.openSessions()).toMatchObject([{ level: "password_change" }]);
  });

  test("a temporary confirmation password that is 利用停止 is told with who can lift it", async () => {
    await temporary({ confirmationPasswordTemporary: true });
    const pc = await loggedIn("haruki", loginPassword, "/password/change");
    for (let time = 0; time < 5; time += 1) await pc.post(changeConfirmationPassword, change("x", good()));
    expect(await stateOf(pc)).toMatchObject({ status: 200, state: { confirmationRefusal: { code: "OTP-402" } } });
    await expectNothingElse(pc);
  });
});

test("the secret of a session that was changed away opens nothing, at any of these doors", async () => {
  const pc = await loggedIn("haruki");
  const older = pc.copy();
  await pc.post(changeLoginPassword, change(loginPassword, good()));
  for (const door of [settingsState, passwordChangeState]) expect(await older.get(door)).toMatchObject({ status: 401 });
  expect(await older.post(changeConfirmationPassword, change(confirmationPassword, good(2)))).toMatchObject({ status: 401 });
  expect((await database.db.select().from(sessions)).map(({ endedBecause }) => endedBecause)).toEqual(expect.arrayContaining(["replaced", null]));
  expect(await eventsOf("access.refused")).toMatchObject([{ result: "refused", code: "OTP-112", corporationId: (await haruki.row()).corporationId }]); // the post; a look is none
});
