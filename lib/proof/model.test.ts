import fc from "fast-check";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { mailIntents, users, issuancePermissions } from "@/drizzle/schema";
import { activationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { resetClock } from "@/lib/demo/clock.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { endSession } from "@/lib/login/session";
import { person } from "@/lib/login/test-person";
import { mailBinding } from "@/lib/mail/intents";
import { oneTimePassword, timeStepAt } from "@/lib/otp/totp";
import { days, later, readClock } from "@/lib/platform/clock";
import { institution } from "@/lib/platform/institution";
import { unseal } from "@/lib/platform/keys";
import { testDatabase } from "@/lib/platform/test-database";
import { lift } from "@/lib/suspension/lift";
import { tokenKey } from "@/lib/token/key";
import { openPermissions, permits } from "@/lib/token/permission";
import { revoke } from "@/lib/token/revoke";
import { tokenState } from "@/lib/token/states";
import { type Act, act, type Model, newcomer, type Step, tokenStateOf } from "./model";

/* `npm run prove:model -- --runs N` is the long form; `--seed` and `--path`, which a failure prints, play it again. */
const runs = Number(process.env.ICHIDO_MODEL_RUNS || 12);
const replay = process.env.ICHIDO_MODEL_SEED ? { seed: Number(process.env.ICHIDO_MODEL_SEED), ...(process.env.ICHIDO_MODEL_PATH && { path: process.env.ICHIDO_MODEL_PATH }) } : {};

const database = testDatabase();

beforeAll(async () => {
  // Time stands still between two waits: what is decided to the second is decided on the second.
  await database.db.execute(sql`create or replace function app_now() returns timestamptz language sql stable as
    $$ select timestamptz '2026-11-24 00:00:00Z' + make_interval(secs => (select offset_seconds from qa.clock)) $$`);
  await putScenario("demo");
});

type Result = { ok: true } | { ok: false; refusal: { reason: string } };
const answerOf = (result: Result) => (result.ok ? "ok" : result.refusal.reason.replace(/_counter$/, ""));

let newcomers = 0;

/** A user of the demo company who has just been registered, permission included. */
async function register() {
  await resetClock(database.db);
  const [like] = await database.db.select().from(users).where(eq(users.loginId, "ichiro"));
  const { now } = await readClock(database.db);
  const loginId = `model-${(newcomers += 1)}`;
  const { corporationId, loginPasswordHash, confirmationPasswordHash } = like!;
  const [user] = await database.db.insert(users).values({
    corporationId, loginId, name: loginId, userClass: "general", mailAddress: `${loginId}@example.jp`, loginPasswordHash, confirmationPasswordHash, createdAt: now,
  }).returning();
  const closesAt = later(now, days(30));
  await database.db.insert(issuancePermissions).values({ corporationId, userId: user!.id, cause: "service_applied", opensAt: now, closesAt });
  return { someone: person(loginId), model: newcomer(now.getTime() / 1_000, closesAt.getTime() / 1_000) };
}

type Someone = ReturnType<typeof person>;

/** The digits of a step near the present one, or none's. Undefined where two steps happen to have the same. */
async function digitsFor(someone: Someone, which: "inUse" | "issuance", step: Step): Promise<string | undefined> {
  const standing = await someone.standing();
  const token = standing[which];
  if (!token?.sealedKey) return "123456";
  const present = timeStepAt(standing.now, 60);
  const near = [-2, -1, 0, 1, 2].map((offset) => oneTimePassword(tokenKey(token), present + offset, token.algorithm, 6));
  if (new Set(near).size < near.length) return undefined;
  return step === "wrong" ? ["000000", "111111", "222222", "333333", "444444", "555555"].find((digits) => !near.includes(digits)) : near[step + 2];
}

async function channels(someone: Someone) {
  const { issuance } = await someone.standing();
  const [mail] = issuance ? await database.db.select().from(mailIntents).where(eq(mailIntents.tokenId, issuance.id)) : [];
  const link = mail ? (JSON.parse(unseal(mail.sealedContent!, mailBinding(mail.id)).toString()) as { link: string }).link : "";
  return { serviceId: institution().serviceId, userNumber: issuance?.userNumber ?? "", activationPassword, code: link.split("#")[1] ?? "", phonePublicKey: someone.phonePublicKey };
}

/** The same as in the model, by the verbs as the routes call them. Undefined: it could not be said clearly, and was not done. */
async function reallyDo(someone: Someone, what: Act): Promise<string | undefined> {
  switch (what.do) {
    case "wait": await database.advance(what.seconds); return "ok";
    case "present password": return answerOf(await someone.password(what.right ? loginPassword : "not the password"));
    case "issue": return answerOf(await someone.issue());
    case "set up": return answerOf(await someone.setUp({ ...(await channels(someone)), ...(!what.right && { activationPassword: "000000" }) }));
    case "present one-time password":
    case "confirm": {
      const digits = await digitsFor(someone, what.do === "confirm" ? "issuance" : "inUse", what.step);
      if (!digits) return undefined;
      return answerOf(await (what.do === "confirm" ? someone.confirm(digits) : someone.oneTimePassword(digits)));
    }
    case "revoke": return (await someone.as((work, standing) => revoke(work, [standing], what))).length === 1 ? "ok" : "not_revocable";
    case "lift": return (await someone.as((work, standing) => lift(work, [standing]))).length === 1 ? "ok" : "not_suspended";
    case "permit": await someone.as((work, standing) => openPermissions(work, [standing], "manager", work.now, days(7))); return "ok";
    case "log out": await someone.as((work, standing) => { if (standing.openSession) endSession(work, standing, "logout"); }); return "ok";
  }
}

/** What both can be asked. */
const inModel = (m: Model) => ({
  token: tokenStateOf(m), suspended: m.suspended, failures: m.failures, session: m.session, halfLogin: m.halfLoginUntil, account: m.account, browser: m.browser,
  permitted: m.permissionUntil !== null && m.permissionUntil > m.now, lastStep: m.inUse?.lastStep ?? null,
});

const secondsOf = (moment: Date | null | undefined) => (moment ? moment.getTime() / 1_000 : null);

async function inReality(someone: Someone): Promise<ReturnType<typeof inModel>> {
  const standing = await someone.standing();
  const { user, browser, inUse, halfLogin, now } = standing;
  return {
    token: tokenState(standing, now), suspended: standing.suspendedAt !== null, failures: user.oneTimePasswordFailures, session: standing.openSession !== null,
    halfLogin: secondsOf(halfLogin?.expiresAt), account: { failures: user.loginFailures, stoppedUntil: secondsOf(user.loginStoppedUntil) },
    browser: browser && { failures: browser.failures, stoppedUntil: secondsOf(browser.stoppedUntil) },
    permitted: permits(standing.permission, now), lastStep: inUse?.lastTimeStep ?? null,
  };
}

const steps = fc.constantFrom(...([0, 0, 0, -1, 1, -2, 2, "wrong", "wrong", "wrong"] as const));
const waits = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(60, 60, 50, 9, 1) },
  { weight: 3, arbitrary: fc.constantFrom(599, 600, 1_799, 1_800) },
  { weight: 1, arbitrary: fc.constantFrom(86_400, 7 * 86_400, 730 * 86_400) },
);
const oneAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ do: fc.constant("present password" as const), right: fc.constantFrom(true, true, true, false) }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant("present one-time password" as const), step: steps }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("confirm" as const), step: steps }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("issue" as const, "lift" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("set up" as const), right: fc.constantFrom(true, true, false) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("revoke" as const), allowReissue: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("permit" as const, "log out" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: waits }) },
);
/** The usual way, which chance alone would seldom find whole. */
const usualWay: Act[] = [{ do: "present password", right: true }, { do: "issue" }, { do: "set up", right: true }, { do: "confirm", step: 0 }];
const acts = fc.array(fc.oneof({ weight: 6, arbitrary: oneAct.map((one) => [one]) }, { weight: 1, arbitrary: fc.constant(usualWay) }), { minLength: 10, maxLength: 60, size: "max" }).map((parts) => parts.flat());

test(`the rules follow the model, whatever is done in whichever order (${runs} runs)`, async () => {
  let done = 0;
  await fc.assert(fc.asyncProperty(acts, async (sequence) => {
    const { someone, model } = await register();
    for (const [index, what] of sequence.entries()) {
      const before = JSON.stringify(model);
      const answered = await reallyDo(someone, what);
      if (answered === undefined) continue;
      const nth = `act ${index + 1} of ${sequence.length}, ${JSON.stringify(what)}, done to ${before}`;
      expect({ nth, answer: answered }).toEqual({ nth, answer: act(model, what) });
      expect({ nth, ...(await inReality(someone)) }).toEqual({ nth, ...inModel(model) });
      done += 1;
    }
  }), { numRuns: runs, endOnFailure: false, ...replay });
  if (process.env.ICHIDO_MODEL_RUNS) console.log(`${done} acts in ${runs} runs.`);
}, 24 * 3_600_000);
