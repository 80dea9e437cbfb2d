import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { POST as beginRegistration } from "@/app/(customer)/settings/passkeys/options/route";
import { GET as settings } from "@/app/(customer)/settings/state/route";
import { auditEvents, mailIntents, passkeyChallenges, passkeys, users } from "@/drizzle/schema";
import { confirmationPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { browser, loggedIn } from "@/lib/login/test-browser";
import { loggedIn as inSession } from "@/lib/login/test-session";
import { testDatabase } from "@/lib/platform/test-database";
import { policy } from "@/lib/policy";
import { afterPasswordOf, presentAttestation, registered, registrationOptionsOf, softAuthenticator } from "./test-authenticator";
import { userHandleOf } from "./webauthn";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const events = async (name: string) => (await database.db.select().from(auditEvents).where(eq(auditEvents.name, name))).map(({ details, result, code }) => ({ result, code, ...(details as object) }));
const rows = () => database.db.select().from(passkeys);
const refusedAs = (code: string) => ({ ok: false, refusal: { code } });

describe("from a full session and behind the confirmation password", () => {
  test("a passkey is registered; it is listed, recorded, and mailed to its user and the managers", async () => {
    const pc = await loggedIn("haruki");
    await registered(pc, "  事務所のパソコン ");
    expect(await rows()).toMatchObject([{ name: "事務所のパソコン", counter: 1, transports: ["internal"], removedAt: null, lastUsedAt: null }]);
    expect(await events("passkey.registered")).toMatchObject([{ result: "done" }]);
    const mails = await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "passkey_registered"));
    expect(mails.map(({ recipient }) => recipient).sort()).toEqual(["haruki@example.jp", "sakuro@example.jp"]);
    const { state } = await pc.get<{ passkeys: object[] }>(settings);
    expect(state.passkeys).toMatchObject([{ name: "事務所のパソコン", lastUsedAt: null }]);
    expect(Object.keys(state.passkeys[0]!)).toEqual(["id", "name", "registeredAt", "lastUsedAt"]);
  });

  test("the browser is asked for a verified user, no attestation, our host and a handle that says nothing; what is registered is excluded", async () => {
    const pc = await loggedIn("haruki");
    const device = await registered(pc);
    const options = await registrationOptionsOf(pc, "もう一つ");
    expect(options).toMatchObject({
      rp: { id: "localhost" }, attestation: "none", authenticatorSelection: { residentKey: "preferred", userVerification: "required" }, excludeCredentials: [{ id: device.id }],
    });
    const [haruki] = await database.db.select().from(users).where(eq(users.loginId, "haruki"));
    expect(options.user.id).toBe(userHandleOf(haruki!.id));
    expect(Buffer.from(options.challenge, "base64url").length).toBe(32);
  });

  test("a wrong confirmation password gives no challenge, counts, and locks at the fifth", async () => {
    const pc = await loggedIn("haruki");
    const wrong = () => pc.post(beginRegistration, { passkeyName: "x", confirmationPassword: "wrong" });
    for (let i = 0; i < 4; i += 1) expect(await wrong()).toMatchObject(refusedAs("OTP-401"));
    expect(await wrong()).toMatchObject(refusedAs("OTP-402"));
    expect(await pc.post(beginRegistration, { passkeyName: "x", confirmationPassword })).toMatchObject(refusedAs("OTP-402"));
    expect(await database.db.select().from(passkeyChallenges)).toEqual([]);
  });

  test.each(["", " ", "長".repeat(41), "名前\u202e", "名\n前"])("the name %j is refused", async (passkeyName) => {
    const pc = await loggedIn("haruki");
    expect(await pc.post(beginRegistration, { passkeyName, confirmationPassword })).toMatchObject({ status: 422, fields: { passkeyName: expect.stringContaining("パスキーの名前") as string } });
  });

  test("several, up to the limit, and not one more", async () => {
    const pc = await loggedIn("haruki");
    for (let i = 1; i < policy.passkeysPerUser; i += 1) await registered(pc, `${i}`);
    const late = softAuthenticator().create(await registrationOptionsOf(pc));
    await database.client`insert into passkeys (corporation_id, user_id, credential_id, public_key, counter, transports, name, registered_at)
      select corporation_id, user_id, 'another', public_key, 0, transports, 'x', app_now() from passkeys limit 1`;
    expect(await presentAttestation(pc, late)).toMatchObject(refusedAs("OTP-124"));
    expect(await pc.post(beginRegistration, { passkeyName: "x", confirmationPassword })).toMatchObject(refusedAs("OTP-124"));
    expect((await rows()).length).toBe(policy.passkeysPerUser);
  });

  test("not before the service applies: that session is worth a password and no more", async () => {
    const mihon = await inSession("mihon");
    expect((await mihon.post(beginRegistration, { passkeyName: "x", confirmationPassword })).body).toMatchObject(refusedAs("OTP-126"));
    expect(await rows()).toEqual([]);
  });
});

