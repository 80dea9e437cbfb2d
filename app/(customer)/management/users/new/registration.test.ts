import { availableParallelism } from "node:os";
import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { auditEvents, corporations, issuancePermissions, mailIntents, sessions, stops, users } from "@/drizzle/schema";
import { confirmationPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browserWith, loggedIn } from "@/lib/login/test-session";
import { person } from "@/lib/login/test-person";
import { sessionCookie } from "@/lib/login/session-cookie";
import { hashPassword } from "@/lib/platform/password";
import { testDatabase } from "@/lib/platform/test-database";
import { policyNumbers } from "@/lib/policy";
import { POST as register } from "./register/route";
import { GET as state } from "./state/route";

vi.mock("@/lib/platform/password", { spy: true });

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const shiro = {
  loginId: "shiro", name: "データ四郎", userClass: "general", mailAddress: "shiro@example.jp",
  loginPassword: "kx7f-9pqm-w2za", newConfirmationPassword: "b3rt-hh8k-n5vy", confirmationPassword,
};
const everyone = () => database.db.select().from(users);
const found = async (loginId: string) => (await everyone()).filter((user) => user.loginId.toLowerCase() === loginId.toLowerCase());
const events = async (name: string) => (await database.db.select().from(auditEvents).where(eq(auditEvents.name, name))).map(({ details, code, result, actorId, userId }) => ({ ...details as object, code, result, actorId, userId }));
const times = <Value>(count: number, work: (index: number) => Promise<Value>) => Promise.all(Array.from({ length: count }, (_, index) => work(index)));

test("a user is registered with two temporary passwords, told by mail together with the masters, and audited", async () => {
  const haruki = await loggedIn("haruki");
  const { status, body } = await haruki.post(register, shiro);
  const [user] = await found("shiro");
  expect([status, body.go]).toEqual([200, `/management/users/${user!.id}?registered`]);
  expect(user).toMatchObject({
    name: "データ四郎", userClass: "general", mailAddress: "shiro@example.jp", loginPasswordTemporary: true, confirmationPasswordTemporary: true,
    corporationId: (await person("haruki").row()).corporationId, deletedAt: null,
  });
  expect(JSON.stringify(user)).not.toContain(shiro.loginPassword);
  const mails = await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "user_changed"));
  expect(mails.map(({ recipient }) => recipient).sort()).toEqual(["sakuro@example.jp", "shiro@example.jp"]);
  expect(JSON.stringify(mails)).not.toContain(shiro.loginPassword);
  expect(await events("user.registered")).toMatchObject([{ by: "form", userClass: "general", userId: user!.id, actorId: (await person("haruki").row()).id }]);
});

test("the temporary password logs in; after the first token it opens nothing but its own change", async () => {
  await (await loggedIn("haruki")).post(register, shiro);
  const someone = person("shiro");
  expect(await someone.password(shiro.newConfirmationPassword)).toMatchObject({ ok: false });
  expect(await someone.password(shiro.loginPassword)).toMatchObject({ ok: true, value: { step: "issuance" } });
  expect((await someone.issue()).ok).toBe(true);
  expect((await someone.setUp(await someone.channels())).ok).toBe(true);
  expect((await someone.confirm(await someone.presentDigits())).ok).toBe(true);
  expect(await someone.openSessions()).toMatchObject([{ level: "password_change" }]);
});

