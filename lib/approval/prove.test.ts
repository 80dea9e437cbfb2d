import { and, desc, eq, inArray } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { POST as actDoor } from "@/app/(customer)/management/users/[id]/act/route";
import { POST as changeDoor } from "@/app/(customer)/management/users/[id]/change/route";
import { POST as registerDoor } from "@/app/(customer)/management/users/new/register/route";
import { POST as revokeDoor } from "@/app/(customer)/management/tokens/revoke/route";
import { POST as changeLoginPassword } from "@/app/(customer)/password/change/change/route";
import { POST as changeConfirmationPassword } from "@/app/(customer)/settings/confirmation-password/change/route";
import { POST as changeMailAddress } from "@/app/(customer)/settings/mail-address/change/route";
import { POST as passkeyOptions } from "@/app/(customer)/settings/passkeys/options/route";
import { POST as removePasskey } from "@/app/(customer)/settings/passkeys/remove/route";
import { GET as topState } from "@/app/(customer)/state/route";
import { auditEvents, mailIntents, passkeyChallenges, passkeys, sessions, tokens, users } from "@/drizzle/schema";
import { confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browser, loggedIn } from "@/lib/login/test-browser";
import { person, wrongDigits } from "@/lib/login/test-person";
import { registered, type SoftAuthenticator, softAuthenticator, wrongAssertions } from "@/lib/passkey/test-authenticator";
import { testDatabase } from "@/lib/platform/test-database";
import { policy } from "@/lib/policy";
import { mostTargetsByCode } from "@/lib/refusals";
import { attemptsOf } from "@/lib/suspension/attempts";
import { sealTokenKey } from "@/lib/token/key";
import { readApprovalText } from "./statement";
import { type Answered, byCode, codeFor, idOf, lift, setPolicy, wrongCode } from "./test-approval";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const stale = () => database.advance(policy.stepUpMinutes * 60 + 1);
const refusedAs = (code: string) => ({ ok: false, refusal: { code } });
/** What people did: the demo's own history is the system's. Newest first. */
const eventsOf = async (name: string) => (await database.db.select().from(auditEvents).where(and(eq(auditEvents.name, name), eq(auditEvents.actorKind, "user"))).orderBy(desc(auditEvents.id)))
  .map(({ result, code, details, userId }) => ({ result, code, userId, ...(details as { reason?: string; failures?: number }) }));
const lastEvent = async (name: string) => (await eventsOf(name))[0];
const isSuspended = async (loginId: string) => (await person(loginId).standing()).suspendedAt !== null;
const proofOf = (answer: Answered) => answer.refusal!.proof!;
const signed = (device: SoftAuthenticator, answer: Answered, wrong: Parameters<SoftAuthenticator["get"]>[1] = {}) =>
  ({ assertion: JSON.stringify(device.get({ challenge: proofOf(answer).passkey!.challenge }, wrong)) });
const suspend = (...loginIds: string[]) => database.client`insert into suspensions (corporation_id, user_id, suspended_at, cause)
  select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id in ${database.client(loginIds)}`;

/** haruki, an administrator with a passkey, whose login is longer ago than the policy lets it be. */
async function withPasskey() {
  const pc = await loggedIn("haruki");
  const device = await registered(pc);
  await stale();
  return { pc, device };
}

/** sakuro, a master who has a token alone, under a policy that means everybody. */
async function withToken(stepUpPolicy: "everyone" | "each_act" = "each_act") {
  await setPolicy(stepUpPolicy);
  const pc = await loggedIn("sakuro");
  await stale();
  return { pc };
}

const onUser = (door: typeof actDoor, id: string) => (request: Request) => door(request, { params: Promise.resolve({ id }) });
const good = "midori no kisha";
const newcomer = { loginId: "shiro", name: "データ四郎", userClass: "general", mailAddress: "shiro@example.jp", loginPassword: "kx7f-9pqm-w2za", newConfirmationPassword: "b3rt-hh8k-n5vy" };

/** Every act that a proof is asked before, on a user who is there to be acted on. */
const acts: Record<string, { bound: boolean; act: string; post: (pc: ReturnType<typeof browser>, proof?: Record<string, string>) => Promise<Answered> }> = {
  停止解除: { bound: true, act: "lift_suspension", post: (pc, proof) => lift(pc, ["sachiko"], proof) },
  失効: { bound: true, act: "revoke_token", post: async (pc, proof) => pc.post(revokeDoor, { users: await idOf("tarou"), confirmationPassword, ...proof }) },
  "an act on a user": { bound: false, act: "open_permission", post: async (pc, proof) => pc.post(onUser(actDoor, await idOf("ichiro")), { act: "open_permission", confirmationPassword, ...proof }) },
  "a change of a user": { bound: false, act: "change", post: async (pc, proof) => pc.post(onUser(changeDoor, await idOf("ichiro")), { name: "別の名前", userClass: "general", mailAddress: "a@example.jp", confirmationPassword, ...proof }) },
  "a registration": { bound: false, act: "register", post: (pc, proof) => pc.post(registerDoor, { ...newcomer, confirmationPassword, ...proof }) },
  "one's own mail address": { bound: false, act: "change_own_mail_address", post: (pc, proof) => pc.post(changeMailAddress, { mailAddress: "b@example.jp", mailAddressAgain: "b@example.jp", confirmationPassword, ...proof }) },
  "a passkey of one's own": { bound: false, act: "register_passkey", post: (pc, proof) => pc.post(passkeyOptions, { passkeyName: "電話", confirmationPassword, ...proof }) },
  "one's own login password": { bound: false, act: "change_own_login_password", post: (pc, proof) => pc.post(changeLoginPassword, { currentPassword: loginPassword, newPassword: good, newPasswordAgain: good, ...proof }) },
  "one's own confirmation password": { bound: false, act: "change_own_confirmation_password", post: (pc, proof) => pc.post(changeConfirmationPassword, { currentPassword: confirmationPassword, newPassword: good, newPasswordAgain: good, ...proof }) },
};
const everyAct = Object.entries(acts).map(([name, act]) => [name, act] as const);

