import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { auditEvents, passkeyChallenges } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { loggedIn } from "@/lib/login/test-browser";
import { person } from "@/lib/login/test-person";
import { registered } from "@/lib/passkey/test-authenticator";
import { testDatabase } from "@/lib/platform/test-database";
import { policy } from "@/lib/policy";
import { byCode, codeFor, lift, setPolicy, wrongCode } from "./test-approval";

const database = testDatabase();
beforeEach(() => putScenario("demo"));


const times = <Value>(count: number, work: (index: number) => Promise<Value>) => Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const done = (answers: { ok: boolean }[]) => answers.filter(({ ok }) => ok).length;
const count = async (name: string) => (await database.db.select().from(auditEvents).where(eq(auditEvents.name, name))).length;
const used = async () => (await database.db.select().from(passkeyChallenges)).filter(({ purpose, usedAt }) => purpose === "approval" && usedAt).length;

test.each(["passkey", "code"] as const)("50 parallel posts of one act approved by a %s: it is done once, and the others are asked anew", async (method) => {
  const pc = await loggedIn("haruki");
  const device = await registered(pc);
  await setPolicy("each_act");
  const { proof } = (await lift(pc, ["sachiko"])).refusal!;
  const given = method === "passkey" ? { assertion: JSON.stringify(device.get(proof!.passkey!)) } : await byCode("haruki", proof);
  const answers = await times(50, () => lift(pc, ["sachiko"], given));
  expect(done(answers)).toBe(1);
  expect([await count("approval.accepted"), await count("suspension.lifted"), await used()]).toEqual([1, 1, 1]);
  expect((await person("haruki").row()).oneTimePasswordFailures).toBe(0);
});

test("50 parallel wrong codes count exactly five, and the session is over", async () => {
  await setPolicy("each_act");
  const pc = await loggedIn("sakuro");
  const { proof } = (await lift(pc, ["sachiko"])).refusal!;
  const approvalCode = await wrongCode("sakuro", proof);
  expect(done(await times(50, () => lift(pc, ["sachiko"], { approvalCode })))).toBe(0);
  const sakuro = person("sakuro");
  expect((await sakuro.row()).oneTimePasswordFailures).toBe(policy.failuresBeforeSuspension);
  expect((await sakuro.standing()).suspendedAt).not.toBeNull();
  expect(await sakuro.openSessions()).toEqual([]);
  expect(await count("suspension.lifted")).toBe(0);
});

test("20 tabs ask at once: one request is open, and one of them can be approved", async () => {
  await setPolicy("each_act");
  const pc = await loggedIn("sakuro");
  const asked = await times(20, () => lift(pc, ["sachiko"]));
  expect((await database.db.select().from(passkeyChallenges)).filter(({ purpose }) => purpose === "approval").length).toBe(1);
  const codes = await Promise.all(asked.map(({ refusal }) => codeFor("sakuro", refusal!.proof)));
  const open = (await database.db.select().from(passkeyChallenges)).find(({ purpose }) => purpose === "approval")!;
  const right = asked.findIndex(({ refusal }) => refusal!.proof!.code!.qr.includes(open.nonce!));
  expect(await lift(pc, ["sachiko"], { approvalCode: codes[right]! })).toMatchObject({ ok: true });
});