describe("発行許可 (R13)", () => {
  const permissionOf = async (loginId: string) =>
    database.db.select().from(issuancePermissions).where(eq(issuancePermissions.userId, (await found(loginId))[0]!.id));
  const serviceFrom = (days: number) => database.db.execute(sql`update corporations set service_applies_from = (app_now() at time zone 'Asia/Tokyo')::date + ${days}::int where contract_number = '1000001'`);

  test("within the service's first 30 days it is open until their end, also for a user of later days", async () => {
    await serviceFrom(-29);
    await (await loggedIn("haruki")).post(register, shiro);
    const [permission] = await permissionOf("shiro");
    const [row] = await database.db.execute<{ ends: boolean }>(sql`select ${permission!.closesAt.toISOString()}::timestamptz
      = ((app_now() at time zone 'Asia/Tokyo')::date + 1)::timestamp at time zone 'Asia/Tokyo' as ends`);
    expect([permission!.cause, row!.ends]).toEqual(["service_applied", true]);
  });
  test("after them there is none, and the login says so", async () => {
    await serviceFrom(-30);
    await (await loggedIn("haruki")).post(register, shiro);
    expect(await permissionOf("shiro")).toEqual([]);
  });
  test("before the service it waits for the first day", async () => {
    await serviceFrom(3);
    await (await loggedIn("haruki")).post(register, shiro);
    const [permission] = await permissionOf("shiro");
    expect(permission!.opensAt.getTime()).toBeGreaterThan(permission!.closesAt.getTime() - 31 * 86_400_000);
    expect(permission!.opensAt.getTime()).toBeGreaterThan(Date.now());
  });
  test("without a service there is none", async () => {
    await (await loggedIn("mihon")).post(register, { ...shiro, userClass: "master" });
    expect(await permissionOf("shiro")).toEqual([]);
    expect(await person("shiro").password(shiro.loginPassword)).toMatchObject({ ok: true });
  });
});

describe("what a form may say", () => {
  test.each([
    ["loginId", ""], ["loginId", "abc"], ["loginId", "a".repeat(31)], ["loginId", "日本太郎"], ["loginId", "-abcd"], ["loginId", "a b c d"], ["loginId", "ab\r\ncd"], ["loginId", "abcd@example"],
    ["loginId", "HARUKI"], ["loginId", "ｈａｒｕｋｉ"], ["loginId", " haruki "], ["loginId", "mihon"], ["loginId", "haruKi"],
    ["name", ""], ["name", "　"], ["name", "あ".repeat(61)], ["name", "データ\u202e四郎"], ["name", "データ\u0007四郎"], ["name", "データ\n四郎"], ["name", "データ\u200b四郎"], ["name", "\ud800"], ["name", "外字\ue000"],
    ["userClass", ""], ["userClass", "root"], ["userClass", "一般ユーザ"],
    ["mailAddress", ""], ["mailAddress", "a@b"], ["mailAddress", "a@example.jp,b@example.jp"], ["mailAddress", "a@example.jp\r\nBcc: b@example.jp"], ["mailAddress", "\"e@evil\"@example.jp"],
    ["loginPassword", ""], ["loginPassword", "kx7f-9p"], ["loginPassword", "password1"], ["loginPassword", "shiro2026"], ["loginPassword", "データ商事株式会社"], ["loginPassword", "x".repeat(201)], ["loginPassword", "kx7f-9pqm\tw2za"],
    ["newConfirmationPassword", ""], ["newConfirmationPassword", "12345678"], ["newConfirmationPassword", shiro.loginPassword],
    ["confirmationPassword", ""],
  ])("%s %j is that field's error, and nobody is registered", async (field, value) => {
    const before = (await everyone()).length;
    const { status, body } = await (await loggedIn("haruki")).post(register, { ...shiro, [field]: value });
    expect([status, Object.keys(body.fields ?? {})]).toEqual([422, [field]]);
    expect((await everyone()).length).toBe(before);
  });

  test("a NUL is no text", async () => {
    const { body } = await (await loggedIn("haruki")).post(register, { ...shiro, name: "デー\0タ" });
    expect(body.refusal?.code).toBe("OTP-904");
  });

  test.each([
    ["𠮷田 太郎", "𠮷田 太郎"], ["𠮷".repeat(60), "𠮷".repeat(60)], ["<script>alert(1)</script>", "<script>alert(1)</script>"], ["'; DROP TABLE users; --", "'; DROP TABLE users; --"],
    ["=1+1", "=1+1"], ["か\u3099行", "が行"], ["　データ 四郎　", "データ 四郎"], ["渡邉󠄀", "渡邉󠄀"],
  ])("the name %j is kept as text", async (name, kept) => {
    await (await loggedIn("haruki")).post(register, { ...shiro, name });
    expect((await found("shiro"))[0]?.name).toBe(kept);
  });

  test("full-width letters of an ID and an address are put right", async () => {
    await (await loggedIn("haruki")).post(register, { ...shiro, loginId: " Ｓｈｉｒｏ．４ ", mailAddress: "ｓｈｉｒｏ＠ｅｘａｍｐｌｅ．ｊｐ" });
    expect(await found("Shiro.4")).toMatchObject([{ loginId: "Shiro.4", mailAddress: "shiro@example.jp" }]);
  });

  test("what the form does not ask for is never written", async () => {
    const [mihon] = await database.db.select().from(corporations).where(eq(corporations.contractNumber, "1000002"));
    const { status } = await (await loggedIn("haruki")).post(register, {
      ...shiro, role: "master", corporationId: mihon!.id, corporation_id: mihon!.id, deletedAt: "2020-01-01", id: "00000000-0000-0000-0000-000000000001", revision: "7",
      loginPasswordTemporary: "false", confirmationPasswordTemporary: "false", loginPasswordHash: "x", createdAt: "2020-01-01", "user.userClass": "master", "userClass[]": "master",
    });
    expect(status).toBe(200);
    const [user] = await found("shiro");
    expect(user).toMatchObject({ userClass: "general", deletedAt: null, revision: 0, loginPasswordTemporary: true, confirmationPasswordTemporary: true, corporationId: (await person("haruki").row()).corporationId });
    expect(user!.createdAt.getFullYear()).toBeGreaterThan(2025);
    expect(user!.id).not.toMatch(/^00000000/);
  });

  test("another company's login ID is taken, and the answer is the one for a colleague's", async () => {
    const haruki = await loggedIn("haruki");
    const [theirs, ours] = [await haruki.post(register, { ...shiro, loginId: "mihon" }), await haruki.post(register, { ...shiro, loginId: "ichiro" })];
    expect(theirs).toEqual(ours);
    expect(await events("user.register_refused")).toMatchObject([{ reason: "login_id_taken", result: "refused" }, { reason: "login_id_taken" }]);
  });

  test("a deleted user's login ID is free again", async () => {
    await database.db.update(users).set({ deletedAt: new Date() }).where(eq(users.loginId, "ichiro"));
    expect((await (await loggedIn("haruki")).post(register, { ...shiro, loginId: "ICHIRO" })).status).toBe(200);
  });
});

