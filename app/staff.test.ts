import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { auditEvents, cases, staff, staffLoginAttempts, staffSessions, suspensions, users } from "@/drizzle/schema";
import { shownPasswordOf } from "@/lib/demo/accounts.qa";
import { loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { env } from "@/lib/platform/env";
import { testDatabase } from "@/lib/platform/test-database";
import type { CaseAnswer } from "@/lib/staff/answers";
import { colleague } from "@/lib/staff/test-staff";
import { answerOf, call, cookieOf, cookiesOf, halfLoginOf, isManagersOnly, isStaffs, type Method, named, pathsOfTheTree, sessionOf } from "./test-doors";

/*
 * Every route handler of the counter console × every kind of visitor, from the tree's own list: a handler without a row fails.
 */
const database = testDatabase();
beforeEach(() => putScenario("demo"));
const { STAFF_PASSKEY } = env();
afterEach(() => { env().STAFF_PASSKEY = STAFF_PASSKEY; });

const duties = ["clerk", "approver", "auditor"] as const;
const strangers = [
  "nobody", "customer", "customer's cookie under our name", "half a staff login", "flipped session", "ended session", "idle session", "temporary password", "required passkey missing", "no longer here",
] as const;
type Stranger = (typeof strangers)[number];

async function staffHalfLoginOf(staffId: string) {
  return named(cookiesOf(await call("/staff/login/present", "POST", "", { staffId, password: loginPassword })), "staff-half-login");
}

async function staffSessionOf(staffId: string) {
  const presented = (await shownPasswordOf(staffId))!.oneTimePassword;
  const response = await call("/staff/login/one-time-password/present", "POST", await staffHalfLoginOf(staffId), { oneTimePassword: presented });
  return named(cookiesOf(response), "staff-session");
}

/** `clerk`, who may do most, unless the visitor is somebody else by nature. */
async function cookieOfStranger(stranger: Stranger): Promise<string> {
  switch (stranger) {
    case "nobody": return "";
    case "customer": return sessionOf("haruki");
    case "customer's cookie under our name": return (await sessionOf("haruki")).replace("-session", "-staff-session");
    case "half a staff login": return staffHalfLoginOf("clerk");
  }
  const cookie = await staffSessionOf("clerk");
  const at = cookie.length - 20;
  switch (stranger) {
    case "flipped session": return cookie.slice(0, at) + (cookie[at] === "A" ? "B" : "A") + cookie.slice(at + 1);
    case "ended session": await call("/staff/logout", "POST", cookie); break;
    case "idle session": await database.advance(15 * 60); break;
    case "temporary password": await database.db.update(staff).set({ passwordTemporary: true }); break;
    case "required passkey missing": env().STAFF_PASSKEY = "required"; break;
    case "no longer here": await database.db.update(staff).set({ endedAt: new Date() }); break;
  }
  return cookie;
}

// Which duties are let through each door, and what they are answered there; "own" has a test of its own below.
const doors: Record<string, (typeof duties)[number][] | "anyone" | "own"> = {
  "POST /staff/login/present": "anyone",
  "GET /staff/login/one-time-password/state": "own",
  "POST /staff/login/one-time-password/present": "own",
  "POST /staff/login/passkey/options": "own",
  "POST /staff/login/passkey/present": "own",
  "GET /staff/passkeys/state": [...duties],
  "POST /staff/passkeys/options": "own", // see lib/staff/passkey.test.ts
  "POST /staff/passkeys/register": "own",
  "POST /staff/passkeys/remove": "own",
  "POST /staff/logout": "anyone",
  "GET /staff/session": "own",
  "POST /staff/session/extend": "own",
  "GET /staff/password/change/state": "own",
  "POST /staff/password/change/change": "own",
  "GET /staff/state": [...duties],
  "POST /staff/counts/csv": [...duties],
  "GET /staff/contracts/state": [...duties],
  "GET /staff/contracts/[number]/state": [...duties],
  "GET /staff/contracts/new/state": ["clerk"],
  "POST /staff/contracts/new/enter": ["clerk"],
  "GET /staff/users/[id]/state": [...duties],
  "GET /staff/cases/state": [...duties],
  "GET /staff/cases/new/state": ["clerk", "approver"], // an 緊急停止 is the approver's, too
  "POST /staff/cases/new/enter": ["clerk"],
  "GET /staff/cases/[number]/state": [...duties],
  "POST /staff/cases/[number]/approve": ["approver"],
  "POST /staff/cases/[number]/return": ["approver"],
  "POST /staff/cases/[number]/withdraw": "own", // whoever entered it; an approver what was sent back: see lib/staff/cases.test.ts
  "POST /staff/cases/[number]/slips": ["clerk", "approver"],
  "GET /staff/cases/[number]/receipt/state": [...duties],
  "GET /staff/audit/state": [...duties],
  "POST /staff/audit/csv": ["approver", "auditor"],
  "GET /staff/numbers/state": [...duties],
};

test("the table has every route handler of the console", () => {
  expect([...new Set(Object.keys(doors).map((door) => door.split(" ")[1]))].sort()).toEqual(pathsOfTheTree().filter(isStaffs));
});

const formOf = (path: string): Record<string, string> => ({
  number: path.endsWith("/cases/new/enter") ? "N-2" : "N-3", kind: "lift_suspension", contractNumber: path.includes("contracts") ? "7654321" : "1000001", loginIds: "sachiko",
  "document:届出印": "on", reason: "窓口でのお申し出", name: "試験株式会社", masterLoginId: "shiken", masterName: "試験太郎", masterMailAddress: "shiken@example.jp",
  key: "1000001", day: "2026-11-25", decisionReason: "",
});

/** The case that the doors are about: done for the receipt and the slips, waiting for the rest. */
async function prepare(path: string): Promise<{ id: string; form: Record<string, string> }> {
  const form = formOf(path);
  if (path.includes("/users/")) return { id: (await database.db.select().from(users).where(eq(users.loginId, "ichiro")))[0]!.id, form };
  if (path.includes("/contracts/[")) return { id: "1000001", form };
  if (!path.includes("/cases/[")) return { id: "", form };
  const clerk = colleague("clerk");
  const isDone = path.includes("slips") || path.includes("receipt");
  await clerk.enter({ number: "N-1", kind: isDone ? "issue_login_password" : "lift_suspension", loginIds: ["sachiko"] });
  if (isDone) await colleague("approver").approve("N-1");
  return { id: "N-1", form: path.endsWith("approve") ? { ...form, seen: await colleague("approver").seen("N-1") } : form };
}

const rows = Object.entries(doors).filter((row): row is [string, (typeof duties)[number][]] => Array.isArray(row[1]));

test.each(rows.flatMap(([door, allowed]) => duties.map((duty) => [door, duty, allowed.includes(duty)] as const)))("%s for a %s: let in is %s", async (door, duty, letIn) => {
  const [method, path] = door.split(" ") as [Method, string];
  const { id, form } = await prepare(path);
  const cookie = await staffSessionOf(duty);
  const response = await call(path, method, cookie, form, { id, query: method === "GET" ? "?key=1000001" : "" });
  expect(response.headers.get("cache-control")).toBe("no-store");
  if (letIn) return expect(response.status).toBe(200);
  expect(response.status).toBe(403);
  expect(await answerOf(response)).toMatchObject({ refusal: { code: "OTP-512" } });
  expect((await database.db.select().from(auditEvents).where(eq(auditEvents.name, "staff.access_refused"))).at(-1)).toMatchObject({ result: "refused", actorKind: "staff", code: "OTP-512" });
});

/** All but the audit log, and when a session was last seen or that its time is over. */
const changeable = [
  "cases", "case_targets", "users", "suspensions", "login_password_suspensions", "stops", "tokens", "issuance_permissions", "corporations", "mail_intents", "login_attempts", "staff_known_browsers", "staff_passkeys", "staff_passkey_challenges",
];
const everything = () => database.db.execute<{ digest: string }>(sql.raw(`select md5(concat(${changeable.map((table) => `(select string_agg(t::text, '' order by t::text) from ${table} t)`).join(", ")},
  (select string_agg(t::text, '' order by t::text) from staff t), (select string_agg((to_jsonb(t) - 'last_seen_at' - 'ended_at' - 'ended_because')::text, '' order by id) from staff_sessions t))) as digest`));

describe.each(strangers)("%s", (stranger) => {
  const behind = ["POST /staff/passkeys/options", "POST /staff/passkeys/register", "POST /staff/passkeys/remove", "GET /staff/session", "POST /staff/session/extend", "GET /staff/password/change/state", "POST /staff/password/change/change", "POST /staff/cases/[number]/withdraw"];
  // A temporary password's holder may look at their session, and change the password; who lacks a required passkey may register one, besides.
  const open = stranger === "temporary password" ? /session|password/ : stranger === "required passkey missing" ? /session|password|passkeys/ : /^$/;
  const closed = [...rows.map(([door]) => door), ...behind].filter((door) => !open.test(door));

  test("opens none of the console's doors, and changes nothing", async () => {
    for (const door of closed) {
      await putScenario("demo");
      env().STAFF_PASSKEY = STAFF_PASSKEY;
      const [method, path] = door.split(" ") as [Method, string];
      const { id, form } = await prepare(path);
      const cookie = await cookieOfStranger(stranger);
      const before = await everything();
      const sent = { ...form, proofOneTimePassword: "000000", currentPassword: loginPassword, newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026" };
      const response = await call(path, method, cookie, sent, { id, query: method === "GET" ? "?key=1000001" : "" });
      expect([door, response.status]).toEqual([door, ["temporary password", "required passkey missing"].includes(stranger) ? 403 : 401]);
      const text = await response.text();
      expect(text).toMatch(/OTP-5(06|08|11|28)/);
      expect(text).not.toMatch(/sachiko|データ/);
      expect(await everything()).toEqual(before);
      if (method === "POST") expect((await database.db.select().from(auditEvents).where(eq(auditEvents.name, "staff.access_refused"))).length).toBeGreaterThan(0);
    }
  }, 120_000);
});

test("a staff session opens none of the customers' doors, under its own name or theirs", async () => {
  const cookie = await staffSessionOf("clerk");
  const [someone] = await database.db.select().from(users).where(eq(users.loginId, "ichiro"));
  const form = { users: someone!.id, confirmationPassword: "Kakunin-demo-2026", act: "stop", name: "x", userClass: "general", mailAddress: "a@example.jp", mailAddressAgain: "a@example.jp" };
  for (const path of pathsOfTheTree().filter((one) => isManagersOnly(one) || ["/state", "/session", "/settings/state"].includes(one))) {
    const method: Method = path.endsWith("/state") || path === "/session" || path.endsWith("/attempts") ? "GET" : "POST";
    if (path.includes("/result/") || path.includes("/import/") || path.endsWith("/new/register")) continue; // a result's cookie is its own; forms that are refused as forms first
    for (const one of [cookie, cookie.replace("-staff-session", "-session")]) {
      const response = await call(path, method, one, form, { id: someone!.id });
      expect([path, response.status]).toEqual([path, 401]);
    }
  }
});

test("every look at a contract, a user, a case or the audit log is recorded, with whose it was", async () => {
  const { id } = await prepare("/staff/users/[id]/state");
  await prepare("/staff/cases/[number]/receipt/state");
  const cookie = await staffSessionOf("auditor");
  const read: [string, string, string, string][] = [
    ["/staff/state", "", "", "staff.cases_listed"], ["/staff/contracts/state", "", "?key=データ", "staff.searched"], ["/staff/contracts/[number]/state", "1000001", "", "staff.contract_read"],
    ["/staff/users/[id]/state", id, "", "staff.user_read"], ["/staff/cases/[number]/state", "N-1", "", "staff.case_read"], ["/staff/cases/[number]/receipt/state", "N-1", "", "staff.receipt_read"],
    ["/staff/audit/state", "", "?key=haruki", "staff.audit_read"], ["/staff/audit/csv", "", "", "staff.audit_exported"],
  ];
  for (const [path, of, query, name] of read) {
    expect((await call(path, path.endsWith("/csv") ? "POST" : "GET", cookie, { key: "haruki" }, { id: of, query })).status).toBe(200);
    const events = await database.db.select().from(auditEvents).where(eq(auditEvents.name, name));
    expect(events.map(({ actorKind, actorId }) => [actorKind, actorId])).toEqual([["staff", (await colleague("auditor").row()).id]]);
    const [company] = await database.db.select().from(users).where(eq(users.loginId, "haruki"));
    if (name !== "staff.cases_listed") expect(events[0]!.corporationId).toBe(company!.corporationId);
  }
});

test("whoever asks for what is not there is in the log: numbers are not tried out unseen", async () => {
  const cookie = await staffSessionOf("approver");
  for (const [path, code] of [["/staff/contracts/[number]/state", "OTP-513"], ["/staff/cases/[number]/state", "OTP-514"], ["/staff/users/[id]/state", "OTP-404"], ["/staff/cases/[number]/receipt/state", "OTP-514"]] as const) {
    expect(await answerOf(await call(path, "GET", cookie, {}, { id: "9999999" }))).toMatchObject({ refusal: { code } });
    expect((await database.db.select().from(auditEvents).where(eq(auditEvents.name, "staff.access_refused"))).at(-1)).toMatchObject({ code });
  }
  await call("/staff/cases/[number]/approve", "POST", cookie, { seen: "x" }, { id: "9999999" });
  expect(await database.db.select().from(auditEvents).where(eq(auditEvents.name, "case.act_refused"))).toMatchObject([{ code: "OTP-514", details: { caseNumber: "9999999" } }]);
});

test("a form that nobody may send is refused before it is read", async () => {
  expect((await call("/staff/cases/new/enter", "POST", "", {})).status).toBe(401);
  expect((await call("/staff/cases/new/enter", "POST", await staffSessionOf("auditor"), {})).status).toBe(403);
  expect((await call("/staff/cases/new/enter", "POST", await staffSessionOf("clerk"), {})).status).toBe(422);
});

test("a case for nobody of ours keeps nothing odd in the log, and a search neither", async () => {
  const cookie = await staffSessionOf("clerk");
  const odd = "a\u202eb\u2066c\u0085d\u2028e";
  expect((await call("/staff/cases/new/enter", "POST", cookie, { ...formOf("/staff/cases/new/enter"), loginIds: odd })).status).toBe(422);
  await call("/staff/contracts/state", "GET", cookie, {}, { query: `?key=${encodeURIComponent(odd)}` });
  await call("/staff/audit/state", "GET", cookie, {}, { query: `?key=${encodeURIComponent(odd)}` });
  const text = JSON.stringify(await database.db.select({ details: auditEvents.details }).from(auditEvents));
  expect(text).toContain("abcde");
  expect(text).not.toMatch(/[\u0085\u202a-\u202e\u2028\u2029\u2066-\u2069]/);
});

test("a slip is not spent on a plain form, whose answer could not carry it", async () => {
  await prepare("/staff/cases/[number]/slips");
  const cookie = await staffSessionOf("clerk");
  const { POST } = await import("./staff/cases/[number]/slips/route");
  const plain = new Request("http://localhost:3000/staff/cases/N-1/slips", { method: "POST", headers: { cookie, origin: "http://localhost:3000", accept: "text/html", "content-type": "application/x-www-form-urlencoded" }, body: "" });
  expect((await POST(plain, { params: Promise.resolve({ number: "N-1" }) })).status).toBe(415);
  expect(await answerOf(await call("/staff/cases/[number]/slips", "POST", cookie, {}, { id: "N-1" }))).toMatchObject({ slips: [{ loginId: "sachiko" }] });
});

test("no browsing: without a key nothing is listed, and a key that is too short or names nobody finds nothing", async () => {
  const cookie = await staffSessionOf("clerk");
  const found = async (query: string) => (await answerOf(await call("/staff/contracts/state", "GET", cookie, {}, { query }))).found as { contractNumber: string }[] | null;
  for (const query of ["", "?key=", "?key=%20", "?key=商"]) expect(await found(query)).toBeNull();
  for (const key of ["%%", "_______", "1000", "haru"]) expect(await found(`?key=${encodeURIComponent(key)}`)).toEqual([]);
  for (const key of ["1000001", "HARUKI", "ﾃﾞｰﾀ商事"]) expect((await found(`?key=${encodeURIComponent(key)}`))!.map(({ contractNumber }) => contractNumber)).toEqual(["1000001"]);
  expect((await answerOf(await call("/staff/audit/state", "GET", cookie))).rows).toBeNull();
  expect((await answerOf(await call("/staff/audit/state", "GET", cookie, {}, { query: "?key=haru" }))).rows).toBeNull();
});

test("whoever is to approve a revocation is told that nobody in the company could help itself after it", async () => {
  const clerk = colleague("clerk");
  await clerk.enter({ number: "N-1", kind: "revoke_token", loginIds: ["haruki"] });
  await clerk.enter({ number: "N-2", kind: "revoke_token", loginIds: ["haruki", "sakuro"] });
  const cookie = await staffSessionOf("approver");
  const leavesNobody = async (number: string) => ((await answerOf(await call("/staff/cases/[number]/state", "GET", cookie, {}, { id: number }))) as unknown as CaseAnswer).shown.leavesNobody;
  expect([await leavesNobody("N-1"), await leavesNobody("N-2")]).toEqual([false, true]);
});

test("no answer of the console holds a password, a key, a hash or a one-time password, and a reason with <script> is text", async () => {
  await colleague("clerk").enter({ number: "N-1", kind: "issue_login_password", loginIds: ["haruki"], reason: "<script>alert(1)</script>" });
  await colleague("approver").approve("N-1");
  const { id } = await prepare("/staff/users/[id]/state");
  const cookie = await staffSessionOf("clerk");
  const [row] = await database.db.select().from(users).where(eq(users.loginId, "haruki"));
  const secrets = [row!.loginPasswordHash, row!.confirmationPasswordHash, (await colleague("clerk").row()).sealedKey, (await shownPasswordOf("haruki"))!.oneTimePassword];
  for (const [door] of rows.filter(([name]) => name.startsWith("GET"))) {
    const path = door.split(" ")[1]!;
    const response = await call(path, "GET", cookie, {}, { id: path.includes("users") ? id : path.includes("cases") ? "N-1" : "1000001", query: "?key=haruki" });
    const text = await response.text();
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/argon2|[Ss]ealed|[Hh]ash"/);
  }
  const { shown } = (await answerOf(await call("/staff/cases/[number]/state", "GET", cookie, {}, { id: "N-1" }))) as unknown as CaseAnswer;
  expect(shown.reason).toBe("<script>alert(1)</script>"); // the page writes it as text: see e2e
});

describe("staff log in", () => {
  const present = (staffId: string, password: string) => call("/staff/login/present", "POST", "", { staffId, password });
  const code = async (response: Response) => (await answerOf(response)).refusal?.code;

  test("unknown ID, wrong password and a stopped count are one answer; five wrong ones stop for half an hour, and then it goes again", async () => {
    expect(await code(await present("nobody", loginPassword))).toBe("OTP-502");
    for (let i = 0; i < 5; i += 1) expect(await code(await present("clerk", "wrong"))).toBe("OTP-502");
    expect(await code(await present("clerk", loginPassword))).toBe("OTP-502");
    expect(await database.db.select().from(auditEvents).where(eq(auditEvents.name, "staff.password_stopped"))).toHaveLength(1);
    await database.advance(30 * 60 - 1);
    expect(await code(await present("CLERK", loginPassword))).toBe("OTP-502");
    await database.advance(1);
    expect((await present("CLERK", loginPassword)).status).toBe(200);
  });

  test.each(["clerk", "nobody"])("requests at once wait for each other whether or not the staff ID exists: %s", async (staffId) => {
    await database.client.begin(async (holder) => {
      await holder`select pg_advisory_xact_lock(hashtextextended(${`staff ${staffId}`}, 0))`;
      await holder`select from staff where staff_id = ${staffId} for update`;
      const answered = present(staffId, "wrong");
      const first = await Promise.race([answered.then(() => "answered"), new Promise((resolve) => setTimeout(() => resolve("waits"), 700))]);
      expect(first).toBe("waits");
      return { answered };
    });
  });

  test("a browser that has logged in before keeps a count of its own: a stranger does not shut the counter", async () => {
    const half = await staffHalfLoginOf("clerk");
    const { oneTimePassword } = (await shownPasswordOf("clerk"))!;
    const browser = named(cookiesOf(await call("/staff/login/one-time-password/present", "POST", half, { oneTimePassword })), "browser");
    for (let i = 0; i < 5; i += 1) expect(await code(await present("clerk", "wrong"))).toBe("OTP-502");
    expect(await code(await present("clerk", loginPassword))).toBe("OTP-502");
    const from = (password: string) => call("/staff/login/present", "POST", browser, { staffId: "clerk", password });
    expect((await from(loginPassword)).status).toBe(200);
    for (let i = 0; i < 5; i += 1) expect(await code(await from("wrong"))).toBe("OTP-502");
    expect(await code(await from(loginPassword))).toBe("OTP-502"); // its own count stops, too
    expect(await code(await call("/staff/login/present", "POST", browser, { staffId: "approver", password: "wrong" }))).toBe("OTP-502");
    expect((await colleague("approver").row()).passwordFailures).toBe(1); // known as the clerk's, and as nobody else's
  });

  test("a completed login ends half-logins that are still open, and a suspension meanwhile ends one's way (SES-07)", async () => {
    const older = await staffHalfLoginOf("clerk");
    await staffSessionOf("clerk");
    await database.advance(60);
    const { oneTimePassword } = (await shownPasswordOf("clerk"))!;
    expect(await code(await call("/staff/login/one-time-password/present", "POST", older, { oneTimePassword }))).toBe("OTP-503");
    expect(await database.db.select().from(staffLoginAttempts)).toEqual([]);
    const half = await staffHalfLoginOf("clerk");
    await database.db.update(staff).set({ suspendedAt: new Date() }).where(eq(staff.staffId, "clerk"));
    expect(await code(await call("/staff/login/one-time-password/present", "POST", half, { oneTimePassword }))).toBe("OTP-505");
    expect(await code(await call("/staff/login/one-time-password/state", "GET", half))).toBe("OTP-505");
  });

  test("a session is no place to guess the password: five wrong ones at the change stop the count", async () => {
    const cookie = await staffSessionOf("clerk");
    const change = { currentPassword: "wrong", newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026" };
    const changed = (currentPassword: string) => call("/staff/password/change/change", "POST", cookie, { ...change, currentPassword });
    for (let i = 0; i < 5; i += 1) expect(await code(await changed("wrong"))).toBe("OTP-119");
    expect(await code(await changed(loginPassword))).toBe("OTP-119");
  });

  test("a password alone opens nothing, and half a login lives ten minutes", async () => {
    const half = await staffHalfLoginOf("clerk");
    expect((await call("/staff/login/one-time-password/state", "GET", half)).status).toBe(200);
    await database.advance(600);
    expect(await code(await call("/staff/login/one-time-password/state", "GET", half))).toBe("OTP-503");
    const { oneTimePassword } = (await shownPasswordOf("clerk"))!;
    expect(await code(await call("/staff/login/one-time-password/present", "POST", half, { oneTimePassword }))).toBe("OTP-503");
    expect(await database.db.select().from(staffSessions)).toEqual([]);
  });

  test("a customer's half-login is none of ours, nor the reverse", async () => {
    const theirs = await halfLoginOf("haruki");
    expect((await call("/staff/login/one-time-password/state", "GET", theirs.replace("-half-login", "-staff-half-login"))).status).toBe(401);
    const ours = await staffHalfLoginOf("clerk");
    expect((await call("/login/one-time-password/state", "GET", ours.replace("-staff-half-login", "-half-login"))).status).toBe(401);
  });

  test("20 parallel requests with one one-time password: one is let in", async () => {
    const half = await staffHalfLoginOf("clerk");
    const { oneTimePassword } = (await shownPasswordOf("clerk"))!;
    const tried = await Promise.all(Array.from({ length: 20 }, () => call("/staff/login/one-time-password/present", "POST", half, { oneTimePassword })));
    expect(tried.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await database.db.select().from(staffSessions)).toHaveLength(1);
  });

  test("a time step is accepted once, the replay does not count", async () => {
    const { oneTimePassword } = (await shownPasswordOf("clerk"))!;
    expect((await call("/staff/login/one-time-password/present", "POST", await staffHalfLoginOf("clerk"), { oneTimePassword })).status).toBe(200);
    expect(await code(await call("/staff/login/one-time-password/present", "POST", await staffHalfLoginOf("clerk"), { oneTimePassword }))).toBe("OTP-504");
    expect((await colleague("clerk").row()).oneTimePasswordFailures).toBe(0);
  });

  test("the fifth wrong one suspends; the right one is refused after it, and so is the next login; the open session ends", async () => {
    const cookie = await staffSessionOf("clerk");
    await database.advance(60);
    const half = await staffHalfLoginOf("clerk");
    const right = (await shownPasswordOf("clerk"))!.oneTimePassword;
    const wrong = right === "000000" ? "111111" : "000000";
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push((await answerOf(await call("/staff/login/one-time-password/present", "POST", half, { oneTimePassword: wrong }))).refusal);
    expect(answers.map((refusal) => [refusal?.code, refusal?.attemptsLeft])).toEqual([["OTP-504", undefined], ["OTP-504", undefined], ["OTP-504", 2], ["OTP-504", 1], ["OTP-505", undefined]]);
    expect((await call("/staff/login/one-time-password/present", "POST", half, { oneTimePassword: right })).status).toBe(401);
    expect(await code(await present("clerk", loginPassword))).toBe("OTP-505");
    expect(await code(await call("/staff/state", "GET", cookie))).toBe("OTP-510");
    expect(await database.db.select().from(staffLoginAttempts)).toEqual([]);
  });

  test("a second login ends the first, and the first is told; 15 minutes idle and 12 hours end one; a look prolongs nothing", async () => {
    const first = await staffSessionOf("clerk");
    await database.advance(60);
    const second = await staffSessionOf("clerk");
    expect(await code(await call("/staff/state", "GET", first))).toBe("OTP-507");
    await database.advance(15 * 60 - 1);
    expect((await call("/staff/session", "GET", second)).status).toBe(200);
    await database.advance(1);
    expect(await code(await call("/staff/state", "GET", second))).toBe("OTP-508");
    const third = await staffSessionOf("clerk");
    for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      await database.advance(600);
      expect((await call("/staff/state", "GET", third)).status).toBe(200);
    }
    await database.advance(600);
    expect(await code(await call("/staff/state", "GET", third))).toBe("OTP-509");
  });

  test("a session that ends by the clock leaves a login that is under way, at another tab, alone", async () => {
    const old = await staffSessionOf("clerk");
    await database.advance(15 * 60);
    const half = await staffHalfLoginOf("clerk");
    expect(await code(await call("/staff/state", "GET", old))).toBe("OTP-508");
    const { oneTimePassword } = (await shownPasswordOf("clerk"))!;
    expect((await call("/staff/login/one-time-password/present", "POST", half, { oneTimePassword })).status).toBe(200);
  });

  test("a changed password makes no session longer: its 12 hours are those of the login", async () => {
    const cookie = await staffSessionOf("clerk");
    await database.advance(600);
    const newPassword = "Atarashii-kagi-2026";
    expect((await call("/staff/password/change/change", "POST", cookie, { currentPassword: loginPassword, newPassword, newPasswordAgain: newPassword })).status).toBe(200);
    const [before, after] = await database.db.select().from(staffSessions).orderBy(staffSessions.openedAt);
    expect([after!.endedAt, after!.expiresAt]).toEqual([null, before!.expiresAt]);
  });

  test("logging out ends the row: the cookie put back opens nothing", async () => {
    const cookie = await staffSessionOf("clerk");
    expect((await call("/staff/logout", "POST", cookie)).status).toBe(200);
    expect((await call("/staff/state", "GET", cookie)).status).toBe(401);
  });

  test("a temporary password is changed before anything else; the change needs it, and ends every other session", async () => {
    await database.db.update(staff).set({ passwordTemporary: true }).where(eq(staff.staffId, "clerk"));
    const cookie = await staffSessionOf("clerk");
    expect(await code(await call("/staff/state", "GET", cookie))).toBe("OTP-511");
    const change = { currentPassword: loginPassword, newPassword: "Atarashii-kagi-2026", newPasswordAgain: "Atarashii-kagi-2026" };
    const changed = (form: Record<string, string>) => call("/staff/password/change/change", "POST", cookie, form);
    expect(await code(await changed({ ...change, currentPassword: "wrong" }))).toBe("OTP-119");
    for (const weak of ["short", "password1", "clerk2026", loginPassword]) expect((await changed({ ...change, newPassword: weak, newPasswordAgain: weak })).status).toBe(422);
    const response = await changed(change);
    expect(response.status).toBe(200);
    expect((await call("/staff/state", "GET", cookie)).status).toBe(401);
    expect((await call("/staff/state", "GET", named(cookiesOf(response), "staff-session"))).status).toBe(200);
    expect(await code(await present("clerk", loginPassword))).toBe("OTP-502");
  });
});

test("a duty taken away takes effect at the next request", async () => {
  const cookie = await staffSessionOf("approver");
  await colleague("clerk").enter({ number: "N-1", kind: "lift_suspension", loginIds: ["sachiko"] });
  await database.db.update(staff).set({ duty: "auditor" }).where(eq(staff.staffId, "approver"));
  expect((await call("/staff/cases/[number]/return", "POST", cookie, {}, { id: "N-1" })).status).toBe(403);
  expect((await database.db.select().from(cases))[0]!.state).toBe("waiting");
});

test("fields of no form reach a row: state, enteredBy, decidedBy and corporationId are not the clerk's to write", async () => {
  const cookie = await staffSessionOf("clerk");
  const form = { ...formOf("/staff/cases/new/enter"), state: "done", enteredBy: crypto.randomUUID(), decidedBy: crypto.randomUUID(), corporationId: crypto.randomUUID(), sealNumber: "1" };
  expect((await call("/staff/cases/new/enter", "POST", cookie, form)).status).toBe(200);
  expect((await database.db.select().from(cases))[0]).toMatchObject({ state: "waiting", decidedBy: null, sealNumber: null, enteredBy: (await colleague("clerk").row()).id });
  expect(await database.db.select().from(suspensions).where(sql`lifted_at is null`)).toHaveLength(1);
});

test("the customers' history tells of what the counter did, and not of what it looked at or who sat there", async () => {
  const staffCookie = await staffSessionOf("clerk");
  await call("/staff/contracts/[number]/state", "GET", staffCookie, {}, { id: "1000001" });
  await colleague("clerk").enter({ number: "N-1", kind: "lift_suspension", loginIds: ["sachiko"] });
  await colleague("approver").approve("N-1");
  const text = JSON.stringify(await answerOf(await call("/management/history/state", "GET", await cookieOf("manager"))));
  expect(text).toContain("利用停止解除");
  expect(text).toContain("いちど信用組合");
  expect(text).not.toMatch(/N-1|職員|受付票|照会"|clerk|窓口春子/);
});
