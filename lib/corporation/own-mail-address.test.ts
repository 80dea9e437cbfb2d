import { eq, inArray } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { POST as presentPassword } from "@/app/(customer)/login/present/route";
import { POST as logOut } from "@/app/(customer)/logout/route";
import { POST as changeMailAddress } from "@/app/(customer)/settings/mail-address/change/route";
import { GET as settingsState } from "@/app/(customer)/settings/state/route";
import { auditEvents, mailIntents, sessions, users } from "@/drizzle/schema";
import { confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { endSession } from "@/lib/login/session";
import { browser, loggedIn } from "@/lib/login/test-browser";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const form = (mailAddress = "new@example.jp", more: Record<string, string> = {}) => ({ mailAddress, mailAddressAgain: mailAddress, confirmationPassword, ...more });
const addressOf = async (loginId: string) => (await person(loginId).row()).mailAddress;
const told = async () => (await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "user_changed")))
  .map(({ recipient, content }) => [recipient, (content as { change: string }).change]).sort();
const events = (names: string[]) => database.db.select().from(auditEvents).where(inArray(auditEvents.name, names));
/** ichiro, a general user: by the password alone, where the company has not applied for the service. */
async function general() {
  await database.client`update corporations set service_applies_from = null`;
  const pc = browser();
  expect(await pc.post(presentPassword, { loginId: "ichiro", password: loginPassword })).toMatchObject({ ok: true, go: "/" });
  return pc;
}

describe("one's own mail address", () => {
  test("is changed behind the confirmation password; the old address, the new one and the master are told, each once", async () => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(changeMailAddress, form())).toMatchObject({ ok: true, go: "/settings" });
    expect(await addressOf("haruki")).toBe("new@example.jp");
    expect(await told()).toEqual([["haruki@example.jp", "mail_address"], ["new@example.jp", "mail_address"], ["sakuro@example.jp", "mail_address"]]);
    const { id, corporationId } = await person("haruki").row();
    expect(await events(["user.changed"])).toMatchObject([{ result: "done", userId: id, actorId: id, corporationId, details: { changed: ["mail_address"] } }]);
    expect(await pc.get(settingsState)).toMatchObject({ status: 200, state: { mailAddress: "new@example.jp" } }); // the session goes on
  });

  test("a master's own: two mails, not three", async () => {
    const pc = await loggedIn("sakuro");
    await pc.post(changeMailAddress, form());
    expect(await told()).toEqual([["new@example.jp", "mail_address"], ["sakuro@example.jp", "mail_address"]]);
  });

  test("a general user's, too", async () => {
    const pc = await general();
    expect(await pc.get(settingsState)).toMatchObject({ status: 200, state: {
      company: "データ商事株式会社", user: { loginId: "ichiro", name: "データ一郎", userClass: "general" }, isManager: false,
      mailAddress: "ichiro@example.jp", loginStoppedUntil: null, confirmationSuspended: null, token: { state: "unregistered", expiresAt: null, renewable: false },
    } });
    expect(await pc.post(changeMailAddress, form())).toMatchObject({ ok: true });
    expect(await addressOf("ichiro")).toBe("new@example.jp");
  });

  test.each([
    "a@example.jp\r\nBcc: x@evil.example", "a@example.jp\n", "a@example.jp,b@example.jp", "a@example.jp;b@example.jp", "a@example.jp b@example.jp",
    "<a@example.jp>", '"a b"@example.jp', "a@example", "a@[127.0.0.1]", "a@@example.jp", "a@xn--bank-xyz.example", "あ@example.jp", "a@例え.jp", "", " ", `${"a".repeat(65)}@example.jp`,
  ])("%j is a field error: nothing is counted, changed or mailed", async (mailAddress) => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(changeMailAddress, form(mailAddress, { confirmationPassword: "x" }))).toMatchObject({ status: 422, fields: { mailAddress: expect.any(String) as string } });
    expect([await addressOf("haruki"), (await person("haruki").row()).confirmationFailures, await told()]).toEqual(["haruki@example.jp", 0, []]);
  });

  test("as a Japanese keyboard writes it, it is put right; so is its repetition", async () => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(changeMailAddress, { ...form("　ｎｅｗ＠Example．ＪＰ "), mailAddressAgain: "new@example.jp" })).toMatchObject({ ok: true });
    expect(await addressOf("haruki")).toBe("new@example.jp");
  });

  test.each([["new@example.jp", "neu@example.jp"], ["new@example.jp", ""], ["new@example.jp", "NEW@example.jp"]])("%j, repeated as %j, is a field error", async (mailAddress, mailAddressAgain) => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(changeMailAddress, { ...form(mailAddress), mailAddressAgain })).toMatchObject({ status: 422, fields: { mailAddressAgain: "メールアドレスが、確認用と一致しません。" } });
    expect(await addressOf("haruki")).toBe("haruki@example.jp");
  });

  test("the present address is no change: nobody is mailed", async () => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(changeMailAddress, form("haruki@example.jp"))).toMatchObject({ status: 422, fields: { mailAddress: expect.any(String) as string } });
    expect(await told()).toEqual([]);
  });

  test("whatever else the form brings changes nothing", async () => {
    const pc = await general();
    const before = await person("ichiro").row();
    const sakuro = await person("sakuro").row();
    await pc.post(changeMailAddress, form("new@example.jp", {
      userClass: "master", user_class: "master", userId: sakuro.id, id: sakuro.id, corporationId: sakuro.id, loginId: "sakuro", name: "x", role: "master",
      loginPasswordHash: "x", confirmationFailures: "0", deletedAt: "2020-01-01", loginPasswordTemporary: "false",
    }));
    const { revision, ...after } = await person("ichiro").row();
    expect(after).toEqual({ ...before, mailAddress: "new@example.jp", revision: undefined });
    expect(revision).toBeGreaterThan(before.revision);
    expect(await person("sakuro").row()).toEqual(sakuro);
  });
});

