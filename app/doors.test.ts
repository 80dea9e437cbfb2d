import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { lift } from "@/lib/suspension/lift";
import { call, cookieOf, cookiesOf, halfLoginOf, isManagersOnly, isStaffs, named, pathsOfTheTree, sessionOf, type Visitor } from "./test-doors";

/*
 * Every route handler × every kind of visitor, from the tree's own list: a handler without a row fails.
 */
const database = testDatabase();
beforeEach(() => putScenario("demo"));

// Who is let through each door. The others get 401 or 403 and nothing else; "anyone" needs no right.
const doors: Record<string, Visitor[] | "anyone"> = {
  "GET /state": ["manager"],
  "GET /session": ["manager", "temporary password", "passkey to register"],
  "POST /session/extend": ["manager", "temporary password", "passkey to register"],
  "POST /logout": "anyone",
  "POST /login/present": "anyone",
  "GET /login/one-time-password/state": ["half-login"],
  "POST /login/one-time-password/present": [], // a half-login is let in, but the present one-time password of `haruki` is used up: see below
  "GET /login/passkey/state": [], // `haruki` has none
  "POST /login/passkey/options": [],
  "POST /login/passkey/present": [],
  "POST /login/passkey-alone/options": "anyone",
  "POST /login/passkey-alone/present": [], // nobody without a challenge: lib/passkey/present-alone.test.ts
  "GET /token/issuance/state": [],
  "POST /token/issuance/issue": [],
  "GET /token/confirmation/state": [],
  "POST /token/confirmation/confirm": [],
  "POST /token/confirmation/resend": [],
  "GET /password/change/state": ["manager", "temporary password"],
  "POST /password/change/change": [],
  "GET /settings/state": ["manager"],
  "POST /settings/mail-address/change": [],
  "POST /settings/confirmation-password/change": [],
  "POST /settings/passkeys/options": [],
  "POST /settings/passkeys/register": [],
  "POST /settings/passkeys/remove": [],
  "GET /settings/passkeys/required/state": ["manager", "passkey to register"],
  "GET /management/history/state": ["manager"],
  "POST /management/history/csv": ["manager"],
  "POST /authenticator/set-up": "anyone",
  "GET /authenticator/state": "anyone",
  "GET /institution.json": "anyone",
  "GET /health/live": "anyone",
  "GET /health/ready": "anyone",
  "GET /metrics": "anyone", // of this machine, or with METRICS_TOKEN: metrics.test.ts
};

test("the table has every route handler of the tree but those of management.test.ts and staff.test.ts, and no other", () => {
  expect([...new Set(Object.keys(doors).map((door) => door.split(" ")[1]))].sort()).toEqual(pathsOfTheTree().filter((path) => !isManagersOnly(path) && !isStaffs(path)));
});

const visitors: Visitor[] = ["nobody", "half-login", "flipped session", "manager", "ended session", "temporary password", "passkey to register"];
const closed = Object.entries(doors).flatMap(([door, allowed]) =>
  allowed === "anyone" ? [] : visitors.map((visitor) => [door, visitor, allowed.includes(visitor)] as const));

const form = { oneTimePassword: "000000", currentPassword: "wrong-one", newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026",
  mailAddress: "a@example.jp", mailAddressAgain: "a@example.jp", activationPassword: "246810", activationPasswordAgain: "246810", confirmationPassword: "wrong-one",
  passkeyName: "x", passkey: "00000000-0000-4000-8000-000000000000", credential: JSON.stringify({ id: "a", rawId: "a", type: "public-key", response: { clientDataJSON: "a", authenticatorData: "a", signature: "a", attestationObject: "a" } }) };

test.each(closed)("%s for %s: let in is %s", async (door, visitor, letIn) => {
  const [method, path] = door.split(" ") as ["GET" | "POST", string];
  const cookie = await cookieOf(visitor);
  const response = await call(path, method, cookie, form);
  if (letIn) {
    expect(response.status).toBe(200);
  } else {
    expect([401, 403, 409]).toContain(response.status);
    expect(await response.json()).toMatchObject({ ok: false, refusal: { code: expect.stringMatching(/^OTP-/) as string } });
  }
  expect(response.headers.get("cache-control")).toBe("no-store");
});

test("no GET changes anything but when a session was last seen", async () => {
  const cookies = [await sessionOf("haruki"), await halfLoginOf("tarou")].join("; ");
  await database.advance(60);
  const everything = async () => {
    const [row] = await database.db.execute<{ digest: string }>(sql`select md5(concat(
      (select string_agg((to_jsonb(u) - 'revision')::text, '' order by id) from users u), (select string_agg(t::text, '' order by id) from tokens t),
      (select string_agg((to_jsonb(s) - 'last_seen_at')::text, '' order by id) from sessions s), (select string_agg(a::text, '' order by user_id) from login_attempts a),
      (select string_agg(m.id::text, '' order by id) from mail_intents m), (select count(*) from audit_events), (select count(*) from known_browsers),
      (select string_agg(p::text, '' order by id) from issuance_permissions p), (select count(*) from suspensions), (select string_agg(k::text, '' order by id) from passkeys k), (select string_agg(c::text, '' order by id) from passkey_challenges c), (select count(*) from passkey_login_challenges))) as digest`);
    return row!.digest;
  };
  const before = await everything();
  for (const door of Object.keys(doors).filter((name) => name.startsWith("GET"))) await call(door.split(" ")[1]!, "GET", cookies);
  expect(await everything()).toBe(before);
});

