import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { eq, isNotNull } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { auditEvents, staff, staffSessions } from "@/drizzle/schema";
import { loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { oneTimePassword, timeStepAt } from "@/lib/otp/totp";
import { ourselves } from "@/lib/platform/caller";
import { testDatabase } from "@/lib/platform/test-database";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";
import { changeStaff, createStaff, type NewStaff, type StaffChange } from "./accounts";
import { staffKey } from "./key";
import { presentStaffOneTimePassword, presentStaffPassword } from "./login";
import { standingOfStaffHalfLogin, standingOfStaffId } from "./standing";
import { colleague } from "./test-staff";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const someone: NewStaff = { staffId: "yamada", name: "山田太郎", branch: "駅前支店", duty: "clerk" };
const create = (given: NewStaff) => inOneTransaction(ourselves(), byTheClock, (work) => createStaff(work, given), { kind: "system" });
const change = (staffId: string, given: StaffChange) =>
  inOneTransaction(ourselves(), standingOfStaffId(staffId), (work, { standing }) => changeStaff(work, standing!, given), { kind: "system" });

/** What an authenticator app makes of the key URI. */
function digitsOf(keyUri: string, now: Date): string {
  const { searchParams } = new URL(keyUri);
  const bits = [...searchParams.get("secret")!].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((eight) => parseInt(eight, 2)));
  expect([searchParams.get("algorithm"), searchParams.get("digits"), searchParams.get("period")]).toEqual(["SHA1", "6", "60"]);
  return oneTimePassword(key, timeStepAt(now, 60), "SHA-1", 6);
}

async function logIn(staffId: string, password: string, digits: (now: Date) => string) {
  const first = await inOneTransaction(ourselves(), standingOfStaffId(staffId), (work, { standing }) => presentStaffPassword(work, standing, password));
  if (!first.ok) return first;
  return inOneTransaction(ourselves(), standingOfStaffHalfLogin(first.value.secret), (work, { standing }) => presentStaffOneTimePassword(work, standing, digits(work.now), { hash: "test" }));
}

test("a new account logs in with the temporary password and the key of its URI, and has to change the password", async () => {
  const { temporaryPassword, keyUri } = (await create(someone))!;
  expect(await logIn("YAMADA", temporaryPassword!, (now) => digitsOf(keyUri!, now))).toMatchObject({ ok: true, value: { temporary: true } });
  const row = await colleague("yamada").row();
  expect(row).toMatchObject({ branch: "駅前支店", duty: "clerk", passwordTemporary: true });
  expect(JSON.stringify(row)).not.toContain(temporaryPassword);
  expect(row.sealedKey).not.toContain(Buffer.from(staffKey(row)).toString("base64url"));
});

test("an ID is given once, whatever its spelling, also after its owner has left", async () => {
  expect(await create({ ...someone, staffId: "Clerk" })).toBeUndefined();
  await change("clerk", { end: true });
  expect(await create({ ...someone, staffId: "clerk" })).toBeUndefined();
});

describe("a change ends the session", () => {
  test.each([
    ["the duty", { duty: "auditor" }], ["the branch", { branch: "駅前支店" }], ["a new password", { newPassword: true }], ["a new key", { newKey: true }], ["all passkeys removed", { removePasskeys: true }], ["a lift", { lift: true }], ["the end", { end: true }],
  ] as [string, StaffChange][])("%s", async (_, given) => {
    await colleague("clerk").session();
    await change("clerk", given);
    expect((await database.db.select().from(staffSessions)).map(({ endedBecause }) => endedBecause)).toEqual(["changed"]);
    expect((await database.db.select().from(auditEvents).where(eq(auditEvents.name, "staff.changed")))[0]).toMatchObject({ actorKind: "system" });
  });
});