describe("who is asked", () => {
  test.each(everyAct)("%s: nobody within the minutes of a proof, a manager with a passkey after them; the proof lets it through and is recorded", async (_, { bound, act, post }) => {
    const { pc, device } = await withPasskey();
    const asked = await post(pc);
    expect(asked).toMatchObject({ status: 403, ...refusedAs("OTP-414") });
    expect(proofOf(asked)).toMatchObject({ passkey: { rpId: "localhost", userVerification: "required", allowCredentials: [{ id: device.id }] } });
    expect("statement" in proofOf(asked)).toBe(bound);
    expect([proofOf(asked).code !== undefined, proofOf(asked).oneTimePassword]).toEqual(bound ? [true, undefined] : [false, true]);
    expect(await eventsOf("approval.refused")).toEqual([]);
    expect(await eventsOf("approval.requested")).toMatchObject([{ result: "done", userId: await idOf("haruki"), act, bound }]);

    expect(await post(pc, signed(device, asked))).toMatchObject({ ok: true });
    const [passkey] = await database.db.select().from(passkeys).where(eq(passkeys.userId, await idOf("haruki")));
    expect(await eventsOf("approval.accepted")).toMatchObject([{ result: "done", userId: await idOf("haruki"), act, bound, method: "passkey", passkeyId: passkey!.id, counter: 2 }]);
    expect(passkey!.counter).toBe(2);
    expect((await database.db.select().from(passkeyChallenges)).filter(({ purpose, usedAt }) => purpose === "approval" && usedAt).length).toBe(1);
  });

  test.each(everyAct)("%s: nobody within the minutes", async (_, { post }) => {
    const pc = await loggedIn("haruki");
    await registered(pc);
    await database.advance(policy.stepUpMinutes * 60 - 5);
    expect(await post(pc)).toMatchObject({ ok: true });
    expect(await eventsOf("approval.accepted")).toEqual([]);
  });

  test.each(everyAct.filter(([, { act }]) => act !== "register_passkey"))("%s: by default nobody who has no passkey", async (_, { post }) => {
    const pc = await loggedIn("sakuro");
    await stale();
    expect(await post(pc)).toMatchObject({ ok: true });
  });

  test.each(["off", "managers_with_passkey", "everyone"] as const)("a first passkey, under %s: whoever has a token gives its one-time password, or a session and its password would make a lasting way in", async (stepUpPolicy) => {
    await setPolicy(stepUpPolicy);
    const pc = await loggedIn("sakuro");
    await stale();
    const { post } = acts["a passkey of one's own"]!;
    expect(proofOf(await post(pc))).toEqual({ oneTimePassword: true });
    expect(await post(pc, { proofOneTimePassword: await person("sakuro").presentDigits() })).toMatchObject({ ok: true });
    expect(await lastEvent("approval.accepted")).toMatchObject({ act: "register_passkey", method: "one_time_password" });
  });

  test("where each act is asked for, a passkey is made behind a proof of its own, however fresh the login is", async () => {
    await setPolicy("each_act");
    const pc = await loggedIn("sakuro");
    expect(await acts["a passkey of one's own"]!.post(pc)).toMatchObject(refusedAs("OTP-414"));
  });

  test("whose token has run out since the login proves nothing, and does nothing", async () => {
    const { pc } = await withToken("everyone");
    await database.client`update tokens set expires_at = app_now() where user_id = ${await idOf("sakuro")} and ended_at is null`;
    expect(await acts["an act on a user"]!.post(pc)).toMatchObject(refusedAs("OTP-418"));
  });

  test("the removal of a passkey is asked for one, too: without it the policy would ask for none any more", async () => {
    const { pc, device } = await withPasskey();
    const [passkey] = await database.db.select().from(passkeys).where(eq(passkeys.userId, await idOf("haruki")));
    const remove = (proof = {}) => pc.post(removePasskey, { passkey: passkey!.id, confirmationPassword, ...proof });
    const asked = await remove();
    expect(asked).toMatchObject(refusedAs("OTP-414"));
    expect(await acts["an act on a user"]!.post(pc)).toMatchObject(refusedAs("OTP-414"));
    const again = await remove();
    expect(await remove(signed(device, again))).toMatchObject({ ok: true });
    expect(await lastEvent("approval.accepted")).toMatchObject({ act: "remove_passkey", bound: false, method: "passkey" });
  });

  const asksStale = { off: [false, false], managers_with_passkey: [true, false], everyone: [true, true], each_act: [true, true] } as const;
  test.each(Object.entries(asksStale))("under %s: a manager with a passkey, one with a token alone, after the minutes", async (stepUpPolicy, [first, second]) => {
    const { pc } = await withPasskey();
    const sakuro = await loggedIn("sakuro");
    await stale();
    await setPolicy(stepUpPolicy as "off");
    for (const [manager, asked] of [[pc, first], [sakuro, second]] as const) {
      await pcStillIn(manager);
      expect((await acts["an act on a user"]!.post(manager)).refusal?.code).toBe(asked ? "OTP-414" : undefined);
    }
  });
  /** 15 minutes without a request end a session; the two of the test above are older than a login. */
  const pcStillIn = async (pc: ReturnType<typeof browser>) => {
    if ((await pc.get(topState)).status !== 200) await database.client`update sessions set last_seen_at = app_now(), ended_at = null, ended_because = null where ended_because = 'idle'`;
  };

  test("under each_act what is bound is asked for however fresh the proof is, twice in a row, and what is not bound by its age", async () => {
    await setPolicy("each_act");
    const pc = await loggedIn("sakuro");
    const asked = await lift(pc, ["sachiko"]);
    expect(asked).toMatchObject(refusedAs("OTP-414"));
    expect(await lift(pc, ["sachiko"], await byCode("sakuro", proofOf(asked)))).toMatchObject({ ok: true });
    expect(await lift(pc, ["sachiko"])).toMatchObject(refusedAs("OTP-414"));
    expect(await acts["a registration"]!.post(pc)).toMatchObject({ ok: true });
  });

  test("a general user with a passkey: of their own settings only where the policy means everyone", async () => {
    const pc = await loggedIn("haruki");
    await registered(pc);
    await database.db.update(users).set({ userClass: "general" }).where(eq(users.loginId, "haruki"));
    await stale();
    await setPolicy("everyone");
    expect(await acts["one's own mail address"]!.post(pc)).toMatchObject(refusedAs("OTP-414"));
    await setPolicy("managers_with_passkey");
    expect(await acts["one's own mail address"]!.post(pc)).toMatchObject({ ok: true });
  });

  test("whoever has neither passkey nor token is not asked: there is nothing to prove it with", async () => {
    await setPolicy("each_act");
    const pc = browser();
    const { POST: presentPassword } = await import("@/app/(customer)/login/present/route");
    expect(await pc.post(presentPassword, { loginId: "mihon", password: loginPassword })).toMatchObject({ ok: true, go: "/" });
    await stale();
    expect(await pc.post(registerDoor, { ...newcomer, confirmationPassword })).toMatchObject({ ok: true });
  });

  test("a temporary password's change follows a login, and is not asked for", async () => {
    await setPolicy("everyone");
    await database.db.update(users).set({ loginPasswordTemporary: true }).where(eq(users.loginId, "sakuro"));
    const pc = await loggedIn("sakuro", loginPassword, "/password/change");
    await stale();
    expect(await acts["one's own login password"]!.post(pc)).toMatchObject({ ok: true, go: "/" });
    // It is no proof, either: what follows is as old as the login.
    expect(await acts["one's own mail address"]!.post(pc)).toMatchObject(refusedAs("OTP-414"));
  });

  test("the confirmation password comes first: a wrong one is told, counted, and nothing is asked for", async () => {
    const { pc } = await withPasskey();
    expect(await lift(pc, ["sachiko"], { confirmationPassword: "not the one" })).toMatchObject(refusedAs("OTP-401"));
    expect((await database.db.select().from(passkeyChallenges)).filter(({ purpose }) => purpose === "approval")).toEqual([]);
  });

  test("a proof makes the session fresh for the minutes, and a changed password does not make it fresher", async () => {
    const { pc, device } = await withPasskey();
    const asked = await lift(pc, ["sachiko"]);
    await lift(pc, ["sachiko"], signed(device, asked));
    await database.advance(policy.stepUpMinutes * 60 - 5);
    expect(await acts["one's own confirmation password"]!.post(pc)).toMatchObject({ ok: true });
    await database.advance(10);
    expect(await pc.post(changeMailAddress, { mailAddress: "b@example.jp", mailAddressAgain: "b@example.jp", confirmationPassword: good })).toMatchObject(refusedAs("OTP-414"));
  });
});

