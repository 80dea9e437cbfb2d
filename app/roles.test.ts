import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cases, mailIntents, staff, users } from "@/drizzle/schema";
import { sealAuditLog } from "@/lib/audit/test-seal";
import { eraseActResults } from "@/lib/corporation/act-result";
import { userActs } from "@/lib/corporation/act-on-user";
import { confirmationPassword, loginPassword, staffCast } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { loggedIn } from "@/lib/login/test-browser";
import { person } from "@/lib/login/test-person";
import { giveUp, leaseDue, markSent, postpone } from "@/lib/mail/store";
import { oneTimePassword, timeStepAt } from "@/lib/otp/totp";
import { readClock } from "@/lib/platform/clock";
import { eraseChallenges } from "@/lib/passkey/store";
import { afterPasswordOf, assertionOptionsOf, logInBy, presentAssertion, registered, softAuthenticator } from "@/lib/passkey/test-authenticator";
import { connect, useDatabase as putInPlace } from "@/lib/platform/database";
import { sortableDate } from "@/lib/platform/japan-time";
import { documentsOf } from "@/lib/platform/institution";
import { testDatabase } from "@/lib/platform/test-database";
import { testRoles } from "@/lib/platform/test-roles";
import { policy } from "@/lib/policy";
import { type CaseKind, caseKinds, isOfContract } from "@/lib/staff/case-kinds";
import { staffKey } from "@/lib/staff/key";
import { eraseStaffChallenges } from "@/lib/staff/passkey-store";
import { eraseOldSlips } from "@/lib/staff/slips";
import { announceExpiringTokens } from "@/lib/token/announce-expiry";
import { endLapsedIssuances } from "@/lib/token/lapse";
import { POST as removePasskey } from "./(customer)/settings/passkeys/remove/route";
import { GET as settings } from "./(customer)/settings/state/route";
import { answerOf, call, cookiesOf, halfLoginOf, named, origin, sessionOf } from "./test-doors";

/* What the two roles of drizzle/roles.sql may do is enough: everything that customers and the counter do is done as them. What is too much: lib/platform/roles.test.ts. */

const database = testDatabase();
const roles = testRoles(database);
let customers: ReturnType<typeof connect>;
let counter: ReturnType<typeof connect>;
beforeAll(() => {
  customers = connect(roles.customersUrl, 5);
  counter = connect(roles.counterUrl, 5);
});
afterAll(async () => {
  putInPlace(database);
  await Promise.all([customers.client.end({ timeout: 5 }), counter.client.end({ timeout: 5 })]);
});
const asOwner = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  putInPlace(database);
  return work().finally(() => putInPlace(customers, counter));
};
beforeEach(() => asOwner(() => putScenario("demo")));

const idOf = async (loginId: string) => (await database.db.select({ id: users.id }).from(users).where(eq(users.loginId, loginId)))[0]!.id;
const right = { confirmationPassword };
const passwords = { loginPassword: "kx7f-9pqm-w2za", newConfirmationPassword: "b3rt-hh8k-n5vy" };