describe("who may register whom", () => {
  test("the screen offers what the act allows", async () => {
    expect((await (await loggedIn("haruki")).get(state)).body.assignableClasses).toEqual(["general", "administrator"]);
    expect((await (await loggedIn("sakuro")).get(state)).body.assignableClasses).toEqual(["general", "administrator", "master"]);
  });
  test("an administrator registers no master; it is refused and audited", async () => {
    const { status, body } = await (await loggedIn("haruki")).post(register, { ...shiro, userClass: "master" });
    expect([status, body.refusal?.code]).toEqual([403, "OTP-405"]);
    expect(await found("shiro")).toEqual([]);
    expect(await events("user.register_refused")).toMatchObject([{ code: "OTP-405", reason: "not_permitted_on_user" }]);
    expect((await (await loggedIn("sakuro")).post(register, { ...shiro, userClass: "master" })).status).toBe(200);
  });

  const changes = {
    "a general user": async () => loggedIn("ichiro"),
    "nobody": async () => browserWith(""),
    "a half-login": async () => { await person("haruki").password(); return browserWith("__Host-ichido-half-login=x"); },
    "a half-login's secret as a session": async () => {
      const result = await person("haruki").password();
      return browserWith((await sessionCookie(result.ok && "halfLogin" in result.value ? result.value.halfLogin.secret : "")).split(";")[0]!);
    },
    "an ended session": async () => {
      const haruki = await loggedIn("haruki");
      await database.db.update(sessions).set({ endedAt: new Date(), endedBecause: "suspended" });
      return haruki;
    },
    "a temporary password's session": async () => {
      const haruki = await loggedIn("haruki");
      await database.db.update(sessions).set({ level: "password_change" });
      return haruki;
    },
    "a manager who has become a general user": async () => {
      const haruki = await loggedIn("haruki");
      await database.db.update(users).set({ userClass: "general" }).where(eq(users.loginId, "haruki"));
      return haruki;
    },
  };
  test.each(Object.entries(changes))("%s is refused, audited, and nothing has changed", async (_, come) => {
    const visitor = await come();
    const before = await everyone();
    const { status } = await visitor.post(register, shiro);
    expect([401, 403]).toContain(status);
    expect(await everyone()).toEqual(before);
    expect((await events("access.refused")).length).toBe(1);
    expect([401, 403]).toContain((await visitor.get(state)).status);
  });

  test("a session that ends while the hashes are made registers nobody", async () => {
    const haruki = await loggedIn("haruki");
    const act = haruki.post(register, shiro);
    await expect.poll(async () => (await person("haruki").row()).revision, { interval: 1 }).toBeGreaterThan(1); // the confirmation password was right
    await database.db.transaction(async (tx) => {
      await tx.update(sessions).set({ endedAt: new Date(), endedBecause: "stopped" });
      await tx.update(users).set({ revision: sql`revision + 1` }).where(eq(users.loginId, "haruki"));
    });
    expect((await act).status).toBe(401);
    expect(await found("shiro")).toEqual([]);
  });
});

