import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { POST as revokeTokens } from "@/app/(customer)/management/tokens/revoke/route";
import { GET as revocationResult } from "@/app/(customer)/management/tokens/result/state/route";
import { GET as tokensState } from "@/app/(customer)/management/tokens/state/route";
import { POST as actOnUser } from "@/app/(customer)/management/users/[id]/act/route";
import { GET as userState } from "@/app/(customer)/management/users/[id]/state/route";
import { POST as removePasskey } from "@/app/(customer)/settings/passkeys/remove/route";
import { GET as topState } from "@/app/(customer)/state/route";
import { auditEvents, mailIntents, passkeys, tokens, users } from "@/drizzle/schema";
import { confirmationPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browser, loggedIn } from "@/lib/login/test-browser";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { colleague } from "@/lib/staff/test-staff";
import { afterPasswordOf, assertionOptionsOf, logInBy, presentAssertion, registered } from "./test-authenticator";

const database = testDatabase();
type Pc = ReturnType<typeof browser>;
let haruki: Pc;
beforeEach(async () => {
  await putScenario("demo");
  haruki = await loggedIn("haruki");
});

const right = { confirmationPassword };
const refusedAs = (code: string) => ({ ok: false, refusal: { code } });
const idOf = async (loginId: string) => (await database.db.select().from(users).where(eq(users.loginId, loginId)))[0]!.id;
const rows = () => database.db.select().from(passkeys).orderBy(passkeys.registeredAt, passkeys.name);
const recipients = async (kind: string) => (await database.db.select().from(mailIntents).where(eq(mailIntents.kind, kind))).map(({ recipient }) => recipient).sort();
const removals = async () => (await database.db.select().from(auditEvents).where(eq(auditEvents.name, "passkey.removed"))).map(({ details }) => (details as { because: string }).because);
const remove = (pc: Pc, passkey: string, password = confirmationPassword) => pc.post(removePasskey, { passkey, confirmationPassword: password });
const revoke = (pc: Pc, ids: string[]) => pc.post(revokeTokens, { users: ids.join(","), allowReissue: "on", ...right });
/** Its token's time is over; the passkey stays. */
const expireToken = async (loginId: string) => database.db.update(tokens).set({ expiresAt: (await person(loginId).standing()).now }).where(eq(tokens.userId, await idOf(loginId)));

describe("by its user", () => {
  test("one of them: it opens nothing any more, the other does; recorded, and mailed to the user and the managers", async () => {
    const [lost, kept] = [await registered(haruki, "電話"), await registered(haruki, "パソコン")];
    const passkey = (await rows()).find(({ credentialId }) => credentialId === lost.id)!;
    expect(await remove(haruki, passkey.id)).toMatchObject({ ok: true, go: "/settings" });
    expect((await rows()).filter(({ removedAt }) => removedAt)).toMatchObject([{ id: passkey.id, removedBecause: "removed", removedBy: await idOf("haruki") }]);
    expect(await removals()).toEqual(["removed"]);
    expect(await recipients("passkey_removed")).toEqual(["haruki@example.jp", "sakuro@example.jp"]);
    expect((await haruki.get(topState)).status).toBe(200);
    const { pc } = await afterPasswordOf("haruki");
    expect(await presentAssertion(pc, lost.get(await assertionOptionsOf(pc)))).toMatchObject(refusedAs("OTP-121"));
    await logInBy("haruki", kept);
  });

  test("not with a wrong confirmation password, not twice, and nobody else's", async () => {
    await registered(haruki);
    const id = (await rows())[0]!.id;
    expect(await remove(haruki, id, "wrong")).toMatchObject(refusedAs("OTP-401"));
    expect(await remove(await loggedIn("sakuro"), id)).toMatchObject(refusedAs("OTP-125"));
    expect(await remove(haruki, "not an id")).toMatchObject({ status: 422 });
    expect(await rows()).toMatchObject([{ removedAt: null }]);
    expect(await remove(haruki, id)).toMatchObject({ ok: true });
    expect(await remove(haruki, id)).toMatchObject(refusedAs("OTP-125"));
    expect(await removals()).toEqual(["removed"]);
  });

  test("20 times at once: one removal, one event, one mail to each", async () => {
    await registered(haruki);
    const id = (await rows())[0]!.id;
    const answers = await Promise.all(Array.from({ length: 20 }, () => remove(haruki, id)));
    expect(answers.filter(({ ok }) => ok).length).toBe(1);
    expect([await removals(), (await recipients("passkey_removed")).length]).toEqual([["removed"], 2]);
  });
});