describe("a bound approval", () => {
  test("says company, number and every target, and the option, in an order that the form does not decide", async () => {
    const { pc } = await withPasskey();
    const { statement } = proofOf(await lift(pc, ["tarou", "sachiko"]));
    expect(statement).toEqual({ title: "ワンタイムパスワードの利用停止解除の承認", facts: [["会社", "データ商事株式会社"], ["件数", "2名"], ["対象", "sachiko データ幸子"], ["対象", "tarou データ太郎"]] });
    const revoked = proofOf(await pc.post(revokeDoor, { users: await idOf("tarou"), confirmationPassword, allowReissue: "on" }) as Answered);
    expect(revoked.statement).toEqual({ title: "トークンの失効の承認", facts: [["会社", "データ商事株式会社"], ["件数", "1名"], ["再発行", "失効後7日間、許可する"], ["対象", "tarou データ太郎"]] });
    expect(readApprovalText(revoked.code!.qr)).toMatchObject({ tokenId: (await person("haruki").standing()).inUse!.id, statement: revoked.statement });
  });

  test.each([["passkey", 0], ["code", 0], ["code", -1]] as const)("by a %s, %d time steps away", async (method, offset) => {
    const { pc, device } = await withPasskey();
    const asked = await lift(pc, ["sachiko"]);
    const proof = method === "passkey" ? signed(device, asked) : await byCode("haruki", proofOf(asked), offset);
    expect(await lift(pc, ["sachiko"], proof)).toMatchObject({ ok: true, go: "/management/suspensions/result" });
    expect(await isSuspended("sachiko")).toBe(false);
    const accepted = await lastEvent("approval.accepted");
    expect(accepted).toMatchObject({ act: "lift_suspension", bound: true, method });
    const [event] = await database.db.select().from(auditEvents).where(eq(auditEvents.name, "suspension.lifted"));
    const [approval] = await database.db.select().from(auditEvents).where(eq(auditEvents.name, "approval.accepted"));
    expect(event!.transaction).toBe(approval!.transaction);
  });

  test.each([-2, 2])("no code of %d time steps away", async (offset) => {
    const { pc } = await withPasskey();
    const asked = await lift(pc, ["sachiko"]);
    expect(await lift(pc, ["sachiko"], await byCode("haruki", proofOf(asked), offset))).toMatchObject(refusedAs("OTP-416"));
    expect(await isSuspended("sachiko")).toBe(true);
  });

  test("by a code of a SHA-1 token, typed with full-width digits and a hyphen", async () => {
    const { inUse, user, corporation } = await person("haruki").standing();
    await database.db.update(tokens).set({ algorithm: "SHA-1", sealedKey: sealTokenKey({ id: inUse!.id, userId: user.id, corporationId: corporation.id }, Buffer.alloc(20, 7)) }).where(eq(tokens.id, inUse!.id));
    const { pc } = await withPasskey();
    const asked = await lift(pc, ["sachiko"]);
    const code = (await codeFor("haruki", proofOf(asked))).replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    expect(await lift(pc, ["sachiko"], { approvalCode: `${code.slice(0, 3)}-${code.slice(3)}` })).toMatchObject({ ok: true });
  });

  test.each(["passkey", "code"] as const)("by a %s, with another target, one more, one fewer, or another act: refused, recorded, nothing done", async (method) => {
    const { pc, device } = await withPasskey();
    await suspend("jiro");
    const elsewhere = {
      another: (proof: Record<string, string>) => lift(pc, ["jiro"], proof),
      more: (proof: Record<string, string>) => lift(pc, ["sachiko", "jiro"], proof),
      act: async (proof: Record<string, string>) => pc.post(revokeDoor, { users: await idOf("sachiko"), confirmationPassword, ...proof }) as Promise<Answered>,
      unbound: (proof: Record<string, string>) => acts["an act on a user"]!.post(pc, proof),
    };
    for (const post of Object.values(elsewhere)) {
      const asked = await lift(pc, ["sachiko"]);
      const answer = await post(method === "passkey" ? signed(device, asked) : await byCode("haruki", proofOf(asked)));
      expect(answer).toMatchObject(refusedAs("OTP-415"));
      expect(answer.refusal!.proof!.passkey!.challenge).not.toBe(proofOf(asked).passkey!.challenge);
    }
    const both = await lift(pc, ["sachiko", "jiro"]);
    expect(await lift(pc, ["sachiko"], method === "passkey" ? signed(device, both) : await byCode("haruki", proofOf(both)))).toMatchObject(refusedAs("OTP-415"));
    const refused = await eventsOf("approval.refused");
    expect(refused.map(({ reason }) => reason)).toEqual(["statement", method === "passkey" ? "statement" : "method", "statement", "statement", "statement"]);
    expect(await eventsOf("suspension.lifted")).toEqual([]);
    expect(await eventsOf("token.revoked")).toEqual([]);
    expect((await person("haruki").row()).oneTimePasswordFailures).toBe(0);
  });

  test("a name that changed between the two posts is another statement", async () => {
    const { pc, device } = await withPasskey();
    const asked = await lift(pc, ["sachiko"]);
    await database.db.update(users).set({ name: "別の名前" }).where(eq(users.loginId, "sachiko"));
    expect(await lift(pc, ["sachiko"], signed(device, asked))).toMatchObject(refusedAs("OTP-415"));
    expect(await isSuspended("sachiko")).toBe(true);
  });

  test("an option that was ticked between the two posts is another statement", async () => {
    const { pc, device } = await withPasskey();
    const revoke = async (more: Record<string, string>) => pc.post(revokeDoor, { users: await idOf("tarou"), confirmationPassword, ...more }) as Promise<Answered>;
    const asked = await revoke({});
    expect(await revoke({ allowReissue: "on", ...signed(device, asked) })).toMatchObject(refusedAs("OTP-415"));
    expect(await eventsOf("token.revoked")).toEqual([]);
  });

  test("an ordinary one-time password is none: as such it is not looked at, as a code it is a wrong one", async () => {
    const { pc } = await withPasskey();
    await lift(pc, ["sachiko"]);
    const oneTimePassword = await person("haruki").presentDigits();
    expect(await lift(pc, ["sachiko"], { proofOneTimePassword: oneTimePassword })).toMatchObject(refusedAs("OTP-415"));
    expect(await lastEvent("approval.refused")).toMatchObject({ reason: "method" });
    expect((await person("haruki").row()).oneTimePasswordFailures).toBe(0);
    expect(await lift(pc, ["sachiko"], { approvalCode: oneTimePassword })).toMatchObject(refusedAs("OTP-416"));
    expect((await person("haruki").row()).oneTimePasswordFailures).toBe(1);
    expect(await isSuspended("sachiko")).toBe(true);
  });

  test("one's own revocation by one's own passkey: approved, done, and the session over", async () => {
    const { pc, device } = await withPasskey();
    const revoke = async (more: Record<string, string> = {}) => pc.post(revokeDoor, { users: await idOf("haruki"), confirmationPassword, ...more }) as Promise<Answered>;
    expect(await revoke(signed(device, await revoke()))).toMatchObject({ ok: true });
    expect([(await eventsOf("approval.accepted")).length, (await eventsOf("token.revoked")).length, (await eventsOf("passkey.removed")).length]).toEqual([1, 1, 1]);
    expect((await database.db.select().from(passkeys))[0]).toMatchObject({ counter: 2, removedBecause: "revoked" });
    expect(await person("haruki").openSessions()).toEqual([]);
  });

  test("one's own revocation by one's own token's code", async () => {
    const { pc } = await withToken();
    const revoke = async (more: Record<string, string> = {}) => pc.post(revokeDoor, { users: await idOf("sakuro"), confirmationPassword, ...more }) as Promise<Answered>;
    const asked = await revoke();
    expect(await revoke(await byCode("sakuro", proofOf(asked)))).toMatchObject({ ok: true });
    expect((await person("sakuro").standing()).inUse).toBeNull();
  });
});