describe("確認用パスワード", () => {
  const failures = async () => (await person("haruki").row()).confirmationFailures;

  test("a wrong one counts once, and registers and hashes nothing; a right one begins anew", async () => {
    const haruki = await loggedIn("haruki");
    vi.mocked(hashPassword).mockClear();
    const wrong = await haruki.post(register, { ...shiro, confirmationPassword: "wrong" });
    expect(hashPassword).not.toHaveBeenCalled();
    expect([wrong.status, wrong.body.refusal?.code, await failures()]).toEqual([403, "OTP-401", 1]);
    expect((await events("confirmation_password.refused")).length).toBe(1);
    expect(await found("shiro")).toEqual([]);
    expect((await haruki.post(register, shiro)).status).toBe(200);
    expect(await failures()).toBe(0);
  });
  test("the fifth wrong one closes it, for the right one, too", async () => {
    const haruki = await loggedIn("haruki");
    const codes = [];
    for (let i = 0; i < 5; i += 1) codes.push((await haruki.post(register, { ...shiro, confirmationPassword: "wrong" })).body.refusal?.code);
    codes.push((await haruki.post(register, shiro)).body.refusal?.code);
    expect(codes).toEqual(["OTP-401", "OTP-401", "OTP-401", "OTP-401", "OTP-402", "OTP-402"]);
    expect(await found("shiro")).toEqual([]);
  });
  test("20 wrong ones in parallel count exactly five", async () => {
    const haruki = await loggedIn("haruki");
    await times(20, (index) => haruki.post(register, { ...shiro, loginId: `shiro${index}`, confirmationPassword: "wrong" }));
    expect(await failures()).toBe(5);
    expect((await events("confirmation_password.refused")).filter((event) => "failures" in event).length).toBe(5);
    expect((await events("confirmation_password.suspended")).length).toBe(1);
    expect((await everyone()).filter(({ loginId }) => loginId.startsWith("shiro"))).toEqual([]);
  });
  test("the new user's own passwords and the operator's login password are no confirmation", async () => {
    const haruki = await loggedIn("haruki");
    for (const wrong of [shiro.loginPassword, shiro.newConfirmationPassword, "Ichido-demo-2026"])
      expect((await haruki.post(register, { ...shiro, confirmationPassword: wrong })).body.refusal?.code).toBe("OTP-401");
  });
  test("one that changes while the hashes are made is asked for again", async () => {
    const haruki = await loggedIn("haruki");
    const act = haruki.post(register, shiro);
    await expect.poll(async () => (await person("haruki").row()).revision, { interval: 1 }).toBeGreaterThan(1);
    await database.db.update(users).set({ confirmationPasswordHash: (await person("ichiro").row()).loginPasswordHash, revision: sql`revision + 1` }).where(eq(users.loginId, "haruki"));
    expect((await act).body.refusal?.code).toBe("OTP-401");
    expect([await found("shiro"), await failures()]).toEqual([[], 1]);
  });
});