describe("with a revocation, as one act", () => {
  test("the token and every passkey; the session ends, nobody gets in for 30 minutes, and the passkeys are gone after them", async () => {
    const devices = [await registered(haruki, "電話"), await registered(haruki, "パソコン")];
    const sakuro = await loggedIn("sakuro");
    expect(await revoke(sakuro, [await idOf("haruki")])).toMatchObject({ ok: true });
    expect(await rows()).toMatchObject([{ removedBecause: "revoked", removedBy: await idOf("sakuro") }, { removedBecause: "revoked" }]);
    expect(await removals()).toEqual(["revoked", "revoked"]);
    expect(await recipients("passkey_removed")).toEqual(["haruki@example.jp", "sakuro@example.jp"]);
    expect(await recipients("token_revoked")).toEqual(["haruki@example.jp", "jiro@example.jp", "sakuro@example.jp"]); // `jiro`'s was the seed's
    expect((await haruki.get(topState)).status).toBe(401);
    expect((await afterPasswordOf("haruki")).refusal).toMatchObject({ code: "OTP-203" });
    await database.advance(30 * 60);
    const { pc, go } = await afterPasswordOf("haruki");
    expect(go).toBe("/token/issuance");
    expect(await presentAssertion(pc, devices[0]!.get({ challenge: "AAAA" }))).toMatchObject(refusedAs("OTP-122"));
  });

  test("a user with a passkey and an expired token, and one whose only thing it is", async () => {
    await registered(haruki);
    await expireToken("haruki");
    const sakuro = await loggedIn("sakuro");
    expect(await revoke(sakuro, [await idOf("haruki")])).toMatchObject({ ok: true });
    expect((await afterPasswordOf("haruki")).refusal).toMatchObject({ code: "OTP-203" });

    await database.client`insert into passkeys (corporation_id, user_id, credential_id, public_key, counter, transports, name, registered_at) select corporation_id, id, 'ichiro', '', 0, '{}', 'x', app_now() from users where login_id = 'ichiro'`;
    expect((await afterPasswordOf("ichiro")).go).toBe("/login/passkey");
    expect(await revoke(sakuro, [await idOf("ichiro"), await idOf("jiro")])).toMatchObject({ ok: true });
    const { state } = await sakuro.get<{ rows: { user: { loginId: string }; done: boolean; tokenState: string; reissuableAt?: string }[] }>(revocationResult);
    expect(state.rows.map(({ user, done, tokenState, reissuableAt }) => [user.loginId, done, tokenState, reissuableAt !== undefined])).toEqual([
      ["ichiro", true, "unregistered", false], ["jiro", false, "revoked", true],
    ]);
    expect((await afterPasswordOf("ichiro")).go).toBe("/token/issuance");
  });

  test("a passkey beside an issuance that has lapsed: there is no token to wait for, whether or not its secrets are erased yet", async () => {
    const ichiro = person("ichiro");
    await ichiro.password();
    expect((await ichiro.issue()).ok).toBe(true);
    await database.client`insert into passkeys (corporation_id, user_id, credential_id, public_key, counter, transports, name, registered_at) select corporation_id, id, 'ichiro', '', 0, '{}', 'x', app_now() from users where login_id = 'ichiro'`;
    await database.advance(24 * 3_600);
    expect(await revoke(await loggedIn("sakuro"), [await idOf("ichiro")])).toMatchObject({ ok: true });
    expect((await afterPasswordOf("ichiro")).go).toBe("/token/issuance");
    expect((await database.db.select().from(auditEvents).where(eq(auditEvents.name, "token.revoked"))).map(({ userId }) => userId)).not.toContain((await ichiro.row()).id);
  });

  test("managers see 登録済 beside the token's state, on the lists and on the user's page, and no other company's does", async () => {
    await registered(haruki);
    const sakuro = await loggedIn("sakuro");
    const { state } = await sakuro.get<{ users: { loginId: string; passkey: boolean }[] }>(tokensState);
    expect(state.users.filter(({ passkey }) => passkey).map(({ loginId }) => loginId)).toEqual(["haruki"]);
    const id = await idOf("haruki");
    const page = await sakuro.get<{ shown: { states: object[]; verdict: { words: string } } }>((request) => userState(request, { params: Promise.resolve({ id }) }));
    expect(page.state.shown.states).toContainEqual(expect.objectContaining({ question: "パスキー", state: "登録済" }));
    expect(page.state.shown.verdict.words).toContain("またはパスキー");
  });

  test("a case of the counter does the same", async () => {
    await registered(haruki);
    const entered = (await colleague("clerk").enter({ kind: "revoke_token", loginIds: ["haruki"], allowReissue: true })) as { value: { number: string } };
    expect((await colleague("approver").approve(entered.value.number)).ok).toBe(true);
    expect(await rows()).toMatchObject([{ removedBecause: "revoked", removedBy: null }]);
    expect(await recipients("passkey_removed")).toEqual(["haruki@example.jp", "sakuro@example.jp"]);
  });
});