describe("the confirmation password at the address form", () => {
  test("20 wrong ones at once count exactly five and lock once; a right one after them is not evaluated", async () => {
    const pc = await loggedIn("haruki");
    const answers = await Promise.all(Array.from({ length: 20 }, () => pc.copy().post(changeMailAddress, form("new@example.jp", { confirmationPassword: "wrong" }))));
    expect(answers.filter(({ refusal }) => refusal?.code === "OTP-401")).toHaveLength(4);
    expect(answers.filter(({ refusal }) => refusal?.code === "OTP-402")).toHaveLength(16);
    expect((await person("haruki").row()).confirmationFailures).toBe(5);
    expect(await events(["confirmation_password.suspended"])).toHaveLength(1);
    const mails = await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "confirmation_password_suspended"));
    expect(mails.map(({ recipient }) => recipient).sort()).toEqual(["haruki@example.jp", "sakuro@example.jp"]);
    expect(await pc.post(changeMailAddress, form())).toMatchObject({ status: 403, refusal: { code: "OTP-402" } });
    expect(await addressOf("haruki")).toBe("haruki@example.jp");
  });

  test("the login password is not one", async () => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(changeMailAddress, form("new@example.jp", { confirmationPassword: loginPassword }))).toMatchObject({ status: 403, refusal: { code: "OTP-401" } });
    expect(await pc.post(changeMailAddress, { mailAddress: "new@example.jp", mailAddressAgain: "new@example.jp" })).toMatchObject({ status: 422 });
  });
});

test("nobody, a half-login, an ended session and a temporary password's are refused at the form and the state", async () => {
  const nobody = browser();
  const half = browser();
  await half.post(presentPassword, { loginId: "sakuro", password: loginPassword });
  const ended = await loggedIn("haruki");
  const replayed = ended.copy();
  await ended.post(logOut, {});
  const waiting = await general();
  await database.db.update(sessions).set({ level: "password_change" }).where(eq(sessions.userId, (await person("ichiro").row()).id));
  for (const [pc, status] of [[nobody, 401], [half, 401], [ended, 401], [replayed, 401], [waiting, 403]] as const) {
    expect(await pc.post(changeMailAddress, form())).toMatchObject({ status, ok: false });
    expect(await pc.get(settingsState)).toMatchObject({ status });
  }
  expect(await told()).toEqual([]);
  expect((await database.db.select().from(users)).filter(({ mailAddress }) => mailAddress === "new@example.jp")).toEqual([]);
});

test("a session that ends while the form waits for the user's row changes nothing", async () => {
  const pc = await loggedIn("haruki");
  let answer!: ReturnType<typeof pc.post>;
  await person("haruki").as(async (work, standing) => {
    answer = pc.post(changeMailAddress, form());
    await new Promise((resolve) => setTimeout(resolve, 500)); // past its guard, at the lock
    endSession(work, standing, "stopped");
  });
  expect(await answer).toMatchObject({ status: 401, refusal: { code: "OTP-116" } });
  expect([await addressOf("haruki"), await told()]).toEqual(["haruki@example.jp", []]);
});

test("a token is renewable from 30 days before its end, and its state says so", async () => {
  const pc = await loggedIn("haruki");
  expect(await pc.get(settingsState)).toMatchObject({ state: { token: { state: "in_use", expiresAt: expect.any(String) as string, renewable: false } } });
  await database.client`update tokens set expires_at = app_now() + interval '30 days' where ended_at is null and confirmed_at is not null`;
  expect(await pc.get(settingsState)).toMatchObject({ state: { token: { state: "in_use", renewable: true } } });
});