describe("more than a code can say", () => {
  async function many(count: number, name = "データ") {
    const [model] = await database.db.select().from(users).where(eq(users.loginId, "sachiko"));
    const { id: _, searchText: __, loginKey: ___, ...row } = model!;
    const loginIds = Array.from({ length: count }, (_, index) => `target-${String(index).padStart(4, "0")}`);
    await database.db.insert(users).values(loginIds.map((loginId) => ({ ...row, loginId, name, revision: 0 })));
    await suspend(...loginIds);
    return loginIds;
  }

  test("is in a passkey's statement: the code is not offered, and not accepted", async () => {
    const { pc, device } = await withPasskey();
    const loginIds = await many(mostTargetsByCode + 1);
    const asked = await lift(pc, loginIds);
    expect(asked).toMatchObject(refusedAs("OTP-414"));
    expect([proofOf(asked).code, proofOf(asked).statement!.facts.length]).toEqual([undefined, mostTargetsByCode + 3]);
    expect(await lift(pc, loginIds, { approvalCode: "123456" })).toMatchObject(refusedAs("OTP-415"));
    const again = await lift(pc, loginIds);
    expect(await lift(pc, loginIds, signed(device, again))).toMatchObject({ ok: true });
    expect((await eventsOf("suspension.lifted")).length).toBe(mostTargetsByCode + 1);
  });

  test("is to be done in parts by whoever has a token alone; up to the limit the QR code can be read", async () => {
    const { pc } = await withToken();
    const loginIds = await many(mostTargetsByCode + 1);
    expect(await lift(pc, loginIds)).toMatchObject(refusedAs("OTP-417"));
    expect(await lastEvent("approval.refused")).toMatchObject({ code: "OTP-417", reason: "too_much_for_a_code" });
    const part = loginIds.slice(1);
    const asked = await lift(pc, part);
    expect(readApprovalText(proofOf(asked).code!.qr)).toBeDefined();
    expect(await lift(pc, part, await byCode("sakuro", proofOf(asked)))).toMatchObject({ ok: true });
  });

  test("is also what names are too long for a QR code, of however few", async () => {
    const { pc } = await withToken();
    const loginIds = await many(7, "漢".repeat(60));
    expect(await lift(pc, loginIds)).toMatchObject(refusedAs("OTP-417"));
    expect(await lift(pc, loginIds.slice(0, 4))).toMatchObject(refusedAs("OTP-414"));
  });
});