test("no passkey outlives its user", async () => {
  await registered(haruki);
  const sakuro = await loggedIn("sakuro");
  const id = await idOf("haruki");
  expect(await sakuro.post((request) => actOnUser(request, { params: Promise.resolve({ id }) }), { act: "delete", ...right })).toMatchObject({ ok: true });
  expect(await rows()).toMatchObject([{ removedBecause: "user_deleted" }]);
  expect(await removals()).toEqual(["user_deleted"]);
});

test("the service's end is every passkey's", async () => {
  const device = await registered(haruki);
  const entered = (await colleague("clerk").enter({ kind: "end_service", contractNumber: "1000001" })) as { value: { number: string } };
  expect((await colleague("approver").approve(entered.value.number)).ok).toBe(true);
  expect(await rows()).toMatchObject([{ removedBecause: "service_ended", removedBy: null }]);
  const [event] = await database.db.select().from(auditEvents).where(eq(auditEvents.name, "service.ended"));
  expect(event!.details).toMatchObject({ passkeys: 1 });
  const { pc, go } = await afterPasswordOf("haruki");
  expect(go).toBe("/");
  expect(await presentAssertion(pc, device.get({ challenge: "AAAA" }))).toMatchObject(refusedAs("OTP-108"));
});

describe("for the day the code forgets, the table refuses", () => {
  test.each([
    ["to bring a removed passkey back", "update passkeys set removed_at = null, removed_because = null"],
    ["to give it to another user", "update passkeys set user_id = (select id from users where login_id = 'sakuro')"],
    ["to give it another key", "update passkeys set public_key = '\\x00'"],
    ["a counter that falls", "update passkeys set counter = 0"],
    ["to use a challenge again", "update passkey_challenges set used_at = null"],
  ])("%s", async (what, statement) => {
    await registered(haruki);
    if (what.includes("removed")) await database.client`update passkeys set removed_at = app_now(), removed_because = 'removed'`;
    await expect(database.client.unsafe(statement)).rejects.toMatchObject({ code: "23514" });
  });
});
