import { randomBytes } from "node:crypto";
import { desc, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { auditEvents, issuancePermissions, mailIntents, tokens } from "@/drizzle/schema";
import { activationPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person, wrongDigits } from "@/lib/login/test-person";
import { oneTimePassword, timeStepAt } from "@/lib/otp/totp";
import { days } from "@/lib/platform/clock";
import { testDatabase } from "@/lib/platform/test-database";
import { endLapsedIssuances } from "./lapse";
import { issue, renew } from "./issue";
import { tokenKey } from "./key";
import { resendLink } from "./resend";
import { closePermissions, openPermissions } from "./permission";
import { revoke } from "./revoke";
import { tokenState } from "./states";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const reasonOf = (result: { ok: boolean; refusal?: object }) => (result.ok ? "ok" : (result.refusal as { reason: string }).reason);
const stateOf = async (who: ReturnType<typeof person>) => { const standing = await who.standing(); return tokenState(standing, standing.now); };
const mailsOf = async (kind: string) => (await database.db.select().from(mailIntents).where(eq(mailIntents.kind, kind))).map((mail) => mail.recipient).sort();

async function issued(loginId = "ichiro") {
  const who = person(loginId);
  await who.password();
  expect(reasonOf(await who.issue())).toBe("ok");
  return who;
}

async function confirmed(loginId = "ichiro") {
  const who = await issued(loginId);
  await who.setUp(await who.channels());
  expect(reasonOf(await who.confirm(await who.presentDigits()))).toBe("ok");
  return who;
}

describe("手順A–E", () => {
  test("from a half-login to a token in use: the phone computes the key that the server sealed, and nothing else ever held it", async () => {
    const ichiro = await issued();
    expect(await stateOf(ichiro)).toBe("issued");
    const given = await ichiro.channels();
    expect(given.userNumber).toMatch(/^[0-9]{12}$/);
    expect(given.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);

    const agreed = await ichiro.setUp(given);
    if (!agreed.ok) throw new Error("not agreed");
    const key = ichiro.phoneKey(agreed.value, given);
    const { issuance, now } = await ichiro.standing();
    expect(Buffer.from(tokenKey(issuance!)).equals(key)).toBe(true);
    expect(reasonOf(await ichiro.confirm(oneTimePassword(key, timeStepAt(now, 60), "SHA-256", 6)))).toBe("ok");

    expect(await stateOf(ichiro)).toBe("in_use");
    expect((await ichiro.openSessions()).length).toBe(1);
    expect((await ichiro.standing()).permission).toBeNull();
    expect(await mailsOf("token_confirmed")).toEqual(["ichiro@example.jp", "sakuro@example.jp"]);
    const everything = JSON.stringify(await database.db.execute(sql`select t::text from tokens t union all select a::text from audit_events a union all select m::text from mail_intents m`));
    for (const secret of [key.toString("base64url"), key.toString("hex"), key.toString("base64"), given.code, activationPassword]) expect(everything).not.toContain(secret);
  });

  test("each issuance has a key of its own, from 256 random bits, and a link to our own host", async () => {
    const ichiro = await issued();
    const keys = [];
    for (let i = 0; i < 2; i += 1) {
      const given = await ichiro.channels();
      expect(given.link).toBe(`http://localhost:3000/authenticator/start#${given.code}`);
      await ichiro.setUp(given);
      keys.push(Buffer.from(tokenKey((await ichiro.standing()).issuance!)));
      await ichiro.issue();
    }
    expect(keys.map((key) => key.byteLength)).toEqual([32, 32]);
    expect(keys[0]!.equals(keys[1]!)).toBe(false);
  });

  test("nothing is evaluated or counted before the phone is set up", async () => {
    const ichiro = await issued();
    for (let i = 0; i < 6; i += 1) expect(reasonOf(await ichiro.confirm("000000"))).toBe("phone_not_set_up");
    expect((await ichiro.row()).oneTimePasswordFailures).toBe(0);
  });

  test("an expired half-login loses nothing: after another login the same IDs are shown", async () => {
    const ichiro = await issued();
    const before = (await ichiro.standing()).issuance!.userNumber;
    await database.advance(11 * 60);
    expect(await ichiro.password()).toMatchObject({ ok: true, value: { step: "confirmation" } });
    expect((await ichiro.standing()).issuance!.userNumber).toBe(before);
  });

  test("issuing again replaces the earlier issuance: its link, IDs and password are dead", async () => {
    const ichiro = await issued();
    const earlier = await ichiro.channels();
    await ichiro.issue("other@example.jp");
    expect(reasonOf(await ichiro.setUp(earlier))).toBe("set_up_failed");
    expect(reasonOf(await ichiro.setUp(await ichiro.channels()))).toBe("ok");
  });

  test("wrong confirmations suspend like any other", async () => {
    const ichiro = await issued();
    await ichiro.setUp(await ichiro.channels());
    const wrong = await wrongDigits(ichiro);
    for (let i = 0; i < 4; i += 1) expect(reasonOf(await ichiro.confirm(wrong))).toBe("wrong_one_time_password");
    expect(reasonOf(await ichiro.confirm(wrong))).toBe("suspended");
    expect(reasonOf(await ichiro.password())).toBe("suspended");
    expect(await stateOf(ichiro)).toBe("issued");
  });
});

describe("the three channels", () => {
  const wrong = {
    "service ID": { serviceId: "99999999" }, "user ID": { userNumber: "000000000000" }, "activation password": { activationPassword: "000000" },
    "link": { code: "00000000" }, "nothing": { serviceId: "", userNumber: "", activationPassword: "", code: "" },
  };
  test.each(Object.entries(wrong))("a wrong %s gets the one answer", async (_, part) => {
    const ichiro = await issued();
    expect(await ichiro.setUp({ ...(await ichiro.channels()), ...part })).toEqual({ ok: false, refusal: { reason: "set_up_failed" } });
    expect(await stateOf(ichiro)).toBe("issued");
  });

  test("five wrong set-ups, whichever part was wrong, kill the issuance", async () => {
    const ichiro = await issued();
    const given = await ichiro.channels();
    for (const part of [wrong["service ID"], wrong["user ID"], wrong["activation password"], wrong["link"], wrong["link"]]) await ichiro.setUp({ ...given, ...part });
    expect(await stateOf(ichiro)).toBe("unregistered");
    expect(reasonOf(await ichiro.setUp(given))).toBe("set_up_failed");
    const [row] = await database.db.select().from(tokens).where(eq(tokens.userId, (await ichiro.row()).id));
    expect(row).toMatchObject({ endedBecause: "set_up_failed", activationPasswordHash: null, linkCodeMac: null, userNumber: null });
  });

  test("a point that is not on the curve is a wrong set-up", async () => {
    const ichiro = await issued();
    const point = Buffer.concat([Buffer.from([4]), randomBytes(64)]).toString("base64url");
    expect(reasonOf(await ichiro.setUp({ ...(await ichiro.channels()), phonePublicKey: point }))).toBe("set_up_failed");
  });

  test("a second device is refused, the same phone gets the same answer again, and after confirmation nobody gets anything", async () => {
    const ichiro = await issued();
    const given = await ichiro.channels();
    const first = await ichiro.setUp(given);
    expect(reasonOf(await ichiro.setUp({ ...given, phonePublicKey: person("another phone").phonePublicKey }))).toBe("set_up_failed");
    expect(await ichiro.setUp(given)).toEqual(first);
    await ichiro.confirm(await ichiro.presentDigits());
    expect(reasonOf(await ichiro.setUp(given))).toBe("set_up_failed");
  });

  test("a link is valid for 24 hours", async () => {
    const ichiro = await issued();
    const given = await ichiro.channels();
    await database.advance(24 * 3_600);
    expect(await stateOf(ichiro)).toBe("unregistered");
    expect(reasonOf(await ichiro.setUp(given))).toBe("set_up_failed");
    const [refused] = await database.db.select().from(auditEvents).orderBy(desc(auditEvents.id)).limit(1);
    expect(refused).toMatchObject({ name: "token.set_up_refused", corporationId: (await ichiro.row()).corporationId });
    await endLapsedIssuances();
    const [row] = await database.db.select().from(tokens).where(eq(tokens.userId, (await ichiro.row()).id));
    expect(row).toMatchObject({ endedBecause: "lapsed", activationPasswordHash: null, linkCodeMac: null });
  });
});

describe("再送", () => {
  test("a minute apart, five at the most, and each kills the older link", async () => {
    const ichiro = await issued();
    const resend = () => ichiro.as((work, standing) => resendLink(work, standing));
    expect(reasonOf(await resend())).toBe("resend_too_soon");
    const older = await ichiro.channels();
    await database.advance(60);
    expect(reasonOf(await resend())).toBe("ok");
    const newer = await ichiro.channels();
    expect(newer.code).not.toBe(older.code);
    expect(reasonOf(await ichiro.setUp(older))).toBe("set_up_failed");
    for (let i = 0; i < 4; i += 1) {
      await database.advance(60);
      expect(reasonOf(await resend())).toBe("ok");
    }
    await database.advance(60);
    expect(reasonOf(await resend())).toBe("no_resends_left");
    await ichiro.setUp(await ichiro.channels());
    expect(reasonOf(await resend())).toBe("already_set_up");
  });

  test("issuances of a day are limited: nobody uses us to flood a mailbox", async () => {
    const ichiro = person("ichiro");
    await ichiro.password();
    for (let i = 0; i < 20; i += 1) expect(reasonOf(await ichiro.issue())).toBe("ok");
    expect(reasonOf(await ichiro.issue())).toBe("too_many_issuances");
    await database.advance(86_400);
    await ichiro.password();
    expect(reasonOf(await ichiro.issue())).toBe("ok");
  });
});

describe("発行許可", () => {
  test("without an open one the refusal says who can open it", async () => {
    const ichiro = person("ichiro");
    await ichiro.as((work, standing) => closePermissions(work, [standing]));
    await ichiro.password();
    expect(reasonOf(await ichiro.issue())).toBe("no_issuance_permission");
    await person("haruki").as((work, standing) => revoke(work, [standing], { allowReissue: false }));
    await person("sakuro").as((work, standing) => revoke(work, [standing], { allowReissue: false }));
    expect(reasonOf(await ichiro.issue())).toBe("no_issuance_permission_counter");
  });

  test("ends after its days, and a revocation replaces it by seven or closes it", async () => {
    const haruki = person("haruki");
    await haruki.as((work, standing) => revoke(work, [standing], { allowReissue: true }));
    const { permission, now } = await haruki.standing();
    expect(Math.round((permission!.closesAt.getTime() - now.getTime()) / days(1))).toBe(7);
    await database.advance(7 * 86_400);
    await haruki.password();
    expect(reasonOf(await haruki.issue())).toBe("no_issuance_permission");

    const sakuro = person("sakuro");
    await sakuro.as((work, standing) => revoke(work, [standing], { allowReissue: false }));
    expect((await sakuro.standing()).permission).toBeNull();
  });

  test("does not open before its date", async () => {
    const ichiro = person("ichiro");
    await ichiro.as((work, standing) => openPermissions(work, [standing], "service_applied", new Date(work.now.getTime() + days(1)), days(30)));
    await ichiro.password();
    expect(reasonOf(await ichiro.issue())).toBe("no_issuance_permission");
  });

  test("there is at most one", async () => {
    const ichiro = person("ichiro");
    await ichiro.as((work, standing) => openPermissions(work, [standing], "manager", work.now, days(7)));
    const open = await database.db.select().from(issuancePermissions).where(eq(issuancePermissions.userId, (await ichiro.row()).id));
    expect(open.filter((row) => row.closedAt === null).length).toBe(1);
  });
});

describe("renewal", () => {
  const application = { mailAddress: "new@example.jp", activationPassword };
  const renewBy = async (who: ReturnType<typeof person>, presented?: string) => {
    const digits = presented ?? (await who.presentDigits());
    return who.as((work, standing) => renew(work, standing, application, digits));
  };

  test("opens 30 days before the end, with a fresh one-time password, and asks for no 発行許可", async () => {
    const haruki = person("haruki");
    expect(reasonOf(await renewBy(haruki))).toBe("not_renewable_yet");
    await putScenario("expiring-token");
    await haruki.as((work, standing) => closePermissions(work, [standing]));
    expect(reasonOf(await renewBy(haruki, await wrongDigits(haruki)))).toBe("wrong_one_time_password");
    expect((await haruki.row()).oneTimePasswordFailures).toBe(1);
    expect(reasonOf(await renewBy(haruki))).toBe("ok");
    expect(reasonOf(await renewBy(haruki))).toBe("wrong_one_time_password"); // the same one again
  });

  test("where the day's issuances are used up the one-time password is not evaluated: it is not spent for nothing", async () => {
    await putScenario("expiring-token");
    const haruki = person("haruki");
    const { user, corporation } = await haruki.standing();
    await database.db.insert(tokens).values(Array.from({ length: 20 }, () => ({
      corporationId: corporation.id, userId: user.id, issuedAt: sql`app_now()`, lapsesAt: sql`app_now()`, lastMailAt: sql`app_now()`,
      mailAddress: "a@example.jp", endedAt: sql`app_now()`, endedBecause: "reissued" as const,
    })));
    const digits = await haruki.presentDigits();
    expect(reasonOf(await renewBy(haruki, digits))).toBe("too_many_issuances");
    await haruki.password();
    expect(reasonOf(await haruki.oneTimePassword(digits))).toBe("ok");
  });

  test("the old token stays the one asked for until the new one is confirmed, which ends it in the same transaction", async () => {
    await putScenario("expiring-token");
    const haruki = person("haruki");
    await renewBy(haruki);
    expect(await haruki.password()).toMatchObject({ ok: true, value: { step: "one_time_password" } });
    const given = await haruki.channels();
    const agreed = await haruki.setUp(given);
    if (!agreed.ok) throw new Error("not agreed");
    const { inUse: old, now } = await haruki.standing();
    const presented = oneTimePassword(haruki.phoneKey(agreed.value, given), timeStepAt(now, 60), "SHA-256", 6);
    const { confirm } = await import("./confirm");
    expect(reasonOf(await haruki.as((work, standing) => confirm(work, standing, presented)))).toBe("ok");
    const { inUse, issuance } = await haruki.standing();
    expect(inUse!.id).toBe(agreed.value.id);
    expect(issuance).toBeNull();
    const [ended] = await database.db.select().from(tokens).where(eq(tokens.id, old!.id));
    expect(ended).toMatchObject({ endedBecause: "renewed", sealedKey: null });
  });

  test("if it lapses nothing changes", async () => {
    await putScenario("expiring-token");
    const haruki = person("haruki");
    const before = (await haruki.standing()).inUse!.id;
    await renewBy(haruki);
    await database.advance(25 * 3_600);
    await endLapsedIssuances();
    expect((await haruki.standing()).inUse!.id).toBe(before);
    await haruki.password();
    expect(reasonOf(await haruki.oneTimePassword(await haruki.presentDigits()))).toBe("ok");
  });

  test("a token in use is not issued anew behind a half-login; an expired one is", async () => {
    await putScenario("expiring-token");
    const haruki = person("haruki");
    expect(reasonOf(await haruki.as((work, standing) => issue(work, standing, application)))).toBe("not_issuable");
    await database.advance(20 * 86_400);
    expect(await haruki.password()).toMatchObject({ ok: true, value: { step: "issuance" } });
    expect(reasonOf(await haruki.issue())).toBe("ok");
    await haruki.setUp(await haruki.channels());
    const { issuance, now } = await haruki.standing();
    expect(reasonOf(await haruki.confirm(oneTimePassword(tokenKey(issuance!), timeStepAt(now, 60), "SHA-256", 6)))).toBe("ok");
    expect(await stateOf(haruki)).toBe("in_use");
  });
});

describe("the database refuses what must never happen", () => {
  const violates = (constraint: string, run: Promise<unknown>) => expect(run).rejects.toMatchObject({ cause: { constraint_name: constraint } });
  const set = (changes: Partial<typeof tokens.$inferInsert>, id: string) => database.db.update(tokens).set(changes).where(eq(tokens.id, id));

  test("a second token in use, a second issuance, a time step twice, a token that comes back, a confirmation without a phone", async () => {
    const haruki = await confirmed("ichiro");
    const { inUse, user, corporation } = await haruki.standing();
    const whole = { corporationId: corporation.id, userId: user.id, issuedAt: new Date(), lapsesAt: new Date(), mailAddress: "a@example.jp", lastMailAt: new Date() };
    await violates("tokens_one_in_use_per_user", database.db.insert(tokens).values({
      ...whole, setUpAt: new Date(), confirmedAt: new Date(), expiresAt: new Date(), lastTimeStep: 1, sealedKey: "x",
    }));
    await database.db.insert(tokens).values(whole);
    await violates("tokens_one_open_issuance_per_user", database.db.insert(tokens).values(whole));
    for (const earlier of [0, 1]) await violates("tokens_time_step_once", set({ lastTimeStep: inUse!.lastTimeStep! - earlier }, inUse!.id));
    await violates("tokens_live_key", set({ sealedKey: null }, inUse!.id));
    await violates("tokens_in_use_is_set_up", database.db.update(tokens).set({ confirmedAt: new Date() }).where(sql`${tokens.userId} = ${user.id} and ${tokens.confirmedAt} is null`));
    await violates("tokens_end_has_cause", set({ endedAt: new Date() }, inUse!.id));
    await violates("tokens_ended_holds_no_secret", set({ endedAt: new Date(), endedBecause: "revoked" }, inUse!.id));
    await haruki.as((work, standing) => revoke(work, [standing], { allowReissue: true }));
    await violates("tokens_ended_is_final", set({ endedAt: null, endedBecause: null }, inUse!.id));
  });

  test("a key sealed for one user does not open in another's row", async () => {
    const [first, second] = [(await person("haruki").standing()).inUse!, (await person("sakuro").standing()).inUse!];
    expect(() => tokenKey({ ...first, sealedKey: second.sealedKey })).toThrow();
    expect(() => tokenKey({ ...first, corporationId: second.id })).toThrow();
    expect(tokenKey(first).byteLength).toBe(32);
  });
});

test("every refusal of a set-up is in the audit log", async () => {
  const ichiro = await issued();
  await ichiro.setUp({ ...(await ichiro.channels()), code: "00000000" });
  const [event] = await database.db.select().from(auditEvents).orderBy(desc(auditEvents.id)).limit(1);
  expect(event).toMatchObject({ name: "token.set_up_refused", result: "refused", code: "OTP-301", userId: (await ichiro.row()).id });
});