describe("sessions", () => {
  test("the end is told to the browser that held it: replaced, suspended, idle, absolute", async () => {
    const codeOf = async (cookie: string) => ((await (await call("/state", "GET", cookie)).json()) as { refusal?: { code: string } }).refusal?.code;
    const first = await sessionOf("haruki");
    await database.advance(60);
    const second = await sessionOf("haruki");
    expect([await codeOf(first), await codeOf(second)]).toEqual(["OTP-112", undefined]);

    const halfLogin = await halfLoginOf("haruki");
    for (let i = 0; i < 5; i += 1) await call("/login/one-time-password/present", "POST", halfLogin, { oneTimePassword: "000000" });
    expect(await codeOf(second)).toBe("OTP-115");
    await person("haruki").as((work, standing) => lift(work, [standing]));

    await database.advance(60);
    const third = await sessionOf("haruki");
    await database.advance(15 * 60 - 1);
    expect((await call("/session", "GET", third)).status).toBe(200); // a look prolongs nothing
    await database.advance(1);
    expect([await codeOf(third), await codeOf(third)]).toEqual(["OTP-113", "OTP-113"]);

    const fourth = await sessionOf("haruki");
    for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      await database.advance(600);
      expect(await codeOf(fourth)).toBeUndefined();
    }
    await database.advance(600);
    expect(await codeOf(fourth)).toBe("OTP-114");
  });

  test("logging out ends the row: the cookie put back opens nothing", async () => {
    const cookie = await sessionOf("haruki");
    expect((await call("/logout", "POST", cookie)).status).toBe(200);
    expect((await call("/state", "GET", cookie)).status).toBe(401);
  });

  test("another user's session secret in a cookie of one's own making is no session", async () => {
    expect((await call("/state", "GET", "__Host-ichido-session=eyJhbGciOiJub25lIn0.e30.")).status).toBe(401);
    expect((await call("/state", "GET", "__Host-ichido-session=")).status).toBe(401);
  });

  test("changing one's password ends every other session and needs the present one", async () => {
    const cookie = await sessionOf("haruki");
    const change = { currentPassword: loginPassword, newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026" };
    for (const [field, value] of [["newPassword", "short"], ["newPassword", "password1"], ["newPassword", "haruki2026"], ["newPassword", "Kakunin-demo-2026"], ["newPassword", loginPassword]] as const)
      expect((await call("/password/change/change", "POST", cookie, { ...change, [field]: value, newPasswordAgain: value })).status).toBe(422);
    const response = await call("/password/change/change", "POST", cookie, change);
    expect(response.status).toBe(200);
    expect((await call("/state", "GET", cookie)).status).toBe(401);
    expect((await call("/state", "GET", named(cookiesOf(response), "session"))).status).toBe(200);
    expect((await call("/login/present", "POST", "", { loginId: "haruki", password: loginPassword })).status).toBe(401);
  });

  test("a long sentence with spaces in Japanese is a good password", async () => {
    const cookie = await sessionOf("haruki");
    const sentence = "毎朝 七時の電車で 海を見ながら 会社へ行く 𠮷田さんと ".repeat(4);
    expect([...sentence].length).toBeGreaterThan(64);
    expect((await call("/password/change/change", "POST", cookie, { currentPassword: loginPassword, newPassword: sentence, newPasswordAgain: sentence })).status).toBe(200);
    expect((await call("/login/present", "POST", "", { loginId: "haruki", password: sentence })).status).toBe(200);
  });

  test("a session is no place to guess the password: five wrong ones stop the count", async () => {
    const cookie = await sessionOf("haruki");
    const change = { currentPassword: "wrong", newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026" };
    for (let i = 0; i < 5; i += 1) expect((await call("/password/change/change", "POST", cookie, change)).status).toBe(403);
    expect((await call("/password/change/change", "POST", cookie, { ...change, currentPassword: loginPassword })).status).toBe(403);
  });
});

test("cookies are __Host-, Secure, HttpOnly and SameSite=Strict", async () => {
  const response = await call("/login/present", "POST", "", { loginId: "mihon", password: loginPassword });
  const cookies = response.headers.getSetCookie();
  expect(cookies.length).toBeGreaterThanOrEqual(2);
  for (const cookie of cookies) expect(cookie).toMatch(/^__Host-ichido-[a-z-]+=[^;]*; Path=\/; Secure; SameSite=Strict; HttpOnly/);
});
