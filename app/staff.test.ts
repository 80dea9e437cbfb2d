import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { auditEvents, cases, staff, staffLoginAttempts, staffSessions, suspensions, users } from "@/drizzle/schema";
import { presentPasswordOf } from "@/lib/demo/accounts.qa";
import { loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { testDatabase } from "@/lib/platform/test-database";
import type { CaseAnswer } from "@/lib/staff/answers";
import { colleague } from "@/lib/staff/test-staff";
import { answerOf, call, cookieOf, cookiesOf, halfLoginOf, isManagersOnly, isStaffs, type Method, named, pathsOfTheTree, sessionOf } from "./test-doors";

/*
 * Every route handler of the counter console × every kind of visitor, from the tree's own list: a handler without a row fails.
 */
const database = testDatabase();
beforeEach(() => putScenario("demo"));

const duties = ["clerk", "approver", "auditor"] as const;
const strangers = [
  "nobody", "customer", "customer's cookie under our name", "half a staff login", "flipped session", "ended session", "idle session", "temporary password", "no longer here",
] as const;
type Stranger = (typeof strangers)[number];

async function staffHalfLoginOf(staffId: string) {
  return named(cookiesOf(await call("/staff/login/present", "POST", "", { staffId, password: loginPassword })), "staff-half-login");
}

async function staffSessionOf(staffId: string) {
  const presented = (await presentPasswordOf(staffId))!.oneTimePassword;
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
    case "no longer here": await database.db.update(staff).set({ endedAt: new Date() }); break;
  }
  return cookie;
}

// Which duties are let through each door, and what they are answered there; "own" has a test of its own below.
const doors: Record<string, (typeof duties)[number][] | "anyone" | "own"> = {
  "POST /staff/login/present": "anyone",
  "GET /staff/login/one-time-password/state": "own",
  "POST /staff/login/one-time-password/present": "own",
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
  "POST /staff/cases/[number]/withdraw": ["clerk"],
  "POST /staff/cases/[number]/slips": ["clerk", "approver"],
  "GET /staff/cases/[number]/receipt/state": [...duties],
  "GET /staff/audit/state": [...duties],
  "POST /staff/audit/csv": ["approver", "auditor"],
  "GET /staff/numbers/state": [...duties],
};

test("the table has every route handler of the console", () => {
  expect([...new Set(Object.keys(doors).map((door) => door.split(" ")[1]))].sort()).toEqual(pathsOfTheTree().filter(isStaffs));
});

