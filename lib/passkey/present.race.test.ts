import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { auditEvents, passkeyChallenges, sessions } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { loggedIn } from "@/lib/login/test-browser";
import { person, wrongDigits } from "@/lib/login/test-person";
import { ourselves } from "@/lib/platform/caller";
import { testDatabase } from "@/lib/platform/test-database";
import { standingOfHalfLogin } from "@/lib/login/standing";
import { inOneTransaction } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { revoke } from "@/lib/token/revoke";
import { assertionField } from "./fields";
import { presentPasskey } from "./present";
import { afterPasswordOf, assertionOptionsOf, presentAssertion, registered, type SoftAuthenticator } from "./test-authenticator";

const database = testDatabase();
let device: SoftAuthenticator;
beforeEach(async () => {
  await putScenario("demo");
  device = await registered(await loggedIn("haruki"));
});

const times = <Value>(count: number, work: (index: number) => Promise<Value>) => Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const accepted = (results: { ok: boolean }[]) => results.filter(({ ok }) => ok).length;
const count = async (name: string) => (await database.db.select().from(auditEvents).where(eq(auditEvents.name, name))).length;
const opened = async () => (await database.db.select().from(sessions)).filter(({ endedAt }) => endedAt === null).length;

test("50 parallel presentations of one assertion: one session, one acceptance", async () => {
  const { pc } = await afterPasswordOf("haruki");
  const credential = device.get(await assertionOptionsOf(pc));
  const before = await count("session.opened");
  const copies = Array.from({ length: 50 }, () => pc.copy());
  expect(accepted(await times(50, (index) => presentAssertion(copies[index]!, credential)))).toBe(1);
  expect([await count("passkey.accepted"), await count("session.opened") - before, await opened()]).toEqual([1, 1, 1]);
});

test("50 parallel presentations of one refused assertion use the challenge up once", async () => {
  const { pc } = await afterPasswordOf("haruki");
  const credential = device.get(await assertionOptionsOf(pc), { origin: "https://evil.example" });
  expect(accepted(await times(50, () => presentAssertion(pc, credential)))).toBe(0);
  const refused = await database.db.select().from(auditEvents).where(eq(auditEvents.name, "passkey.refused"));
  expect(refused.map(({ details }) => (details as { reason: string }).reason).sort()).toEqual([...Array<string>(49).fill("challenge"), "origin"]);
  expect((await database.db.select().from(passkeyChallenges)).filter(({ purpose, usedAt }) => purpose === "login" && usedAt).length).toBe(1);
});

test("20 browsers ask at once behind one half-login: the last challenge counts, and one is let in", async () => {
  const { pc } = await afterPasswordOf("haruki");
  const options = await times(20, () => assertionOptionsOf(pc));
  expect((await database.db.select().from(passkeyChallenges)).filter(({ purpose }) => purpose === "login").length).toBe(1);
  expect(accepted(await times(20, (index) => presentAssertion(pc.copy(), device.get(options[index]!))))).toBeLessThanOrEqual(1);
  expect(await opened()).toBeLessThanOrEqual(1);
});

test("a passkey and five wrong one-time passwords at once: never is a suspended user logged in", async () => {
  const haruki = person("haruki");
  await haruki.password();
  const { pc } = await afterPasswordOf("haruki");
  const credential = device.get(await assertionOptionsOf(pc));
  const wrong = await wrongDigits(haruki);
  const { POST } = await import("@/app/(customer)/login/one-time-password/present/route");
  const copies = Array.from({ length: 5 }, () => pc.copy());
  await Promise.all([presentAssertion(pc, credential), ...copies.map((copy) => copy.post(POST, { oneTimePassword: wrong }))]);
  const { suspendedAt } = await haruki.standing();
  if (suspendedAt) expect((await haruki.openSessions()).length).toBe(0);
  else expect((await haruki.row()).oneTimePasswordFailures).toBeLessThan(policy.failuresBeforeSuspension);
});

test("a passkey and a revocation at once: the session is opened and ended, or not opened", async () => {
  const { pc } = await afterPasswordOf("haruki");
  const credential = device.get(await assertionOptionsOf(pc));
  const haruki = person("haruki");
  await Promise.all([presentAssertion(pc, credential), haruki.as((work, standing) => revoke(work, [standing], { allowReissue: true }))]);
  expect((await haruki.openSessions()).length).toBe(0);
  expect((await haruki.standing()).passkeySince).toBeNull();
});

test("what is decided under the lock is decided on what is committed by then", async () => {
  const { pc } = await afterPasswordOf("haruki");
  const credential = assertionField.parse(JSON.stringify(device.get(await assertionOptionsOf(pc))));
  const haruki = person("haruki");
  const half = await haruki.password();
  if (!half.ok || !("halfLogin" in half.value)) throw new Error("no half-login");
  const { secret } = half.value.halfLogin;
  const result = await inOneTransaction(ourselves(), standingOfHalfLogin(secret, haruki.browser.hash), (work, { standing }) => presentPasskey(work, standing, credential, haruki.browser));
  expect(result).toMatchObject({ ok: false, refusal: { reason: "passkey_not_accepted" } }); // the challenge is the earlier half-login's
});