describe("customers", () => {
  test("issue, set up, confirm and renew a token, log in, miscount, and log out", async () => {
    const ichiro = person("ichiro");
    expect(await ichiro.password()).toMatchObject({ ok: true });
    expect(await ichiro.issue()).toMatchObject({ ok: true });
    await database.advance(policy.secondsBetweenResends);
    const halfLogin = await halfLoginOf("ichiro");
    expect((await call("/token/confirmation/state", "GET", halfLogin)).status).toBe(200);
    expect((await call("/token/confirmation/resend", "POST", halfLogin)).status).toBe(200);
    await ichiro.password();
    const channels = await ichiro.channels();
    expect(await ichiro.setUp({ ...channels, userNumber: "000000000000" })).toMatchObject({ ok: false });
    expect(await ichiro.setUp(channels)).toMatchObject({ ok: true });
    expect(await ichiro.confirm(await ichiro.presentDigits())).toMatchObject({ ok: true });

    await database.advance(60 * 60 * 24 * (policy.tokenLifeDays - 1));
    const renewing = await sessionOf("ichiro");
    await database.advance(60);
    const renewal = { mailAddress: "ichiro@example.jp", mailAddressAgain: "ichiro@example.jp", activationPassword: "246810", activationPasswordAgain: "246810", oneTimePassword: await ichiro.presentDigits() };
    expect((await call("/token/issuance/issue", "POST", renewing, renewal)).status).toBe(200);
    await announceExpiringTokens();
    await database.advance(60 * 60 * 24 * 2);
    await endLapsedIssuances();
  });

  test("miscount, are suspended, and log in and out", async () => {
    const halfLogin = await halfLoginOf("sakuro");
    for (let i = 0; i < 5; i += 1) await call("/login/one-time-password/present", "POST", halfLogin, { oneTimePassword: "000000" });
    expect((await person("sakuro").standing()).suspendedAt).not.toBeNull();
    for (let i = 0; i < 6; i += 1) expect((await call("/login/present", "POST", "", { loginId: "mihon", password: "wrong" })).status).toBe(401);

    const cookie = await sessionOf("haruki");
    for (const path of ["/state", "/session", "/settings/state", "/management/history/state", "/health/ready"]) expect([path, (await call(path, "GET", cookie)).status]).toEqual([path, 200]);
    expect((await call("/settings/mail-address/change", "POST", cookie, { mailAddress: "a@example.jp", mailAddressAgain: "a@example.jp", ...right })).status).toBe(200);
    const renewed = await call("/settings/confirmation-password/change", "POST", cookie, { currentPassword: confirmationPassword, newPassword: "Betsu-no-kagi-2026", newPasswordAgain: "Betsu-no-kagi-2026" });
    expect(renewed.status).toBe(200);
    const changed = await call("/password/change/change", "POST", named(cookiesOf(renewed), "session") || cookie, { currentPassword: loginPassword, newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026" });
    expect(changed.status).toBe(200);
    expect((await call("/logout", "POST", named(cookiesOf(changed), "session"))).status).toBe(200);
    await database.advance(policy.temporaryStopMinutes * 60);
    const idle = await sessionOf("mihon");
    await database.advance(policy.idleMinutes * 60);
    expect((await call("/state", "GET", idle)).status).toBe(401);
  });

  test("register a passkey, log in by it, are refused with it, and remove it; old challenges go", async () => {
    const pc = await loggedIn("haruki");
    const device = await registered(pc);
    await logInBy("haruki", device, pc);
    const { pc: other } = await afterPasswordOf("haruki");
    expect(await presentAssertion(other, device.get(await assertionOptionsOf(other), { counter: 0 }))).toMatchObject({ ok: false });
    const { state } = await pc.get<{ passkeys: { id: string }[] }>(settings);
    expect(await pc.post(removePasskey, { passkey: state.passkeys[0]!.id, ...right })).toMatchObject({ ok: true });
    await database.advance(policy.passkeyChallengeMinutes * 60 + 1);
    await eraseChallenges();
    expect(await database.client`select from passkey_challenges`).toEqual([]);
  });

  test("manage their company", async () => {
    const cookie = await sessionOf("haruki");
    const ok = async (asked: Promise<Response>) => {
      const response = await asked;
      expect([response.status, response.status === 200 ? "" : await response.clone().text()]).toEqual([200, ""]);
      return response;
    };
    const [sachiko, jiro, tarou] = [await idOf("sachiko"), await idOf("jiro"), await idOf("tarou")];
    for (const path of ["/management/state", "/management/one-time-password/state", "/management/suspensions/state", "/management/tokens/state", "/management/users/state", "/management/users/new/state", "/management/users/import/state"])
      await ok(call(path, "GET", cookie));
    await ok(call("/management/suspensions/attempts", "GET", cookie, {}, { query: `?users=${sachiko}` }));
    const lifted = await ok(call("/management/suspensions/lift", "POST", cookie, { users: sachiko, ...right }));
    await ok(call("/management/suspensions/result/state", "GET", [cookie, named(cookiesOf(lifted), "act-result")].join("; ")));
    await ok(call("/management/tokens/revoke", "POST", cookie, { users: `${sachiko},${tarou}`, allowReissue: "on", ...right }));
    for (const file of ["/management/users/csv", "/management/history/csv"]) expect(await (await ok(call(file, "POST", cookie))).text()).toContain("データ");
    await ok(call("/management/users/new/register", "POST", cookie, { loginId: "shiro", name: "データ四郎", userClass: "general", mailAddress: "shiro@example.jp", ...passwords, ...right }));
    const form = new FormData();
    form.set("confirmationPassword", confirmationPassword);
    form.set("file", new File([`ログインID,利用者名,利用者区分,メールアドレス,仮ログインパスワード,仮確認用パスワード\ngoro,データ五郎,一般ユーザ,goro@example.jp,kx7f-9pqm-w2za,b3rt-hh8k-n5vy`], "users.csv"));
    await ok(call("/management/users/import/register", "POST", cookie, form));
    await ok(call("/management/users/[id]/change", "POST", cookie, { name: "別の名前", userClass: "general", mailAddress: "b@example.jp", ...right }, { id: jiro }));
    await database.db.update(users).set({ confirmationFailures: 5, confirmationSuspendedAt: new Date() }).where(eq(users.id, jiro));
    for (const act of [...userActs].sort((one, other) => Number(one === "delete") - Number(other === "delete"))) {
      await ok(call("/management/users/[id]/state", "GET", cookie, {}, { id: jiro }));
      if (act === "lift_confirmation_password") await database.db.update(users).set({ confirmationFailures: 5, confirmationSuspendedAt: new Date() }).where(eq(users.id, jiro));
      await ok(call("/management/users/[id]/act", "POST", cookie, { act, ...right }, { id: jiro }));
    }
    expect(await answerOf(await call("/management/suspensions/lift", "POST", cookie, { users: sachiko, confirmationPassword: "wrong" }))).toMatchObject({ refusal: { code: "OTP-401" } });
  });

  test("are served every minute: mails, results, seals", async () => {
    await sessionOf("haruki"); // is mailed of: a browser not known before
    const [mail] = await leaseDue(5, 10);
    await postpone(mail!, 0, "later", true);
    await giveUp(mail!, "refused", "address");
    await markSent(mail!);
    expect((await database.db.select().from(mailIntents)).length).toBeGreaterThan(0);
    await eraseActResults();
    await sealAuditLog();
  });
});

describe("the counter", () => {
  const modules = import.meta.glob("./staff/**/route.ts");
  type Handler = (request: Request, place: { params: Promise<Record<string, string>> }) => Promise<Response>;
  const opened = new Set<string>();
  async function door(method: "GET" | "POST", path: string, cookie: string, form: Record<string, string> = {}, { number = "", id = "", query = "" } = {}) {
    opened.add(path);
    const handler = ((await modules[`.${path}/route.ts`]!()) as Record<string, Handler>)[method]!;
    return handler(new Request(`${origin}${path}${query}`, {
      method, headers: { cookie, origin, accept: "application/json", "content-type": "application/x-www-form-urlencoded" }, body: method === "GET" ? undefined : new URLSearchParams(form),
    }), { params: Promise.resolve({ number, id }) });
  }
  async function ok(...asked: Parameters<typeof door>) {
    const response = await door(...asked);
    expect([asked[1], response.status, response.status === 200 ? "" : await response.clone().text()]).toEqual([asked[1], 200, ""]);
    return response;
  }

  async function digitsOf(staffId: string) {
    const [row] = await database.db.select().from(staff).where(eq(staff.staffId, staffId));
    return oneTimePassword(staffKey(row!), timeStepAt((await readClock(database.db)).now, policy.timeStepSeconds), row!.algorithm, policy.digits);
  }
  async function sessionOfStaff(staffId: string) {
    const halfLogin = named(cookiesOf(await ok("POST", "/staff/login/present", "", { staffId, password: loginPassword })), "staff-half-login");
    await ok("GET", "/staff/login/one-time-password/state", halfLogin);
    const response = await ok("POST", "/staff/login/one-time-password/present", halfLogin, { oneTimePassword: await digitsOf(staffId) });
    return named(cookiesOf(response), "staff-session");
  }

  const companyNumber = "1000001";
  let today: string;
  beforeEach(async () => { today = sortableDate((await readClock(database.db)).now); });
  const entry = (number: string, kind: CaseKind, loginIds: string) => ({
    number, kind, contractNumber: kind === "apply_service" || kind === "change_authentication" ? "1000002" : companyNumber, loginIds: isOfContract(kind) ? "" : loginIds, reason: "ご来店", serviceAppliesFrom: today, allowReissue: "on",
    passkeyPolicy: "required", passkeyRequiredFrom: today, stepUpPolicy: "everyone",
    ...Object.fromEntries(documentsOf(kind).map((name) => [`document:${name}`, "on"])),
  });
  const targets: Record<CaseKind, string> = {
    lift_suspension: "sachiko", revoke_token: "sakuro\ntarou", open_permission: "ichiro", issue_login_password: "haruki\nsachiko", issue_confirmation_password: "haruki", release_stop: "jiro",
    emergency_stop: "ichiro", apply_service: "", end_service: "", change_authentication: "",
  };

  test("enters, returns, withdraws, decides and carries out every kind of case, and hands over what it made", async () => {
    const [clerk, approver] = [await sessionOfStaff("clerk"), await sessionOfStaff("approver")];
    await database.db.update(users).set({ confirmationFailures: 5, confirmationSuspendedAt: new Date() }).where(eq(users.loginId, "sachiko"));
    await asOwner(async () => { // a session and a half-login to end, and a stop to release
      await Promise.all([sessionOf("haruki"), halfLoginOf("sachiko")]);
      await registered(await loggedIn("sakuro")); // a passkey to be revoked
      await database.client`insert into passkeys (corporation_id, user_id, credential_id, public_key, counter, transports, name, registered_at)
        select corporation_id, id, 'mihon', '', 0, '{}', 'x', app_now() from users where login_id = 'mihon'`; // and one to end with the service
      await database.client`insert into stops (corporation_id, user_id, stopped_at, cause) select corporation_id, id, now(), 'manager' from users where login_id = 'jiro'`;
      await database.client`insert into login_password_suspensions (corporation_id, user_id, suspended_at) select corporation_id, id, now() from users where login_id = 'sachiko'`;
    });
    await sealAuditLog();
    for (const [index, kind] of caseKinds.entries()) {
      const number = `K-${index + 1}`;
      const again = { number, query: `?again=${number}` };
      await ok("POST", "/staff/cases/new/enter", clerk, entry(number, kind, targets[kind]));
      if (kind !== "emergency_stop") {
        await ok("POST", "/staff/cases/[number]/return", approver, { decisionReason: "書類の不足" }, { number });
        await ok("GET", "/staff/cases/new/state", clerk, {}, again);
        await ok("POST", "/staff/cases/new/enter", clerk, entry(number, kind, targets[kind]));
        const { shown } = (await (await ok("GET", "/staff/cases/[number]/state", approver, {}, { number })).json()) as { shown: { seen: string } };
        await ok("POST", "/staff/cases/[number]/approve", approver, { seen: shown.seen }, { number });
      }
      if (kind.startsWith("issue_")) expect(await (await ok("POST", "/staff/cases/[number]/slips", clerk, {}, { number })).text()).toContain("Password");
      await ok("GET", "/staff/cases/[number]/receipt/state", approver, {}, { number });
    }
    const done = await database.client`select c.number, t.outcome from cases c join case_targets t on t.case_id = c.id where t.outcome is distinct from 'done'`;
    expect(done).toEqual([]);
    expect((await database.db.select().from(cases)).map(({ state }) => state)).toEqual(caseKinds.map(() => "done"));

    await ok("POST", "/staff/cases/new/enter", clerk, entry("K-20", "issue_login_password", "haruki"));
    await ok("POST", "/staff/cases/[number]/withdraw", clerk, {}, { number: "K-20" });
  });

  test("registers a contract, whose slips are erased if nobody asks for them", async () => {
    const [clerk, approver] = [await sessionOfStaff("clerk"), await sessionOfStaff("approver")];
    const { contractNumber: _, loginIds: __, ...common } = entry("K-1", "apply_service", "");
    const contract = { ...common, contractNumber: "1000003", name: "新規商会", masterLoginId: "shinki", masterName: "新規一郎", masterMailAddress: "shinki@example.jp" };
    await ok("GET", "/staff/contracts/new/state", clerk);
    await ok("POST", "/staff/contracts/new/enter", clerk, contract);
    const { shown } = (await (await ok("GET", "/staff/cases/[number]/state", approver, {}, { number: "K-1" })).json()) as { shown: { seen: string } };
    await ok("POST", "/staff/cases/[number]/approve", approver, { seen: shown.seen }, { number: "K-1" });
    await ok("GET", "/staff/contracts/[number]/state", clerk, {}, { number: "1000003" });
    await database.advance(60 * 60 * 24 + 60);
    await eraseOldSlips();
    expect(await database.client`select from case_targets where sealed_slip is not null`).toEqual([]);
    expect(await database.client`select from case_targets`).toHaveLength(1);
  });

  test("reads and exports, as every duty", async () => {
    await database.client`insert into mail_intents (corporation_id, kind, recipient, content, created_at, due_at, state, ended_at) select id, 'token_revoked', 'a@example.jp', ${JSON.stringify({ kind: "token_revoked", userNames: ["a"], at: "2026-11-25T00:00:00Z" })}::text::jsonb, app_now(), app_now(), 'unknown', app_now() from corporations limit 1`;
    const id = await idOf("haruki");
    for (const { staffId, duty } of staffCast) {
      const cookie = await sessionOfStaff(staffId);
      expect(await (await ok("GET", "/staff/state", cookie)).json()).toMatchObject({ mails: [{ state: "unknown" }] });
      for (const path of ["/staff/session", "/staff/cases/state", "/staff/numbers/state", "/staff/password/change/state"]) await ok("GET", path, cookie);
      await ok("GET", "/staff/contracts/state", cookie, {}, { query: "?key=haruki" });
      await ok("GET", "/staff/contracts/[number]/state", cookie, {}, { number: companyNumber, query: "?search=har" });
      await ok("GET", "/staff/users/[id]/state", cookie, {}, { id });
      await ok("GET", "/staff/audit/state", cookie, {}, { query: `?key=${companyNumber}` });
      expect(await (await ok("GET", "/staff/audit/state", cookie, {}, { query: "?key=9999999" })).json()).toMatchObject({ rows: null, problem: expect.stringContaining("ありません") as string });
      await ok("POST", "/staff/session/extend", cookie);
      expect(await (await ok("POST", "/staff/counts/csv", cookie, { day: "2026-11-25" })).text()).toContain("店舗");
      if (duty !== "clerk") expect(await (await ok("POST", "/staff/audit/csv", cookie, { key: staffId })).text()).toContain("\n");
    }
  });

  test("miscounts passwords of either kind, changes its own, ends idle, and logs out", async () => {
    for (let i = 0; i < 6; i += 1) expect((await door("POST", "/staff/login/present", "", { staffId: "auditor", password: "wrong" })).status).toBe(401);
    const halfLogin = named(cookiesOf(await ok("POST", "/staff/login/present", "", { staffId: "approver", password: loginPassword })), "staff-half-login");
    const wrong = async () => (await answerOf(await door("POST", "/staff/login/one-time-password/present", halfLogin, { oneTimePassword: "000000" }))).refusal?.code;
    expect([await wrong(), await wrong(), await wrong(), await wrong(), await wrong()]).toEqual(["OTP-504", "OTP-504", "OTP-504", "OTP-504", "OTP-505"]);

    const clerk = await sessionOfStaff("clerk");
    const changed = await ok("POST", "/staff/password/change/change", clerk, { currentPassword: loginPassword, newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026" });
    const cookie = named(cookiesOf(changed), "staff-session");
    await database.advance(60);
    await ok("GET", "/staff/state", cookie);
    expect((await door("POST", "/staff/cases/[number]/approve", cookie, {}, { number: "K-1" })).status).toBe(403);
    await database.advance(policy.idleMinutes * 60);
    expect(await answerOf(await door("GET", "/staff/state", cookie))).toMatchObject({ refusal: { code: "OTP-508" } });
    await ok("POST", "/staff/logout", cookie);
  });

  test("registers passkeys, logs in by one, and removes one", async () => {
    const clerk = await sessionOfStaff("clerk");
    const device = softAuthenticator();
    const optionsOf = async (response: Promise<Response>) => ((await (await response).json()) as { options: { challenge: string } }).options;
    const form = { passkeyName: "x", currentPassword: loginPassword };
    await ok("POST", "/staff/passkeys/register", clerk, { passkeyName: "x", credential: JSON.stringify(device.create(await optionsOf(ok("POST", "/staff/passkeys/options", clerk, form)))) });
    const halfLogin = named(cookiesOf(await ok("POST", "/staff/login/present", "", { staffId: "clerk", password: loginPassword })), "staff-half-login");
    const options = await optionsOf(ok("POST", "/staff/login/passkey/options", halfLogin));
    const again = named(cookiesOf(await ok("POST", "/staff/login/passkey/present", halfLogin, { credential: JSON.stringify(device.get(options)) })), "staff-session");
    const { passkeys } = (await (await ok("GET", "/staff/passkeys/state", again)).json()) as { passkeys: { id: string }[] };
    await ok("POST", "/staff/passkeys/remove", again, { passkey: passkeys[0]!.id, currentPassword: loginPassword });
    await database.advance(policy.passkeyChallengeMinutes * 60 + 1);
    await eraseStaffChallenges();
    expect(await database.client`select from staff_passkey_challenges`).toEqual([]);
  });

  test("every door of the console was opened by one of these", () => {
    expect([...opened].sort()).toEqual(Object.keys(modules).map((file) => file.slice(1).replace("/route.ts", "")).sort());
  });
});
