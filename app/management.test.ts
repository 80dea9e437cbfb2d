import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { actResults, auditEvents, corporations, issuancePermissions, mailIntents, passkeyChallenges, passkeys, sessions, stepUpPolicy, stops, suspensions, tokens, users } from "@/drizzle/schema";
import { userActs } from "@/lib/corporation/act-on-user";
import { type Act, acts, may, mayByClass, relationOf } from "@/lib/corporation/acts";
import { confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { policy } from "@/lib/policy";
import { answerOf, call, cookieOf, cookiesOf, type Form, halfLoginOf, isManagersOnly, type Method, named, pathsOfTheTree, sessionOf, type Visitor } from "./test-doors";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const idOf = async (loginId: string) => (await database.db.select({ id: users.id }).from(users).where(eq(users.loginId, loginId)))[0]!.id;
const nowhere = "00000000-0000-4000-8000-000000000000";
const right = { confirmationPassword };

/* Every door of management × every kind of visitor × one's own and another company's user, from the tree's own list: a door without a row fails. */

type Door = { form?: (target: string) => Form; query?: (target: string) => string; ofOneUser?: true; ok?: number };
const doors: Record<string, Door> = {
  "GET /management/state": {},
  "GET /management/one-time-password/state": {},
  "GET /management/suspensions/state": {},
  "GET /management/suspensions/attempts": { query: (target) => `?users=${target}` },
  "POST /management/suspensions/lift": { form: (target) => ({ users: target, ...right }) },
  "GET /management/tokens/state": {},
  "POST /management/tokens/revoke": { form: (target) => ({ users: target, ...right }) },
  "GET /management/users/state": {},
  "POST /management/users/csv": {},
  "GET /management/users/new/state": {},
  "POST /management/users/new/register": { form: (target) => ({ ...newcomer, loginId: loginIdFor(target), ...right }) },
  "GET /management/users/import/state": {},
  "POST /management/users/import/check": { form: withFile },
  "POST /management/users/import/register": { form: withFile },
  "GET /management/users/[id]/state": { ofOneUser: true },
  "POST /management/users/[id]/act": { ofOneUser: true, form: () => ({ act: "stop", ...right }) },
  "POST /management/users/[id]/change": { ofOneUser: true, form: () => ({ name: "別の名前", userClass: "general", mailAddress: "a@example.jp", ...right }) },
};
const loginIdFor = (target: string) => `new-${target.slice(0, 8)}`; // a login ID is registered once
const newcomer = { name: "データ四郎", userClass: "general", mailAddress: "shiro@example.jp", loginPassword: "kx7f-9pqm-w2za", newConfirmationPassword: "b3rt-hh8k-n5vy" };
function withFile(target: string) {
  const form = new FormData();
  form.set("confirmationPassword", confirmationPassword);
  form.set("file", new File([`ログインID,利用者名,利用者区分,メールアドレス,仮ログインパスワード,仮確認用パスワード\n${loginIdFor(target)},データ五郎,一般ユーザ,goro@example.jp,kx7f-9pqm-w2za,b3rt-hh8k-n5vy`], "users.csv"));
  return form;
}

/** Doors that are not a manager's: each has its own test. */
const otherDoors = ["/management/suspensions/result/state", "/management/tokens/result/state"];

test("the table has every door of management, and no other", () => {
  const named = [...new Set(Object.keys(doors).map((door) => door.split(" ")[1]!)), ...otherDoors].sort();
  expect(named).toEqual(pathsOfTheTree().filter(isManagersOnly));
});

const turnedAway: Visitor[] = ["nobody", "half-login", "flipped session", "ended session", "temporary password", "passkey to register", "general user", "suspended manager"];
const everyDoor = Object.entries(doors);

/** Everything that an act could change. */
async function everything() {
  const [row] = await database.db.execute<{ digest: string }>(sql`select md5(concat(
    (select string_agg((to_jsonb(u) - 'revision')::text, '' order by id) from users u), (select string_agg(t::text, '' order by id) from tokens t),
    (select string_agg(s::text, '' order by id) from suspensions s), (select string_agg(s::text, '' order by id) from stops s), (select count(*) from login_password_suspensions),
    (select string_agg(p::text, '' order by id) from issuance_permissions p), (select count(*) from act_results), (select count(*) from mail_intents),
    (select string_agg((to_jsonb(s) - 'last_seen_at')::text, '' order by id) from sessions s))) as digest`);
  return row!.digest;
}

const refusals = () => database.db.select().from(auditEvents).where(inArray(auditEvents.name, ["access.refused", "user.act_refused", "suspension.lift_refused", "token.revoke_refused"]));

const go = (door: string, { form, query }: Door, cookie: string, target: string) => {
  const [method, path] = door.split(" ") as [Method, string];
  return call(path, method, cookie, form?.(target) ?? {}, { id: target, query: query?.(target) ?? "" });
};

test.each(everyDoor.flatMap(([door, rules]) => turnedAway.map((visitor) => [door, visitor, rules] as const)))(
  "%s for %s: refused, audited, nothing changed, also for a user who does not exist", async (door, visitor, rules) => {
    const cookie = await cookieOf(visitor);
    const [before, audited] = [await everything(), (await refusals()).length];
    const answers = [];
    for (const target of [await idOf("tarou"), await idOf("mihon"), nowhere]) {
      const response = await go(door, rules, cookie, target);
      expect([401, 403]).toContain(response.status);
      answers.push(await answerOf(response));
    }
    expect(new Set(answers.map((answer) => answer.refusal!.code)).size).toBe(1);
    expect(await everything()).toBe(before);
    if (door.startsWith("POST") || visitor === "general user") expect((await refusals()).length).toBe(audited + 3);
  });

test.each(everyDoor)("%s for another company's manager: nothing of ours is seen or changed, and the answer is that for who does not exist", async (door, rules) => {
  const cookie = await cookieOf("other company's manager");
  const tables = ["users", "tokens", "suspensions", "stops", "issuance_permissions", "sessions", "login_password_suspensions", "passkeys", "mail_intents"];
  const rows = tables.map((table) => `select '${table}' as kind, to_jsonb(t) - 'revision' as data from ${table} t where corporation_id = (select corporation_id from users where login_id = 'haruki')`).join(" union all ");
  const before = async () => (await database.client.unsafe<[{ digest: string }]>(`select md5(string_agg(data::text, '' order by kind, data::text)) as digest from (${rows}) ours`))[0].digest;
  const ours = await before();
  const bodies = [];
  for (const target of [await idOf("tarou"), await idOf("sachiko"), nowhere]) {
    const response = await go(door, rules, cookie, target);
    expect(response.status).toBe(rules.ofOneUser ? 404 : 200);
    const text = await response.text();
    expect(text).not.toMatch(/tarou|sachiko|haruki|データ|@example\.jp(?<!mihon@example\.jp)/);
    bodies.push(text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "an id").replace(/"(now|idleEndsAt|endsAt)":"[^"]*"/g, ""));
  }
  expect(new Set(bodies).size).toBe(1);
  expect(await before()).toBe(ours);
});

test.each(everyDoor)("%s for a manager: let in", async (door, rules) => {
  const cookie = await cookieOf("manager");
  const response = await go(door, rules, cookie, await idOf("tarou"));
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
});

/* Every door that changes something × the contract's policy × a fresh or an old proof × passkey or none: who is asked for a new one. A door without a row here fails. */

const neverAsked = ["POST /management/users/csv", "POST /management/users/import/check"]; // they change nothing
const boundDoors = ["POST /management/suspensions/lift", "POST /management/tokens/revoke"];
const posts = everyDoor.filter(([door]) => door.startsWith("POST") && !neverAsked.includes(door));

test.each(posts.flatMap(([door, rules]) => stepUpPolicy.enumValues.flatMap((policyName) => (["fresh", "old"] as const).flatMap((age) => ([true, false] as const).map((passkey) => [door, policyName, age, passkey, rules] as const)))))(
  "%s under %s, the last proof %s, passkey: %s: asked for a new one, or not", async (door, policyName, age, passkey, rules) => {
    const cookie = await sessionOf("haruki");
    await database.db.update(corporations).set({ stepUpPolicy: policyName });
    if (passkey) await database.db.insert(passkeys).values({ corporationId: (await person("haruki").row()).corporationId, userId: await idOf("haruki"), credentialId: "AAAA", publicKey: Buffer.from("key"), counter: 0, transports: [], name: "事務所のパソコン", registeredAt: new Date() });
    if (age === "old") await database.client`update sessions set opened_at = opened_at - ${`${policy.stepUpMinutes} minutes 1 second`}::interval where ended_at is null`;
    const meant = { off: false, managers_with_passkey: passkey, everyone: true, each_act: true }[policyName];
    const asked = meant && (age === "old" || (policyName === "each_act" && boundDoors.includes(door)));

    const before = await everything();
    const response = await go(door, rules, cookie, await idOf("tarou"));
    expect([response.status, (await answerOf(response)).refusal?.code]).toEqual(asked ? [403, "OTP-414"] : [200, undefined]);
    if (asked) expect(await everything()).toBe(before);
    expect(await database.db.select().from(passkeyChallenges)).toHaveLength(asked ? 1 : 0);
  });

/* Who may do what, walked over the table itself. */

const classes = ["master", "administrator", "general"] as const;
test.each(acts.flatMap((act) => classes.flatMap((actor) => classes.map((target) => [act, actor, target] as const))))("%s by a %s on a %s is what the table says, and never on another company's", async (act, actor, target) => {
  const [one, other] = [{ id: "1", userClass: actor }, { id: "2", userClass: target }];
  const relation = relationOf(one, other);
  expect(may(act, one, other)).toBe(actor !== "general" && mayByClass[act][actor].includes(relation));
  expect(may(act, one, one)).toBe(act === "revoke_token" && actor !== "general");
  if (actor === "general") expect(may(act, one, other)).toBe(false);
  if (target === "master" && ["stop", "delete", "suspend_login_password"].includes(act)) expect(may(act, one, other)).toBe(false);
});

/** A company with a manager of each class and one of each to act on; everybody has the password and, where needed, a fresh token. */
async function cast() {
  const [model] = await database.db.select().from(users).where(eq(users.loginId, "haruki"));
  const { id: _, searchText: __, loginKey: ___, ...row } = model!;
  const added = await database.db.insert(users).values(classes.map((userClass) => ({ ...row, loginId: `other-${userClass}`, name: `別の${userClass}`, userClass, revision: 0 }))).returning();
  return Object.fromEntries(added.map((user) => [user.userClass, user])) as Record<(typeof classes)[number], (typeof added)[number]>;
}

const onUserPage: Act[] = [...userActs];
test.each(onUserPage.flatMap((act) => (["master", "administrator"] as const).flatMap((actor) => classes.map((target) => [act, actor, target] as const))))(
  "the door to %s asks the table: a %s on a %s", async (act, actor, target) => {
    const others = await cast();
    const { id, corporationId } = others[target];
    if (act === "release_stop") await database.db.insert(stops).values({ corporationId, userId: id, stoppedAt: new Date(), cause: "manager", stoppedBy: await idOf("haruki") });
    if (act === "lift_login_password") await database.db.execute(sql`insert into login_password_suspensions (corporation_id, user_id, suspended_at, suspended_by) values (${corporationId}, ${id}, now(), ${id})`);
    if (act === "lift_confirmation_password") await database.db.update(users).set({ confirmationFailures: 5, confirmationSuspendedAt: new Date() }).where(eq(users.id, id));
    const cookie = await sessionOf(actor === "master" ? "sakuro" : "haruki");
    const allowed = may(act, { id: "", userClass: actor }, { id, userClass: target });

    const page = await answerOf(await call("/management/users/[id]/state", "GET", cookie, {}, { id }));
    expect((page.shown as { acts: Act[] }).acts.includes(act)).toBe(allowed);
    const response = await call("/management/users/[id]/act", "POST", cookie, { act, ...right }, { id });
    const answer = await answerOf(response);
    expect([response.status, answer.refusal?.code]).toEqual(allowed ? [200, undefined] : [403, "OTP-405"]);
    expect((await database.db.select().from(auditEvents).where(and(eq(auditEvents.name, "user.act_refused"), eq(auditEvents.userId, id)))).length).toBe(allowed ? 0 : 1);
  });

test.each(onUserPage)("%s on oneself is refused", async (act) => {
  const cookie = await sessionOf("haruki");
  const id = await idOf("haruki");
  const before = await everything();
  expect(await answerOf(await call("/management/users/[id]/act", "POST", cookie, { act, ...right }, { id }))).toMatchObject({ refusal: { code: "OTP-406" } });
  expect(await everything()).toBe(before);
});

/* What each act does. */

const lift = (cookie: string, ids: string[], more = {}) => call("/management/suspensions/lift", "POST", cookie, { users: ids.join(","), ...right, ...more });
const revoke = (cookie: string, ids: string[], more = {}) => call("/management/tokens/revoke", "POST", cookie, { users: ids.join(","), ...right, ...more });
type Row = { user: { loginId: string } | null; done: boolean; words: string; suspended?: boolean; tokenState?: string; reissuableAt?: string };
async function resultOf(response: Response, kind: "suspensions" | "tokens", session = "") {
  const cookie = [named(cookiesOf(response), "act-result"), session].filter(Boolean).join("; ");
  const state = await call(`/management/${kind}/result/state`, "GET", cookie);
  return { status: state.status, ...((await state.json()) as { rows: Row[]; viewer: object | null; refusal?: { code: string }; number: string }) };
}
async function suspend(loginId: string) {
  const halfLogin = await halfLoginOf(loginId);
  for (let i = 0; i < 5; i += 1) await call("/login/one-time-password/present", "POST", halfLogin, { oneTimePassword: "000000" });
}
const events = async (name: string) => database.db.select().from(auditEvents).where(eq(auditEvents.name, name));

describe("利用停止解除", () => {
  test("an administrator lifts a general user's and a master's; the count is 0 again, the others say why not", async () => {
    const cookie = await sessionOf("haruki");
    await suspend("sakuro");
    const ids = await Promise.all(["sachiko", "sakuro", "ichiro", "haruki", "mihon"].map(idOf));
    const result = await resultOf(await lift(cookie, [...ids, nowhere]), "suspensions", cookie);
    expect(result.rows.map(({ user, done, suspended }) => [user?.loginId, done, suspended])).toEqual([
      ["sachiko", true, false], ["sakuro", true, false], ["ichiro", false, false], ["haruki", false, false], [undefined, false, undefined], [undefined, false, undefined],
    ]);
    expect(result.rows.slice(2).map(({ words }) => words.match(/OTP-\d+/)![0])).toEqual(["OTP-407", "OTP-406", "OTP-404", "OTP-404"]);
    expect(result.rows[4]).toEqual(result.rows[5]); // another company's user is one that does not exist
    for (const loginId of ["sachiko", "sakuro"]) expect((await person(loginId).row()).oneTimePasswordFailures).toBe(0);
    expect((await events("suspension.lifted")).length).toBe(2);
    expect((await events("suspension.lift_refused")).map(({ code }) => code).sort()).toEqual(["OTP-404", "OTP-404", "OTP-406", "OTP-407"]);
    const [lifted] = await database.db.select().from(suspensions).where(eq(suspensions.userId, ids[0]!));
    expect(lifted).toMatchObject({ liftedBy: await idOf("haruki") });
    expect((await person("sachiko").password()).ok).toBe(true);
  });

  test("users and masters are mailed: each user once, each master once for all of them", async () => {
    const cookie = await sessionOf("haruki");
    await suspend("sakuro");
    await lift(cookie, await Promise.all(["sachiko", "sakuro"].map(idOf)));
    const mails = await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "suspension_lifted"));
    expect(mails.map(({ recipient, content }) => [recipient, (content as { userNames: string[] }).userNames.length]).sort())
      .toEqual([["sachiko@example.jp", 1], ["sakuro@example.jp", 1], ["sakuro@example.jp", 2]]);
  });

  test("nobody lifts their own: a second session of somebody who is suspended is over", async () => {
    const cookie = await sessionOf("haruki");
    await suspend("haruki");
    expect((await lift(cookie, [await idOf("haruki")])).status).toBe(401);
    expect((await person("haruki").standing()).suspendedAt).not.toBeNull();
  });

  test("lifting leaves a revoked token revoked, and revoking leaves a suspension (R19)", async () => {
    const cookie = await sessionOf("haruki");
    const id = await idOf("sachiko");
    await revoke(cookie, [id]);
    expect((await person("sachiko").standing()).suspendedAt).not.toBeNull();
    const result = await resultOf(await lift(cookie, [id]), "suspensions", cookie);
    expect(result.rows[0]).toMatchObject({ done: true });
    expect((await person("sachiko").standing()).inUse).toBeNull();
  });

  test("what led to it is told before: when, from where, and whether a password had been used before", async () => {
    const cookie = await sessionOf("haruki");
    const sakuro = person("sakuro");
    await sakuro.password();
    await sakuro.oneTimePassword(await sakuro.presentDigits());
    const used = await sakuro.presentDigits();
    await sakuro.password();
    await sakuro.oneTimePassword(used);
    await suspend("sakuro");
    const id = await idOf("sakuro");
    const { attempts } = (await answerOf(await call("/management/suspensions/attempts", "GET", cookie, {}, { query: `?users=${id}` }))) as { attempts: Record<string, { replayed: boolean; at: string; browser: string }[]> };
    expect(attempts[id]!.map(({ replayed }) => replayed)).toEqual([false, false, false, false, false, true]);
    await lift(cookie, [id]);
    const after = (await answerOf(await call("/management/suspensions/attempts", "GET", cookie, {}, { query: `?users=${id}` }))) as { attempts: Record<string, object[]> };
    expect(after.attempts[id]).toEqual([]);
  });
});