describe("an assertion is not accepted, recorded, and asked for anew:", () => {
  test.each(wrongAssertions)("%s", async (_, wrong, reason) => {
    const { pc, device } = await withPasskey();
    const asked = await lift(pc, ["sachiko"]);
    const answer = await lift(pc, ["sachiko"], signed(device, asked, wrong));
    expect(answer).toMatchObject(refusedAs("OTP-415"));
    expect(proofOf(answer).passkey!.challenge).not.toBe(proofOf(asked).passkey!.challenge);
    expect(await eventsOf("approval.refused")).toMatchObject([{ result: "refused", act: "lift_suspension", bound: true, reason }]);
    expect(await database.db.select().from(passkeys)).toMatchObject([{ counter: 1, lastUsedAt: null }]);
    expect((await database.db.select().from(sessions)).every(({ provedAgainAt }) => provedAgainAt === null)).toBe(true);
    expect((await person("haruki").row()).oneTimePasswordFailures).toBe(0);
    expect(await isSuspended("sachiko")).toBe(true);
    // The challenge is used up by it, whatever comes of it (where it named the open one).
    if (reason !== "challenge") expect(await lift(pc, ["sachiko"], signed(device, asked))).toMatchObject(refusedAs("OTP-415"));
  });

  test("wrong numbers that a right one has forgiven are no part of what led to a later suspension", async () => {
    const { pc } = await withToken();
    const asked = await lift(pc, ["sachiko"]);
    await lift(pc, ["sachiko"], { approvalCode: await wrongCode("sakuro", proofOf(asked)) });
    const { corporation, user } = await person("sakuro").standing();
    const attempts = async () => (await attemptsOf(corporation.id, [user.id])).get(user.id);
    expect(await attempts()).toHaveLength(1);
    expect(await lift(pc, ["sachiko"], await byCode("sakuro", proofOf(asked)))).toMatchObject({ ok: true });
    expect(await attempts()).toEqual([]);
  });

  test("the same one again, once it was accepted", async () => {
    const { pc, device } = await withPasskey();
    await setPolicy("each_act");
    const asked = await lift(pc, ["sachiko"]);
    const proof = signed(device, asked);
    expect(await lift(pc, ["sachiko"], proof)).toMatchObject({ ok: true });
    await suspend("sachiko");
    expect(await lift(pc, ["sachiko"], proof)).toMatchObject(refusedAs("OTP-415"));
    expect(await lastEvent("approval.refused")).toMatchObject({ reason: "challenge" });
    expect(await isSuspended("sachiko")).toBe(true);
  });

  test("of another user's passkey", async () => {
    const { pc } = await withPasskey();
    const theirs = await registered(await loggedIn("sakuro"), "電話", softAuthenticator());
    const asked = await lift(pc, ["sachiko"]);
    expect(await lift(pc, ["sachiko"], signed(theirs, asked, { userHandle: undefined }))).toMatchObject(refusedAs("OTP-415"));
    expect(await lastEvent("approval.refused")).toMatchObject({ reason: "of_another_user" });
  });

  test("of a passkey that was removed", async () => {
    const { pc, device } = await withPasskey();
    await database.db.insert(passkeys).values({ ...(await database.db.select().from(passkeys))[0]!, id: undefined, credentialId: "BBBB" });
    const asked = await lift(pc, ["sachiko"]);
    await database.client`update passkeys set removed_at = app_now(), removed_because = 'removed' where credential_id = ${device.id}`;
    expect(await lift(pc, ["sachiko"], signed(device, asked))).toMatchObject(refusedAs("OTP-415"));
    expect(await lastEvent("approval.refused")).toMatchObject({ reason: "removed" });
  });

  test("for a request whose time is over, of an earlier session, or of another user's", async () => {
    const { pc, device } = await withPasskey();
    const late = await lift(pc, ["sachiko"]);
    await database.advance(policy.passkeyChallengeMinutes * 60);
    expect(await lift(pc, ["sachiko"], signed(device, late))).toMatchObject(refusedAs("OTP-415"));

    const earlier = await lift(pc, ["sachiko"]);
    const next = await loggedIn("haruki");
    await setPolicy("each_act");
    expect(await lift(next, ["sachiko"], signed(device, earlier))).toMatchObject(refusedAs("OTP-415"));

    const theirs = await lift(await loggedIn("sakuro"), ["sachiko"]);
    const digits = readApprovalText(proofOf(theirs).code!.qr)!;
    expect(digits).toBeDefined();
    const open = (await database.db.select().from(passkeyChallenges)).find(({ nonce }) => nonce === digits.nonce)!;
    expect(await lift(next, ["sachiko"], { assertion: JSON.stringify(device.get({ challenge: open.challenge })) })).toMatchObject(refusedAs("OTP-415"));
    expect((await eventsOf("approval.refused")).map(({ reason }) => reason)).toEqual(["challenge", "challenge", "challenge"]);
    expect(await isSuspended("sachiko")).toBe(true);
  });

  test.each(["passkey", "code"] as const)("for a request from before the database was promoted or restored, by a %s", async (method) => {
    const { pc, device } = await withPasskey();
    const asked = await lift(pc, ["sachiko"]);
    const proof = method === "passkey" ? signed(device, asked) : await byCode("haruki", proofOf(asked));
    await database.client`update database_lives set time_step_floor = floor(extract(epoch from app_now()) / 60)`;
    expect(await lift(pc, ["sachiko"], proof)).toMatchObject(refusedAs("OTP-415"));
    expect(await lastEvent("approval.refused")).toMatchObject({ reason: "challenge" });
    await database.advance(60);
    expect(await lift(pc, ["sachiko"], signed(device, await lift(pc, ["sachiko"])))).toMatchObject({ ok: true });
    await database.client.unsafe("alter table database_lives disable trigger user; update database_lives set time_step_floor = 0; alter table database_lives enable trigger user");
  });
});