describe("nothing is registered", () => {
  test("from half a login, or from nothing", async () => {
    const { pc } = await afterPasswordOf("haruki");
    for (const visitor of [pc, browser()]) {
      expect(await visitor.post(beginRegistration, { passkeyName: "x", confirmationPassword })).toMatchObject(refusedAs("OTP-111"));
      expect(await presentAttestation(visitor, softAuthenticator().create({ challenge: "AAAA" }))).toMatchObject(refusedAs("OTP-111"));
    }
    expect(await rows()).toEqual([]);
  });

  test.each([
    ["of another origin", { origin: "https://localhost:3000" }, "origin"],
    ["of a page of ours on another port", { origin: "http://localhost:3999" }, "origin"],
    ["of a page framed by another", { crossOrigin: true }, "origin"],
    ["for another relying party", { rpId: "example.jp" }, "relying_party"],
    ["without user verification", { verifiesUser: false }, "user_verification"],
    ["of the other ceremony", { type: "webauthn.get" }, "signature"],
    ["under another id than the authenticator's", { credentialId: "AAAA" }, "signature"],
    ["for a challenge that nobody made", { challenge: Buffer.alloc(32).toString("base64url") }, "challenge"],
  ])("%s", async (_, wrong, flaw) => {
    const pc = await loggedIn("haruki");
    expect(await presentAttestation(pc, softAuthenticator().create(await registrationOptionsOf(pc), wrong))).toMatchObject(refusedAs("OTP-123"));
    expect(await rows()).toEqual([]);
    expect(await events("passkey.register_refused")).toMatchObject([{ result: "refused", code: "OTP-123", flaw }]);
  });

  test("by a challenge used before, even if it was for nothing", async () => {
    const pc = await loggedIn("haruki");
    const device = softAuthenticator();
    const options = await registrationOptionsOf(pc);
    expect(await presentAttestation(pc, device.create(options, { origin: "https://evil.example" }))).toMatchObject(refusedAs("OTP-123"));
    expect(await presentAttestation(pc, device.create(options))).toMatchObject(refusedAs("OTP-123"));
    expect(await rows()).toEqual([]);
  });

  test("by a challenge whose time is over, or that a newer one replaced", async () => {
    const pc = await loggedIn("haruki");
    const device = softAuthenticator();
    const options = await registrationOptionsOf(pc);
    await registrationOptionsOf(pc);
    expect(await presentAttestation(pc, device.create(options))).toMatchObject(refusedAs("OTP-123"));
    const late = await registrationOptionsOf(pc);
    await database.advance(policy.passkeyChallengeMinutes * 60);
    expect(await presentAttestation(pc, device.create(late))).toMatchObject(refusedAs("OTP-123"));
    expect(await rows()).toEqual([]);
  });

  test("by another user's challenge, or one of an earlier session", async () => {
    const [haruki, sakuro] = [await loggedIn("haruki"), await loggedIn("sakuro")];
    const device = softAuthenticator();
    const options = await registrationOptionsOf(haruki);
    expect(await presentAttestation(sakuro, device.create(options))).toMatchObject(refusedAs("OTP-123"));
    await database.advance(60);
    const again = await loggedIn("haruki");
    expect(await presentAttestation(again, device.create(options))).toMatchObject(refusedAs("OTP-123"));
    expect(await presentAttestation(haruki, device.create(options))).toMatchObject(refusedAs("OTP-112"));
    expect(await rows()).toEqual([]);
  });

  test("of a credential that somebody has, or had", async () => {
    const [haruki, sakuro] = [await loggedIn("haruki"), await loggedIn("sakuro")];
    const device = await registered(haruki);
    expect(await presentAttestation(sakuro, device.create(await registrationOptionsOf(sakuro)))).toMatchObject(refusedAs("OTP-123"));
    await database.db.update(passkeys).set({ removedAt: new Date(), removedBecause: "removed" });
    expect(await presentAttestation(haruki, device.create(await registrationOptionsOf(haruki)))).toMatchObject(refusedAs("OTP-123"));
    expect((await rows()).length).toBe(1);
  });

  test.each(["", "{", "null", "[]", "{}", JSON.stringify({ id: "a", rawId: "a", type: "public-key", response: { clientDataJSON: "a", attestationObject: "!" } }), "x".repeat(13_000)])("of what no browser says: %.40s", async (credential) => {
    const pc = await loggedIn("haruki");
    const { POST } = await import("@/app/(customer)/settings/passkeys/register/route");
    expect(await pc.post(POST, { passkeyName: "x", credential })).toMatchObject({ status: 422 });
  });
});

test("50 presentations at once of one attestation register one passkey", async () => {
  const pc = await loggedIn("haruki");
  const credential = softAuthenticator().create(await registrationOptionsOf(pc));
  const answers = await Promise.all(Array.from({ length: 50 }, () => presentAttestation(pc, credential)));
  expect(answers.filter(({ ok }) => ok).length).toBe(1);
  expect((await rows()).length).toBe(1);
});