describe("トークンの失効", () => {
  test("one result a user; the wait, the permission, the end of sessions and keys, in one transaction", async () => {
    const sakuro = await sessionOf("sakuro");
    const cookie = await sessionOf("haruki");
    const ids = await Promise.all(["sakuro", "tarou", "ichiro", "jiro", "mihon"].map(idOf));
    const result = await resultOf(await revoke(cookie, ids, { allowReissue: "on" }), "tokens", cookie);
    expect(result.rows.map(({ user, done, tokenState }) => [user?.loginId, done, tokenState])).toEqual([
      ["sakuro", true, "revoked"], ["tarou", true, "revoked"], ["ichiro", false, "unregistered"], ["jiro", false, "revoked"], [undefined, false, undefined],
    ]);
    expect(result.rows.map(({ reissuableAt }) => Boolean(reissuableAt))).toEqual([true, true, false, true, false]);
    expect((await call("/state", "GET", sakuro)).status).toBe(401);
    expect((await database.db.select().from(tokens).where(inArray(tokens.userId, ids))).every(({ sealedKey }) => sealedKey === null)).toBe(true);
    const permissions = await database.db.select().from(issuancePermissions).where(and(inArray(issuancePermissions.userId, ids.slice(0, 2)), isNull(issuancePermissions.closedAt)));
    expect(permissions.map(({ cause, openedBy }) => [cause, openedBy])).toEqual([["revocation", await idOf("haruki")], ["revocation", await idOf("haruki")]]);
    expect((await person("sakuro").password())).toMatchObject({ ok: false, refusal: { reason: "waiting_after_revocation" } });
  });

  test("without the tick no permission is left", async () => {
    const id = await idOf("sakuro");
    await revoke(await sessionOf("haruki"), [id]);
    expect(await database.db.select().from(issuancePermissions).where(and(eq(issuancePermissions.userId, id), isNull(issuancePermissions.closedAt)))).toEqual([]);
  });

  test("one's own ends the session at once; only the result can still be read, for ten minutes, by its cookie", async () => {
    const cookie = await sessionOf("haruki");
    const response = await revoke(cookie, [await idOf("haruki")], { allowReissue: "on" });
    expect(response.headers.getSetCookie().some((header) => header.startsWith("__Host-ichido-session=;"))).toBe(true);
    for (const path of ["/state", "/management/state", "/management/tokens/state"]) expect((await call(path, "GET", cookie)).status).toBe(401);
    expect((await revoke(cookie, [await idOf("sakuro")])).status).toBe(401);

    expect(await resultOf(response, "tokens", cookie)).toMatchObject({ status: 200, viewer: null, rows: [{ user: { loginId: "haruki" }, done: true }] });
    expect((await resultOf(response, "suspensions")).status).toBe(404);
    const only = named(cookiesOf(response), "act-result");
    for (const path of ["/state", "/management/state", "/session"]) expect((await call(path, "GET", only)).status).toBe(401);
    await database.advance(10 * 60 - 1);
    expect((await resultOf(response, "tokens")).status).toBe(200);
    await database.advance(1);
    expect(await resultOf(response, "tokens")).toMatchObject({ status: 404, refusal: { code: "OTP-412" } });
    expect((await call("/management/tokens/result/state", "GET", "")).status).toBe(404);
    expect((await call("/management/tokens/result/state", "GET", "__Host-ichido-act-result=made-up")).status).toBe(404);
  });

  test("29:59 after it login is refused with the time, at 30:00 the user may issue again", async () => {
    await revoke(await sessionOf("haruki"), [await idOf("sakuro")], { allowReissue: "on" });
    const [{ ended_at: endedAt }] = (await database.db.execute<{ ended_at: string }>(sql`select ended_at from tokens where ended_because = 'revoked' and user_id = ${await idOf("sakuro")}`)) as unknown as [{ ended_at: string }];
    const now = new Date((await database.db.execute<{ now: string }>(sql`select app_now() as now`))[0]!.now);
    await database.advance(Math.floor((new Date(endedAt).getTime() + 30 * 60_000 - now.getTime()) / 1_000) - 1);
    expect(await person("sakuro").password()).toMatchObject({ ok: false, refusal: { reason: "waiting_after_revocation" } });
    await database.advance(2);
    expect(await person("sakuro").password()).toMatchObject({ ok: true, value: { step: "issuance" } });
  });
});