describe("a code", () => {
  test("that is wrong counts as a wrong one-time password, leaves the request open, and the right one after it resets the count", async () => {
    const { pc } = await withToken();
    const asked = await lift(pc, ["sachiko"]);
    const wrong = await wrongCode("sakuro", proofOf(asked));
    const answer = await lift(pc, ["sachiko"], { approvalCode: wrong });
    expect(answer).toMatchObject(refusedAs("OTP-416"));
    expect(proofOf(answer).code!.qr).toBe(proofOf(asked).code!.qr);
    expect(await lastEvent("one_time_password.refused")).toMatchObject({ screen: "step_up", reason: "wrong", failures: 1 });
    expect(await lastEvent("approval.refused")).toMatchObject({ reason: "wrong_code" });
    for (let i = 0; i < 2; i += 1) await lift(pc, ["sachiko"], { approvalCode: wrong });
    expect((await lift(pc, ["sachiko"], { approvalCode: wrong })).refusal).toMatchObject({ attemptsLeft: 1 });
    expect(await lift(pc, ["sachiko"], await byCode("sakuro", proofOf(asked)))).toMatchObject({ ok: true });
    expect((await person("sakuro").row()).oneTimePasswordFailures).toBe(0);
    const told = await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "accepted_after_wrong_ones"));
    expect(told.map(({ recipient }) => recipient)).toEqual(["sakuro@example.jp"]); // the only master
  });

  test("that is the fifth wrong one suspends at once, together with those of the login; the session is over, and the right one does nothing", async () => {
    const { pc } = await withToken();
    const asked = await lift(pc, ["sachiko"]);
    const right = await codeFor("sakuro", proofOf(asked));
    const wrong = await wrongCode("sakuro", proofOf(asked));
    await database.db.update(users).set({ oneTimePasswordFailures: policy.failuresBeforeSuspension - 1 }).where(eq(users.loginId, "sakuro"));
    const fifth = await lift(pc, ["sachiko"], { approvalCode: wrong });
    expect(fifth.refusal!.code).toMatch(/OTP-10[67]/);
    expect(fifth.refusal!.proof).toBeUndefined();
    expect(await isSuspended("sakuro")).toBe(true);
    expect(await person("sakuro").openSessions()).toEqual([]);
    expect((await lift(pc, ["sachiko"], { approvalCode: right })).refusal!.code).toBe("OTP-115");
    expect(await isSuspended("sachiko")).toBe(true);
  });

  test.each(["12345", "1234567", "abcdef", " ", "1".repeat(50)])("that is malformed (%s) is an error of the field and does not count", async (approvalCode) => {
    const { pc } = await withToken();
    await lift(pc, ["sachiko"]);
    expect(await lift(pc, ["sachiko"], { approvalCode })).toMatchObject({ ok: false, fields: { approvalCode: "承認番号は6桁の数字で入力してください。" } });
    expect((await person("sakuro").row()).oneTimePasswordFailures).toBe(0);
  });

  test("is used up with its request: the same one again does nothing, and does not count", async () => {
    const { pc } = await withToken();
    const asked = await lift(pc, ["sachiko"]);
    const code = await byCode("sakuro", proofOf(asked));
    expect(await lift(pc, ["sachiko"], code)).toMatchObject({ ok: true });
    await suspend("sachiko");
    for (let i = 0; i < 3; i += 1) expect(await lift(pc, ["sachiko"], code)).toMatchObject(refusedAs("OTP-415"));
    expect(await lastEvent("approval.refused")).toMatchObject({ reason: "challenge" });
    expect((await person("sakuro").row()).oneTimePasswordFailures).toBe(0);
    expect(await lift(pc, ["sachiko"], { approvalCode: code.approvalCode })).toMatchObject(refusedAs("OTP-416")); // not said to be for another, it is any six digits
    expect(await isSuspended("sachiko")).toBe(true);
  });

  test("without a request, or for one that is over, is not looked at and does not count", async () => {
    const { pc } = await withToken();
    expect(await lift(pc, ["sachiko"], { approvalCode: "123456" })).toMatchObject(refusedAs("OTP-415"));
    const asked = await lift(pc, ["sachiko"]);
    const code = await codeFor("sakuro", proofOf(asked));
    await database.advance(policy.passkeyChallengeMinutes * 60);
    expect(await lift(pc, ["sachiko"], { approvalCode: code })).toMatchObject(refusedAs("OTP-415"));
    expect((await person("sakuro").row()).oneTimePasswordFailures).toBe(0);
  });

  test("of another user's token for the same statement is a wrong one", async () => {
    const { pc } = await withToken();
    const asked = await lift(pc, ["sachiko"]);
    expect(await lift(pc, ["sachiko"], await byCode("haruki", proofOf(asked)))).toMatchObject(refusedAs("OTP-416"));
  });

  test("is replaced by a newer request", async () => {
    const { pc } = await withToken();
    const first = await lift(pc, ["sachiko"]);
    const code = await byCode("sakuro", proofOf(first));
    await lift(pc, ["sachiko"]);
    expect(await lift(pc, ["sachiko"], code)).toMatchObject(refusedAs("OTP-415"));
    expect((await person("sakuro").row()).oneTimePasswordFailures).toBe(0);
  });
});

