import { availableParallelism } from "node:os";
import { desc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { POST as presentOneTimePassword } from "@/app/(customer)/login/one-time-password/present/route";
import { POST as presentPassword } from "@/app/(customer)/login/present/route";
import { POST as changePassword } from "@/app/(customer)/password/change/change/route";
import { POST as confirm } from "@/app/(customer)/token/confirmation/confirm/route";
import { POST as resend } from "@/app/(customer)/token/confirmation/resend/route";
import { POST as issue } from "@/app/(customer)/token/issuance/issue/route";
import { auditEvents, knownBrowsers, users } from "@/drizzle/schema";
import { loginPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { hashPassword } from "@/lib/platform/password";
import { testDatabase } from "@/lib/platform/test-database";
import { standingOfLoginId } from "./standing";
import { browser, loggedIn } from "./test-browser";
import { person } from "./test-person";

// What strangers and thieves may learn from the doors themselves, beyond the words.

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A login that has taken its place and does not go on before it is released. */
async function holding(loginId: string) {
  let release = () => {};
  const released = new Promise<void>((resolve) => { release = resolve; });
  let waiting!: Promise<unknown>;
  await new Promise<void>((resolve) => {
    waiting = database.db.transaction(async (tx) => {
      await standingOfLoginId(loginId)(tx);
      resolve();
      await released;
    });
  });
  return { waiting, release };
}

const lastEvent = async () => (await database.db.select().from(auditEvents).orderBy(desc(auditEvents.id)).limit(1))[0];
const stop = async (loginId: string) => { for (let i = 0; i < 5; i += 1) await browser().post(presentPassword, { loginId, password: "x" }); };

describe("an unknown login ID, a wrong password, a stopped count", () => {
  test("one status, one body, no cookie", async () => {
    await stop("sakuro");
    const answers = [];
    for (const loginId of ["nobody", "haruki", "sakuro", "sachiko", "jiro", "'; drop table users"])
      answers.push(await browser().post(presentPassword, { loginId, password: "x" }));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 401, cookies: [], refusal: { code: "OTP-101" } });
  });

  test("the same time", async () => {
    await stop("sakuro");
    const ids = ["nobody", "haruki", "sakuro"];
    const taken = ids.map((): number[] => []);
    for (let round = 0; round < 25; round += 1) {
      for (const [index, loginId] of ids.entries()) {
        const begun = performance.now();
        await browser().post(presentPassword, { loginId, password: "x" });
        taken[index]!.push(performance.now() - begun);
        await database.db.update(users).set({ loginFailures: 0, loginStoppedUntil: null }).where(eq(users.loginId, "haruki"));
      }
    }
    const quick = taken.map((times) => times.sort((a, b) => a - b)[3]!); // what the machine's other work has not touched
    expect(Math.max(...quick) / Math.min(...quick)).toBeLessThan(1.6); // a hash more or less would be 2
  });

  test.each(["nobody", "haruki"])("requests at once wait for each other whether or not the login ID exists: %s", async (loginId) => {
    const { waiting, release } = await holding(loginId);
    let second = false;
    const other = database.db.transaction(standingOfLoginId(loginId.toUpperCase())).then(() => { second = true; });
    await pause(150);
    expect(second).toBe(false);
    release();
    await Promise.all([waiting, other]);
    expect(second).toBe(true);
  });

  test("a flood at one login ID, whose row is taken, lets others log in", async () => {
    const { waiting, release } = await holding("haruki");
    const flood = Array.from({ length: availableParallelism() + 4 }, () => browser().post(presentPassword, { loginId: "haruki", password: "x" }));
    await pause(50);
    const other = await Promise.race([browser().post(presentPassword, { loginId: "sakuro", password: loginPassword }), pause(3_000)]);
    release();
    await Promise.all([waiting, ...flood]);
    expect(other).toMatchObject({ ok: true });
  });
});

describe("changing one's password", () => {
  const change = (newPassword: string, currentPassword = loginPassword) => ({ currentPassword, newPassword, newPasswordAgain: newPassword });

  test("a stranger at the login screen cannot keep the owner from it", async () => {
    const pc = await loggedIn("haruki");
    await stop("haruki");
    expect(await pc.post(changePassword, change("Atarashii-kagi-2026"))).toMatchObject({ ok: true });
  });

  test("wrong present ones count for the browser, and stop there", async () => {
    const pc = await loggedIn("haruki");
    for (let i = 0; i < 5; i += 1) expect(await pc.post(changePassword, change("Atarashii-kagi-2026", "x"))).toMatchObject({ status: 403 });
    expect(await pc.post(changePassword, change("Atarashii-kagi-2026"))).toMatchObject({ status: 403, refusal: { code: "OTP-119" } });
    expect((await person("haruki").row()).loginFailures).toBe(0);
  });

  test("a half-login that waits elsewhere dies with it", async () => {
    const pc = await loggedIn("haruki");
    await database.advance(60);
    const other = browser();
    await other.post(presentPassword, { loginId: "haruki", password: loginPassword });
    expect(await pc.post(changePassword, change("Atarashii-kagi-2026"))).toMatchObject({ ok: true });
    expect(await other.post(presentOneTimePassword, { oneTimePassword: await person("haruki").presentDigits() })).toMatchObject({ ok: false, refusal: { code: "OTP-108" } });
  });

  test("it is no place to guess the confirmation password: what is easily guessed is refused whether or not it is the one", async () => {
    const pc = await loggedIn("haruki");
    await database.db.update(users).set({ confirmationPasswordHash: await hashPassword("password1") }).where(eq(users.loginId, "haruki"));
    const answers = [await pc.post(changePassword, change("password1")), await pc.post(changePassword, change("password2"))];
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 422 });
  });

  test("a browser that is known afterwards has been told so", async () => {
    const pc = await loggedIn("haruki");
    pc.forget("browser");
    const before = (await database.db.select().from(knownBrowsers)).length;
    const { cookies } = await pc.post(changePassword, change("Atarashii-kagi-2026"));
    expect((await database.db.select().from(knownBrowsers)).length).toBe(before + 1);
    expect(cookies.some((cookie) => cookie.startsWith("__Host-ichido-browser"))).toBe(true);
  });
});

test.each([
  ["issuance", issue, { mailAddress: "a@example.jp", mailAddressAgain: "a@example.jp", activationPassword: "123456", activationPasswordAgain: "123456" }, "token.issue_refused"],
  ["confirmation", confirm, { oneTimePassword: "123456" }, "one_time_password.not_evaluated"],
  ["resend", resend, {}, "token.resend_refused"],
] as const)("a half-login at a door that is not its next one is refused, and it is in the audit log: %s", async (_, door, form, name) => {
  const pc = browser();
  await pc.post(presentPassword, { loginId: "haruki", password: loginPassword });
  expect(await pc.post(door, form)).toMatchObject({ status: 409, refusal: { code: "OTP-110" } });
  expect(await lastEvent()).toMatchObject({ name, result: "refused", code: "OTP-110", userId: (await person("haruki").row()).id });
});