describe("the confirmation password", () => {
  const wrong = { confirmationPassword: "Machigai-2026" };
  test("wrong once: nothing changed, and the next right one is taken", async () => {
    const cookie = await sessionOf("haruki");
    const id = await idOf("sachiko");
    expect(await answerOf(await lift(cookie, [id], wrong))).toMatchObject({ refusal: { code: "OTP-401" } });
    expect((await person("sachiko").standing()).suspendedAt).not.toBeNull();
    expect((await person("haruki").row()).confirmationFailures).toBe(1);
    expect((await lift(cookie, [id])).status).toBe(200);
    expect((await person("haruki").row()).confirmationFailures).toBe(0);
  });

  test("from two left it says how many; five in a row are 利用停止, and then the right one is refused on every screen", async () => {
    const cookie = await sessionOf("haruki");
    const id = await idOf("sachiko");
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push(await answerOf(await lift(cookie, [id], wrong)));
    expect(answers.map(({ refusal }) => [refusal!.code, refusal!.attemptsLeft])).toEqual([
      ["OTP-401", undefined], ["OTP-401", undefined], ["OTP-401", 2], ["OTP-401", 1], ["OTP-402", undefined],
    ]);
    for (const response of [await lift(cookie, [id]), await revoke(cookie, [id]), await call("/management/users/[id]/act", "POST", cookie, { act: "stop", ...right }, { id })])
      expect((await answerOf(response)).refusal?.code).toBe("OTP-402");
    expect((await person("sachiko").standing()).suspendedAt).not.toBeNull();
    expect((await call("/state", "GET", cookie)).status).toBe(200); // the session goes on
    expect((await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "confirmation_password_suspended"))).map(({ recipient }) => recipient).sort())
      .toEqual(["haruki@example.jp", "sakuro@example.jp"]);
  });

  test("50 wrong ones at once count exactly five; another manager lifts it and the password stays", async () => {
    const cookie = await sessionOf("haruki");
    const id = await idOf("sachiko");
    const answers = await Promise.all(Array.from({ length: 50 }, () => lift(cookie, [id], wrong).then(answerOf)));
    expect(answers.filter(({ refusal }) => refusal?.code === "OTP-401").length).toBe(4);
    expect((await person("haruki").row()).confirmationFailures).toBe(5);
    expect((await events("confirmation_password.suspended")).length).toBe(1);
    const sakuro = await sessionOf("sakuro");
    expect((await call("/management/users/[id]/act", "POST", sakuro, { act: "lift_confirmation_password", ...right }, { id: await idOf("haruki") })).status).toBe(200);
    expect((await lift(cookie, [id])).status).toBe(200);
  });

  test("with nobody else able, it says the counter", async () => {
    const cookie = await sessionOf("haruki");
    await database.db.insert(suspensions).values({ corporationId: (await person("sakuro").row()).corporationId, userId: await idOf("sakuro"), suspendedAt: new Date(), cause: "wrong_one_time_passwords" });
    let last;
    for (let i = 0; i < 5; i += 1) last = await answerOf(await lift(cookie, [await idOf("sachiko")], wrong));
    expect(last!.refusal!.code).toBe("OTP-403");
  });
});