describe("an ordinary one-time password, before what is not bound", () => {
  const post = acts["an act on a user"]!.post;

  test("lets it through, is spent, and is recorded as such", async () => {
    const { pc } = await withToken("everyone");
    expect(proofOf(await post(pc))).toEqual({ oneTimePassword: true });
    const oneTimePassword = await person("sakuro").presentDigits();
    expect(await post(pc, { proofOneTimePassword: oneTimePassword })).toMatchObject({ ok: true });
    expect(await lastEvent("one_time_password.accepted")).toMatchObject({ screen: "step_up" });
    expect(await lastEvent("approval.accepted")).toMatchObject({ act: "open_permission", bound: false, method: "one_time_password" });
    expect((await person("sakuro").standing()).inUse!.lastTimeStep).not.toBeNull();
    // and for nothing else, here or at the login
    const { POST: presentPassword } = await import("@/app/(customer)/login/present/route");
    const { POST: presentOneTimePassword } = await import("@/app/(customer)/login/one-time-password/present/route");
    const thief = browser();
    await thief.post(presentPassword, { loginId: "sakuro", password: loginPassword });
    expect(await thief.post(presentOneTimePassword, { oneTimePassword })).toMatchObject(refusedAs("OTP-109"));
    expect(await lastEvent("one_time_password.replayed")).toMatchObject({ screen: "login" });
  });

  test("that opened the session is none: refused as used, not counted, and told", async () => {
    await setPolicy("everyone");
    const oneTimePassword = await person("sakuro").presentDigits();
    const pc = await loggedIn("sakuro");
    await database.client`update sessions set opened_at = app_now() - interval '11 minutes' where ended_at is null`;
    const asked = await post(pc);
    const answer = await post(pc, { proofOneTimePassword: oneTimePassword });
    expect(answer).toMatchObject(refusedAs("OTP-109"));
    expect(proofOf(answer)).toEqual(proofOf(asked));
    expect(await lastEvent("one_time_password.replayed")).toMatchObject({ screen: "step_up" });
    expect((await person("sakuro").row()).oneTimePasswordFailures).toBe(0);
  });

  test("that is wrong counts, and the fifth suspends and ends the session", async () => {
    const { pc } = await withToken("everyone");
    await post(pc);
    const wrong = await wrongDigits(person("sakuro"));
    for (let i = 1; i < policy.failuresBeforeSuspension; i += 1) expect(await post(pc, { proofOneTimePassword: wrong })).toMatchObject(refusedAs("OTP-109"));
    expect((await post(pc, { proofOneTimePassword: wrong })).refusal!.code).toMatch(/OTP-10[67]/);
    expect(await isSuspended("sakuro")).toBe(true);
    expect(await person("sakuro").openSessions()).toEqual([]);
    const sakuro = await idOf("sakuro");
    expect((await eventsOf("one_time_password.refused")).filter(({ userId }) => userId === sakuro).map(({ failures }) => failures)).toEqual([5, 4, 3, 2, 1]);
  });

  test("that is malformed is an error of the field; without a request it is not looked at", async () => {
    const { pc } = await withToken("everyone");
    expect(await post(pc, { proofOneTimePassword: "12345" })).toMatchObject({ fields: { proofOneTimePassword: "ワンタイムパスワードは6桁の数字で入力してください。" } });
    expect(await post(pc, { proofOneTimePassword: await person("sakuro").presentDigits() })).toMatchObject(refusedAs("OTP-415"));
    expect((await person("sakuro").row()).oneTimePasswordFailures).toBe(0);
    expect((await person("sakuro").standing()).inUse!.lastTimeStep).not.toBe(Math.floor((await person("sakuro").standing()).now.getTime() / 60_000));
  });

  test("an approval for one act is none for another, bound or not", async () => {
    const { pc, device } = await withPasskey();
    const asked = await post(pc);
    expect(await acts["a registration"]!.post(pc, signed(device, asked))).toMatchObject(refusedAs("OTP-415"));
    expect(await lift(pc, ["sachiko"], signed(device, await post(pc)))).toMatchObject(refusedAs("OTP-415"));
    expect(await database.db.select().from(users).where(eq(users.loginId, "shiro"))).toEqual([]);
  });
});