describe("at once", () => {
  /** Two acts that overlap as far as they can: the first has written its user and is kept from ending until the other waits for it. */
  async function overlapping<Value>(acts: (() => Promise<Value>)[]): Promise<Value[]> {
    let answers: Promise<Value>[] = [];
    await database.db.transaction(async (tx) => {
      await tx.execute(sql`lock table audit_events in exclusive mode`);
      answers = acts.map((act) => act());
      const waiting = async () => (await database.db.execute<{ count: number }>(sql`select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))[0]!.count;
      await expect.poll(waiting, { interval: 20, timeout: 5_000 }).toBe(Math.min(acts.length, availableParallelism()));
    });
    return Promise.all(answers);
  }

  test("one login ID, wanted by two companies at the same moment, is one user and one field's error", async () => {
    const [haruki, mihon] = [await loggedIn("haruki"), await loggedIn("mihon")];
    const answers = await overlapping([() => haruki.post(register, shiro), () => mihon.post(register, { ...shiro, loginId: "SHIRO" })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect((await found("shiro")).length).toBe(1);
  });

  test("20 registrations of one login ID, in two spellings, by two companies: one user", async () => {
    const [haruki, mihon] = [await loggedIn("haruki"), await loggedIn("mihon")];
    const answers = await times(20, (index) => (index % 3 ? haruki : mihon).post(register, { ...shiro, loginId: index % 2 ? "shiro" : "SHIRO" }));
    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
    expect(answers.filter(({ body }) => body.fields?.loginId).length).toBe(19);
    expect((await found("shiro")).length).toBe(1);
  });

  test("the contract's last free place is taken once; two more than it holds are refused", async () => {
    const mostUsers = policyNumbers.usersPerContract.value;
    const { corporationId } = await person("haruki").row();
    const present = (await everyone()).filter((user) => user.corporationId === corporationId).length;
    await database.db.execute(sql`insert into users (corporation_id, login_id, name, user_class, mail_address, login_password_hash, confirmation_password_hash, created_at)
      select ${corporationId}, 'many' || n, 'データ' || n, 'general', 'many@example.jp', '', '', app_now() from generate_series(1, ${mostUsers - present - 1}) n`);
    const [haruki, sakuro] = [await loggedIn("haruki"), await loggedIn("sakuro")];
    const first = await overlapping([haruki, sakuro].map((one, index) => () => one.post(register, { ...shiro, loginId: `shiro${index}` })));
    expect(first.map(({ status }) => status).sort()).toEqual([200, 409]);
    await database.db.update(users).set({ deletedAt: new Date() }).where(sql`login_id like 'shiro%'`);
    const answers = await times(20, (index) => (index % 2 ? haruki : sakuro).post(register, { ...shiro, loginId: `shiro${index}` }));
    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
    expect(answers.filter(({ body }) => body.refusal?.code === "OTP-413").length).toBe(19);
    const [counted] = await database.db.execute<{ users: number }>(sql`select count(*)::int as users from users where corporation_id = ${corporationId} and deleted_at is null`);
    expect(counted!.users).toBe(mostUsers);
  });
});

test("a stopped manager's session is over already, and registers nobody", async () => {
  const haruki = await loggedIn("haruki");
  const { id, corporationId } = await person("haruki").row();
  await database.db.insert(stops).values({ corporationId, userId: id, stoppedAt: new Date(), cause: "counter" });
  await database.db.update(sessions).set({ endedAt: new Date(), endedBecause: "stopped" }).where(eq(sessions.userId, id));
  expect((await haruki.post(register, shiro)).body.refusal?.code).toBe("OTP-116");
  expect(await found("shiro")).toEqual([]);
});