describe("bad input", () => {
  test.each([
    ["nothing chosen", ""], ["a negative id", "-1"], ["a malformed id", "abc"], ["one malformed among good ones", `${nowhere},'; drop table users--`], ["only commas", ",,"],
  ])("%s is a field error", async (_, ids) => {
    const cookie = await sessionOf("haruki");
    const before = await everything();
    for (const path of ["/management/suspensions/lift", "/management/tokens/revoke"]) {
      const response = await call(path, "POST", cookie, { users: ids, ...right });
      expect([response.status, Object.keys((await answerOf(response)).fields!)]).toEqual([422, ["users"]]);
    }
    expect(await everything()).toBe(before);
  });

  test("the same user many times is one, in whatever spelling", async () => {
    const cookie = await sessionOf("haruki");
    const id = await idOf("sachiko");
    const result = await resultOf(await lift(cookie, [id, id, id.toUpperCase(), id]), "suspensions", cookie);
    expect(result.rows.length).toBe(1);
    expect((await events("suspension.lifted")).length).toBe(1);
  });

  test("101 users are too many, 10,000 are too large, and a field twice is no field", async () => {
    const cookie = await sessionOf("haruki");
    const many = (count: number) => Array.from({ length: count }, (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`);
    expect((await answerOf(await lift(cookie, many(101)))).fields!.users).toContain("100名まで");
    expect((await answerOf(await lift(cookie, many(10_000)))).refusal!.code).toBe("OTP-905");
    expect((await resultOf(await lift(cookie, many(100)), "suspensions", cookie)).rows.length).toBe(100);
  });

  test("columns that are not the form's are not written", async () => {
    const cookie = await sessionOf("haruki");
    const id = await idOf("ichiro");
    const response = await call("/management/users/[id]/change", "POST", cookie, {
      name: "データ一郎", userClass: "general", mailAddress: "ichiro2@example.jp", ...right,
      role: "master", user_class: "master", corporationId: nowhere, loginId: "root", deletedAt: "2026-01-01", oneTimePasswordFailures: "0", loginPasswordHash: "x",
    }, { id });
    expect(response.status).toBe(200);
    expect(await person("ichiro").row()).toMatchObject({ loginId: "ichiro", userClass: "general", mailAddress: "ichiro2@example.jp", deletedAt: null });
  });

  test("an administrator makes nobody a master, not even by the form; a master does", async () => {
    const id = await idOf("ichiro");
    const change = { name: "データ一郎", userClass: "master", mailAddress: "ichiro@example.jp", ...right };
    expect((await answerOf(await call("/management/users/[id]/change", "POST", await sessionOf("haruki"), change, { id }))).refusal!.code).toBe("OTP-405");
    expect((await person("ichiro").row()).userClass).toBe("general");
    expect((await call("/management/users/[id]/change", "POST", await sessionOf("sakuro"), change, { id })).status).toBe(200);
    expect((await person("ichiro").row()).userClass).toBe("master");
  });

  test("an act that is none, and a list's query of any kind, are never an error of ours", async () => {
    const cookie = await sessionOf("haruki");
    expect((await call("/management/users/[id]/act", "POST", cookie, { act: "toString", ...right }, { id: await idOf("ichiro") })).status).toBe(422);
    for (const query of ["?page=-1", "?page=1e9", "?page=99999", "?sort=login_id;drop table users", "?sort=__proto__", `?search=${encodeURIComponent("%_\\'\"；--")}`, `?search=${"あ".repeat(300)}`, "?descending=2&page[]=1"]) {
      expect((await call("/management/users/state", "GET", cookie, {}, { query })).status).toBe(200);
    }
    expect((await answerOf(await call("/management/users/state", "GET", cookie, {}, { query: "?search=%25" }))).total).toBe(0);
  });
});

describe("what changes while a list is open", () => {
  test("a role withdrawn takes effect at the next request", async () => {
    const haruki = await sessionOf("haruki");
    const response = await call("/management/users/[id]/change", "POST", await sessionOf("sakuro"), { name: "データ花子", userClass: "general", mailAddress: "haruki@example.jp", ...right }, { id: await idOf("haruki") });
    expect(response.status).toBe(200);
    expect((await lift(haruki, [await idOf("sachiko")])).status).toBe(401);
    expect((await person("sachiko").standing()).suspendedAt).not.toBeNull();
  });

  test("a class that changed without the session's end is asked for again under the lock", async () => {
    const haruki = await sessionOf("haruki");
    await database.db.update(users).set({ userClass: "general" }).where(eq(users.loginId, "haruki"));
    expect((await lift(haruki, [await idOf("sachiko")])).status).toBe(403);
  });

  test("two managers lifting overlapping lists of 20 in opposite order: no deadlock, each lifted once", async () => {
    await putScenario("many-users");
    const locked = await database.db.select({ id: suspensions.userId }).from(suspensions).where(isNull(suspensions.liftedAt)).limit(30);
    const ids = locked.map(({ id }) => id);
    const [haruki, sakuro] = [await sessionOf("haruki"), await sessionOf("sakuro")];
    for (const [one, other] of [[ids.slice(0, 20), ids.slice(10, 30).reverse()]]) {
      const [first, second] = await Promise.all([lift(haruki, one!), lift(sakuro, other!)]);
      expect([first!.status, second!.status]).toEqual([200, 200]);
      const done = [...(await resultOf(first!, "suspensions", haruki)).rows, ...(await resultOf(second!, "suspensions", sakuro)).rows].filter((row) => row.done);
      expect(done.length).toBe(30);
    }
    expect((await events("suspension.lifted")).length).toBe(30);
  }, 60_000);

  test("two managers revoking overlapping lists in opposite order, ten times", async () => {
    const [haruki, sakuro] = [await sessionOf("haruki"), await sessionOf("sakuro")];
    const ids = await Promise.all(["sachiko", "tarou", "ichiro", "jiro"].map(idOf));
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 ? revoke(haruki, ids) : revoke(sakuro, [...ids].reverse()))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect((await events("token.revoked")).filter(({ actorId }) => actorId !== null).length).toBe(2); // `jiro`'s was the seed's
  });

  test("lifting while the user is being suspended again: one or the other, never half", async () => {
    const cookie = await sessionOf("haruki");
    const id = await idOf("sakuro");
    const halfLogin = await halfLoginOf("sakuro");
    const wrong = () => call("/login/one-time-password/present", "POST", halfLogin, { oneTimePassword: "000000" });
    for (let i = 0; i < 4; i += 1) await wrong();
    await Promise.all([wrong(), lift(cookie, [id]), wrong(), lift(cookie, [id])]);
    const { suspendedAt, user } = await person("sakuro").standing();
    expect([suspendedAt === null, user.oneTimePasswordFailures]).toEqual(suspendedAt === null ? [true, 0] : [false, 5]);
  });
});

describe("利用者管理", () => {
  const act = (cookie: string, loginId: string, name: string) => idOf(loginId).then((id) => call("/management/users/[id]/act", "POST", cookie, { act: name, ...right }, { id }));

  test("停止 ends the session at once, and 停止を解除 lets in again", async () => {
    const haruki = await sessionOf("haruki");
    await lift(haruki, [await idOf("sachiko")]);
    const sachiko = await sessionOf("sachiko");
    expect((await act(haruki, "sachiko", "stop")).status).toBe(200);
    expect((await call("/state", "GET", sachiko)).status).toBe(401);
    expect(await person("sachiko").password()).toMatchObject({ ok: false, refusal: { reason: "user_stopped" } });
    expect((await answerOf(await act(haruki, "sachiko", "stop"))).refusal?.code).toBe("OTP-409");
    expect((await act(haruki, "sachiko", "release_stop")).status).toBe(200);
    expect((await person("sachiko").password()).ok).toBe(true);
  });

  test("the page of the last one able to lift says so before any act, and of two neither's does", async () => {
    const haruki = await sessionOf("haruki");
    const leavesNobody = async (loginId: string) => ((await answerOf(await call("/management/users/[id]/state", "GET", haruki, {}, { id: await idOf(loginId) }))).shown as { leavesNobody: boolean }).leavesNobody;
    expect([await leavesNobody("haruki"), await leavesNobody("sakuro"), await leavesNobody("ichiro")]).toEqual([false, false, false]);
    await revoke(haruki, [await idOf("sakuro")]);
    expect([await leavesNobody("haruki"), await leavesNobody("sakuro"), await leavesNobody("ichiro")]).toEqual([true, false, false]);
  });

  test("a stop of the counter is the counter's to release", async () => {
    const { id, corporationId } = await person("ichiro").row();
    await database.db.insert(stops).values({ corporationId, userId: id, stoppedAt: new Date(), cause: "emergency" });
    expect((await answerOf(await act(await sessionOf("haruki"), "ichiro", "release_stop"))).refusal?.code).toBe("OTP-410");
  });

  test("仮パスワード: shown once, temporary, every session ends; the old one is worth nothing", async () => {
    const sakuro = await sessionOf("sakuro");
    await lift(sakuro, [await idOf("sachiko")]);
    const sachiko = await sessionOf("sachiko");
    const answer = await answerOf(await act(sakuro, "sachiko", "issue_login_password"));
    expect(answer.temporaryPassword).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
    expect((await call("/state", "GET", sachiko)).status).toBe(401);
    expect((await person("sachiko").password(loginPassword)).ok).toBe(false);
    expect((await person("sachiko").password(answer.temporaryPassword as string)).ok).toBe(true);
    expect((await person("sachiko").row()).loginPasswordTemporary).toBe(true);
    const [log] = await database.db.execute<{ text: string }>(sql`select string_agg(a::text, '') || (select string_agg(m::text, '') from mail_intents m) as text from audit_events a`);
    expect(log!.text).not.toContain(answer.temporaryPassword as string);
  });

  test("発行許可: seven days, by the manager; not for a token in use", async () => {
    const haruki = await sessionOf("haruki");
    expect((await act(haruki, "ichiro", "open_permission")).status).toBe(200);
    const [open] = await database.db.select().from(issuancePermissions).where(and(eq(issuancePermissions.userId, await idOf("ichiro")), isNull(issuancePermissions.closedAt)));
    expect([open!.cause, open!.openedBy, open!.closesAt.getTime() - open!.opensAt.getTime()]).toEqual(["manager", await idOf("haruki"), 7 * 86_400_000]);
    expect((await answerOf(await act(haruki, "sakuro", "open_permission"))).refusal?.code).toBe("OTP-411");
  });

  test("利用停止 of a login password is set and lifted by a manager, and ends the session", async () => {
    const haruki = await sessionOf("haruki");
    expect((await act(haruki, "ichiro", "suspend_login_password")).status).toBe(200);
    expect(await person("ichiro").password()).toMatchObject({ ok: false, refusal: { reason: "login_password_suspended" } });
    expect((await act(haruki, "ichiro", "lift_login_password")).status).toBe(200);
    expect((await person("ichiro").password()).ok).toBe(true);
  });

  test("削除: the login is unknown from then on, no secret is left, the history is, and the login ID is free again", async () => {
    const haruki = await sessionOf("haruki");
    const id = await idOf("sachiko");
    expect(await answerOf(await act(haruki, "sachiko", "delete"))).toMatchObject({ ok: true, go: "/management/users?deleted" });
    expect(await person("sachiko").password()).toMatchObject({ ok: false, refusal: { reason: "wrong_id_or_password" } });
    const [row] = await database.db.select().from(users).where(eq(users.id, id));
    expect([row!.loginPasswordHash, row!.confirmationPasswordHash, row!.deletedAt === null]).toEqual(["", "", false]);
    expect((await database.db.select().from(tokens).where(and(eq(tokens.userId, id), isNull(tokens.endedAt)))).length).toBe(0);
    expect((await call("/management/users/[id]/state", "GET", haruki, {}, { id })).status).toBe(404);
    expect((await answerOf(await call("/management/users/state", "GET", haruki))).total).toBe(5);
    expect((await answerOf(await call("/management/suspensions/state", "GET", haruki))).users!.some((user) => user.id === id)).toBe(false);
    expect((await database.db.select().from(auditEvents).where(eq(auditEvents.userId, id))).length).toBeGreaterThan(0);
    const { id: _, searchText: __, loginKey: ___, ...copy } = row!;
    await database.db.insert(users).values({ ...copy, loginId: "SACHIKO", deletedAt: null });
  });

  test("a change of the mail address is told to both addresses and the masters; a change of nothing is said", async () => {
    const haruki = await sessionOf("haruki");
    const id = await idOf("ichiro");
    const data = { name: "データ一郎", userClass: "general", mailAddress: "atarashii@example.jp", ...right };
    expect((await call("/management/users/[id]/change", "POST", haruki, data, { id })).status).toBe(200);
    const mails = await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "user_changed"));
    expect(mails.map(({ recipient }) => recipient).sort()).toEqual(["atarashii@example.jp", "ichiro@example.jp", "sakuro@example.jp"]);
    expect((await call("/management/users/[id]/change", "POST", haruki, data, { id })).status).toBe(422);
  });

  test.each([["name", "", "入力"], ["name", "a\u202eb", "使えない"], ["name", "x".repeat(61), "60文字"], ["userClass", "root", "選択"], ["mailAddress", "a@b", "正しく"], ["mailAddress", "a@example.jp,b@example.jp", "正しく"], ["mailAddress", "a@example.jp\r\nBcc: x@example.jp", "正しく"]])(
    "%s %j is a field error", async (field, value, words) => {
      const data = { name: "データ一郎", userClass: "general", mailAddress: "ichiro@example.jp", ...right, [field]: value };
      const answer = await answerOf(await call("/management/users/[id]/change", "POST", await sessionOf("haruki"), data, { id: await idOf("ichiro") }));
      expect(answer.fields?.[field]).toContain(words);
    });
});

test("the results are erased when their time is over", async () => {
  const { eraseActResults } = await import("@/lib/corporation/act-result");
  await lift(await sessionOf("haruki"), [await idOf("sachiko")]);
  await eraseActResults();
  expect((await database.db.select().from(actResults)).length).toBe(1);
  await database.advance(10 * 60 + 1);
  await eraseActResults();
  expect((await database.db.select().from(actResults)).length).toBe(0);
});

test("acts end with the session they came in: a session that another login has ended does nothing", async () => {
  const first = await sessionOf("haruki");
  await database.advance(60);
  await sessionOf("haruki");
  expect((await lift(first, [await idOf("sachiko")])).status).toBe(401);
  expect((await database.db.select().from(sessions).where(isNull(sessions.endedAt))).length).toBe(1);
});