test.each(["", "{", "null", "[]", '{"id":1}', "x".repeat(20_000), JSON.stringify({ id: "a", rawId: "a", type: "public-key", response: {} })])("an assertion that is none (%s): an error of the field, or as if there were none", async (assertion) => {
  const { pc } = await withPasskey();
  const answer = await lift(pc, ["sachiko"], { assertion });
  if (assertion === "") expect(answer).toMatchObject(refusedAs("OTP-414"));
  else expect(answer.fields?.assertion ?? answer.refusal?.code).toMatch(/読み取れませんでした|OTP-905/);
  expect(await isSuspended("sachiko")).toBe(true);
});

test("nothing of what was presented is in the audit log", async () => {
  const { pc, device } = await withPasskey();
  const asked = await lift(pc, ["sachiko"]);
  const code = await codeFor("haruki", proofOf(asked));
  const wrong = await wrongCode("haruki", proofOf(asked));
  await lift(pc, ["sachiko"], { approvalCode: wrong });
  await lift(pc, ["sachiko"], signed(device, asked, { verifiesUser: false }));
  await lift(pc, ["sachiko"], { approvalCode: code });
  const rows = await database.db.select({ details: auditEvents.details }).from(auditEvents).where(inArray(auditEvents.name, ["approval.refused", "approval.accepted", "one_time_password.refused"]));
  const text = JSON.stringify(rows);
  for (const secret of [`"${code}"`, `"${wrong}"`, proofOf(asked).passkey!.challenge]) expect(text).not.toContain(secret);
  expect(rows.length).toBeGreaterThan(3);
});