const day = "2026-11-25";
const formOf = (path: string): Record<string, string> => ({
  number: path.endsWith("/cases/new/enter") ? "N-2" : "N-3", kind: "lift_suspension", contractNumber: path.includes("contracts") ? "7654321" : "1000001", loginIds: "sachiko",
  "document:届出印": "on", reason: "窓口でのお申し出", name: "試験株式会社", masterLoginId: "shiken", masterName: "試験太郎", masterMailAddress: "shiken@example.jp",
  key: "1000001", day, decisionReason: "",
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

const everything = () => database.db.execute<{ digest: string }>(sql`select md5(concat((select string_agg(c::text, '' order by id) from cases c), (select string_agg(t::text, '' order by id) from case_targets t),
  (select string_agg((to_jsonb(u) - 'revision')::text, '' order by id) from users u), (select count(*) from suspensions where lifted_at is null), (select count(*) from corporations))) as digest`);

describe.each(strangers)("%s", (stranger) => {
  test("opens none of the console's doors, and changes nothing", async () => {
    for (const [door] of rows) {
      await putScenario("demo");
      const [method, path] = door.split(" ") as [Method, string];
      const { id, form } = await prepare(path);
      const cookie = await cookieOfStranger(stranger);
      const before = await everything();
      const response = await call(path, method, cookie, form, { id, query: method === "GET" ? "?key=1000001" : "" });
      expect([door, response.status]).toEqual([door, stranger === "temporary password" ? 403 : 401]);
      const text = await response.text();
      expect(text).toMatch(/OTP-5(06|08|11)/);
      expect(text).not.toMatch(/sachiko|データ/);
      expect(await everything()).toEqual(before);
    }
  }, 60_000);
});

test("a staff session opens none of the customers' doors", async () => {
  const cookie = await staffSessionOf("clerk");
  const underTheirName = cookie.replace("-staff-session", "-session");
  for (const path of pathsOfTheTree().filter((one) => isManagersOnly(one) || ["/state", "/session", "/settings/state"].includes(one))) {
    if (!path.endsWith("/state") && path !== "/session") continue;
    for (const one of [cookie, underTheirName]) expect([401, 404]).toContain((await call(path, "GET", one)).status);
  }
});

test("every look at a contract, a user, a case or the audit log is recorded, with whose it was", async () => {
  const { id } = await prepare("/staff/users/[id]/state");
  await colleague("clerk").enter({ number: "N-1", kind: "lift_suspension", loginIds: ["sachiko"] });
  const cookie = await staffSessionOf("auditor");
  const read: [string, string, string, string][] = [
    ["/staff/contracts/state", "", "?key=データ", "staff.searched"], ["/staff/contracts/[number]/state", "1000001", "", "staff.contract_read"],
    ["/staff/users/[id]/state", id, "", "staff.user_read"], ["/staff/cases/[number]/state", "N-1", "", "staff.case_read"], ["/staff/audit/state", "", "?key=haruki", "staff.audit_read"],
  ];
  for (const [path, of, query, name] of read) {
    expect((await call(path, "GET", cookie, {}, { id: of, query })).status).toBe(200);
    const events = await database.db.select().from(auditEvents).where(eq(auditEvents.name, name));
    expect(events.map(({ actorKind, actorId }) => [actorKind, actorId])).toEqual([["staff", (await colleague("auditor").row()).id]]);
  }
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

test("no answer of the console holds a password, a key, a hash or a one-time password, and a reason with <script> is text", async () => {
  await colleague("clerk").enter({ number: "N-1", kind: "issue_login_password", loginIds: ["haruki"], reason: "<script>alert(1)</script>" });
  await colleague("approver").approve("N-1");
  const { id } = await prepare("/staff/users/[id]/state");
  const cookie = await staffSessionOf("clerk");
  const [row] = await database.db.select().from(users).where(eq(users.loginId, "haruki"));
  const secrets = [row!.loginPasswordHash, row!.confirmationPasswordHash, (await colleague("clerk").row()).sealedKey, (await presentPasswordOf("haruki"))!.oneTimePassword];
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
    await database.advance(30 * 60 - 1);
    expect(await code(await present("CLERK", loginPassword))).toBe("OTP-502");
    await database.advance(1);
    expect((await present("CLERK", loginPassword)).status).toBe(200);
  });

  test("a password alone opens nothing, and half a login lives ten minutes", async () => {
    const half = await staffHalfLoginOf("clerk");
    expect((await call("/staff/login/one-time-password/state", "GET", half)).status).toBe(200);
    await database.advance(600);
    expect(await code(await call("/staff/login/one-time-password/state", "GET", half))).toBe("OTP-503");
    const { oneTimePassword } = (await presentPasswordOf("clerk"))!;
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
    const { oneTimePassword } = (await presentPasswordOf("clerk"))!;
    const tried = await Promise.all(Array.from({ length: 20 }, () => call("/staff/login/one-time-password/present", "POST", half, { oneTimePassword })));
    expect(tried.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await database.db.select().from(staffSessions)).toHaveLength(1);
  });

  test("a time step is accepted once, the replay does not count", async () => {
    const { oneTimePassword } = (await presentPasswordOf("clerk"))!;
    expect((await call("/staff/login/one-time-password/present", "POST", await staffHalfLoginOf("clerk"), { oneTimePassword })).status).toBe(200);
    expect(await code(await call("/staff/login/one-time-password/present", "POST", await staffHalfLoginOf("clerk"), { oneTimePassword }))).toBe("OTP-504");
    expect((await colleague("clerk").row()).oneTimePasswordFailures).toBe(0);
  });

  test("the fifth wrong one suspends; the right one is refused after it, and so is the next login; the open session ends", async () => {
    const cookie = await staffSessionOf("clerk");
    await database.advance(60);
    const half = await staffHalfLoginOf("clerk");
    const right = (await presentPasswordOf("clerk"))!.oneTimePassword;
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
  expect(text).toContain("当組合");
  expect(text).not.toMatch(/N-1|職員|受付票|照会"|clerk|窓口春子/);
});