test("a new password and a new key take the old ones' place; a lift lets the suspended in again; who has left stays out", async () => {
  const clerkDigits = async () => colleague("clerk").presentDigits();
  const { temporaryPassword } = await change("clerk", { newPassword: true });
  expect(await logIn("clerk", loginPassword, () => "")).toMatchObject({ ok: false, refusal: { reason: "wrong_staff_id_or_password" } });
  const old = await clerkDigits();
  const { keyUri } = await change("clerk", { newKey: true });
  expect(await logIn("clerk", temporaryPassword!, () => old)).toMatchObject({ ok: false, refusal: { reason: "wrong_staff_one_time_password" } });
  await database.db.update(staff).set({ suspendedAt: new Date(), oneTimePasswordFailures: 5 }).where(eq(staff.staffId, "clerk"));
  expect(await logIn("clerk", temporaryPassword!, () => "")).toMatchObject({ ok: false, refusal: { reason: "staff_suspended" } });
  await change("clerk", { lift: true });
  expect(await logIn("clerk", temporaryPassword!, (now) => digitsOf(keyUri!, now))).toMatchObject({ ok: true });
  const { sealedKey } = await colleague("clerk").row();
  await change("clerk", { end: true });
  expect(await logIn("clerk", temporaryPassword!, () => "")).toMatchObject({ ok: false, refusal: { reason: "wrong_staff_id_or_password" } });
  const [ended] = await database.db.select().from(staff).where(isNotNull(staff.endedAt));
  expect(staffKey(ended!)).not.toEqual(staffKey({ ...ended!, sealedKey })); // what a copy of the phone has is nobody's any more
});

test("the database itself refuses an accepted time step that goes back while the key is the same", async () => {
  await database.db.update(staff).set({ lastTimeStep: 100 }).where(eq(staff.staffId, "clerk"));
  await expect(database.db.update(staff).set({ lastTimeStep: 100, name: "x" }).where(eq(staff.staffId, "clerk"))).resolves.toBeDefined();
  for (const lastTimeStep of [99, null]) await expect(database.db.update(staff).set({ lastTimeStep }).where(eq(staff.staffId, "clerk"))).rejects.toThrow();
});

describe("the commands", () => {
  const run = (verb: string, ...args: string[]) =>
    promisify(execFile)("node_modules/.bin/tsx", ["lib/commands/staff.ts", verb, ...args], { env: { ...process.env, DATABASE_URL: database.url, STAFF_DATABASE_URL: "" } })
      .then(({ stdout }) => ({ code: 0, said: stdout }), (error: { code: number; stderr: string; stdout: string }) => ({ code: error.code, said: error.stderr + error.stdout }));

  test("staff:create registers, and says the password and the key once; what is wrong is said, and nothing is written", async () => {
    const { code, said } = await run("create", "--id", "sato", "--name", "佐藤花子", "--branch", "本店営業部", "--duty", "approver");
    expect([code, said]).toEqual([0, expect.stringMatching(/sato is registered\.[^]*\w{4}-\w{4}-\w{4}[^]*otpauth:\/\/totp\//)]);
    expect(await colleague("sato").row()).toMatchObject({ duty: "approver", passwordTemporary: true });
    for (const [args, words] of [[["--id", "x"], /--id has 3 to 30/], [["--id", "sato2", "--name", "a", "--branch", "b", "--duty", "boss"], /--duty is one of/], [["--nonsense"], /nonsense/], [["--id", "sato", "--name", "a", "--branch", "b", "--duty", "clerk"], /registered already/]] as const)
      expect(await run("create", ...args)).toEqual({ code: 1, said: expect.stringMatching(words) });
    expect(await database.db.select().from(staff)).toHaveLength(4);
  }, 60_000);

  test("staff:change changes what it is told, and nothing else", async () => {
    expect(await run("change", "--id", "clerk", "--duty", "auditor")).toEqual({ code: 0, said: "clerk is changed.\n" });
    expect(await colleague("clerk").row()).toMatchObject({ duty: "auditor", branch: "本店営業部", passwordTemporary: false });
    expect(await run("change", "--id", "clerk")).toEqual({ code: 1, said: expect.stringMatching(/nothing to change/) });
    expect(await run("change", "--id", "nobody", "--lift")).toEqual({ code: 1, said: expect.stringMatching(/Nobody with the ID/) });
  }, 60_000);
});
