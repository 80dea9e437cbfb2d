import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { and, eq, isNull, sql } from "drizzle-orm";
import { beforeAll, expect, test, vi } from "vitest";
import { issuancePermissions, mailIntents, passkeys, tokens, users } from "@/drizzle/schema";
import { activationPassword, confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { resetClock } from "@/lib/demo/clock.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { endSession } from "@/lib/login/session";
import { type Standing, standingOfLoginId } from "@/lib/login/standing";
import { person } from "@/lib/login/test-person";
import { mailBinding } from "@/lib/mail/intents";
import { oneTimePassword } from "@/lib/otp/totp";
import { attestationField } from "@/lib/passkey/fields";
import { beginRegistration, registerPasskey } from "@/lib/passkey/register";
import { removePasskey } from "@/lib/passkey/remove";
import { anotherKey, softAuthenticator, type SoftAuthenticator } from "@/lib/passkey/test-authenticator";
import { ourselves } from "@/lib/platform/caller";
import { days, later, readClock } from "@/lib/platform/clock";
import { institution } from "@/lib/platform/institution";
import { unseal } from "@/lib/platform/keys";
import { testDatabase } from "@/lib/platform/test-database";
import { inOneTransaction, type Work } from "@/lib/platform/transaction";
import { lift } from "@/lib/suspension/lift";
import { openPermissions } from "@/lib/token/permission";
import { revoke } from "@/lib/token/revoke";
import { type Act, act, type Answer, type Model, newcomer, registered, type Step } from "./model";

/* `npm run prove:model -- --runs N` is the long form; `--seed` and `--path`, which a failure prints, play it again. */
const runs = Number(process.env.ICHIDO_MODEL_RUNS || 12);
const replay = process.env.ICHIDO_MODEL_SEED ? { seed: Number(process.env.ICHIDO_MODEL_SEED), ...(process.env.ICHIDO_MODEL_PATH && { path: process.env.ICHIDO_MODEL_PATH }) } : {};

vi.mock("@node-rs/argon2", (original) => (process.env.ICHIDO_MODEL_RUNS ? import("./quick-hash") : original()));

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
let like: typeof users.$inferSelect;

/** A user of the demo company who has just been registered, permission included. */
async function register() {
  await resetClock(database.db);
  like ??= (await database.db.select().from(users).where(eq(users.loginId, "ichiro")))[0]!;
  const { now } = await readClock(database.db);
  const loginId = `model-${(newcomers += 1)}`;
  const { corporationId, loginPasswordHash, confirmationPasswordHash } = like;
  const [user] = await database.db.insert(users).values({
    corporationId, loginId, name: loginId, userClass: "general", mailAddress: `${loginId}@example.jp`, loginPasswordHash, confirmationPasswordHash, createdAt: now,
  }).returning();
  const closesAt = later(now, days(30));
  await database.db.insert(issuancePermissions).values({ corporationId, userId: user!.id, cause: "service_applied", opensAt: now, closesAt });
  const someone: Someone = { ...person(loginId), id: user!.id, phone: {}, devices: [] };
  return { someone, model: newcomer(now.getTime() / 1_000, closesAt.getTime() / 1_000) };
}

type Someone = ReturnType<typeof person> & {
  id: string;
  /** What the three channels brought for the last issuance, and the keys that the phone has agreed. */
  given?: Given;
  phone: { inUse?: Buffer; issuance?: Buffer };
  /** Of every passkey there ever was; what they were asked last, and what they answered last. */
  devices: SoftAuthenticator[];
  toRegister?: { challenge: string };
  toLogIn?: { challenge: string };
  answered?: object;
};
type Given = Parameters<ReturnType<typeof person>["setUp"]>[0];

/** The digits of a step near the present one, or none's. Undefined where two steps happen to have the same. */
function digitsFor(key: Buffer | undefined, now: number, step: Step): string | undefined {
  if (!key) return "123456";
  const near = [-2, -1, 0, 1, 2].map((offset) => oneTimePassword(key, Math.floor(now / 60) + offset, "SHA-256", 6));
  if (new Set(near).size < near.length) return undefined;
  return step === "wrong" ? ["000000", "111111", "222222", "333333", "444444", "555555"].find((digits) => !near.includes(digits)) : near[step + 2];
}

async function channels({ id, phonePublicKey }: Someone): Promise<Given> {
  const [sent] = await database.db.select({ userNumber: tokens.userNumber, mailId: mailIntents.id, sealedContent: mailIntents.sealedContent }).from(tokens)
    .innerJoin(mailIntents, eq(mailIntents.tokenId, tokens.id)).where(and(eq(tokens.userId, id), isNull(tokens.endedAt), isNull(tokens.confirmedAt)));
  const { link } = JSON.parse(unseal(sent!.sealedContent!, mailBinding(sent!.mailId)).toString()) as { link: string };
  return { serviceId: institution().serviceId, userNumber: sent!.userNumber!, activationPassword, code: link.split("#")[1]!, phonePublicKey };
}

/** From a session, as the routes do it once their guard has let somebody in. */
const inSession = async <Value extends object>({ loginId, browser }: Someone, verb: (work: Work, standing: Standing) => Promise<Value>): Promise<Value | { ok: false; refusal: { reason: string } }> =>
  inOneTransaction(ourselves(), standingOfLoginId(loginId, browser.hash), async (work, { standing }) => {
    const { user, corporation, openSession } = standing!;
    if (!openSession) return { ok: false, refusal: { reason: "session_ended" } };
    work.corporationId = corporation.id;
    work.actor = { kind: "user", id: user.id, corporationId: corporation.id };
    return verb(work, standing!);
  });

const nobodys = { challenge: randomBytes(32).toString("base64url") };
const strangersDevice = softAuthenticator();
const strangersKey = anotherKey();

/** The same as in the model, by the verbs as the routes call them. Undefined: it could not be said clearly, and was not done. */
async function reallyDo(someone: Someone, now: number, what: Act): Promise<string | undefined> {
  switch (what.do) {
    case "wait": await database.advance(what.seconds); return "ok";
    case "present password": return answerOf(await someone.password(what.right ? loginPassword : "not the password"));
    case "issue": {
      const answer = answerOf(await someone.issue());
      if (answer === "ok") Object.assign(someone, { given: await channels(someone), phone: { inUse: someone.phone.inUse } });
      return answer;
    }
    case "set up": {
      const given = someone.given ?? { serviceId: institution().serviceId, userNumber: "", activationPassword, code: "", phonePublicKey: someone.phonePublicKey };
      const result = await someone.setUp(what.right ? given : { ...given, activationPassword: "000000" });
      if (result.ok) someone.phone.issuance = someone.phoneKey(result.value, given);
      return answerOf(result);
    }
    case "present one-time password": {
      const digits = digitsFor(someone.phone.inUse, now, what.step);
      return digits && answerOf(await someone.oneTimePassword(digits));
    }
    case "confirm": {
      const digits = digitsFor(someone.phone.issuance, now, what.step);
      const answer = digits && answerOf(await someone.confirm(digits));
      if (answer === "ok") someone.phone = { inUse: someone.phone.issuance };
      return answer;
    }
    case "revoke": return (await someone.as((work, standing) => revoke(work, [standing], what))).length === 1 ? "ok" : "not_revocable";
    case "lift": return (await someone.as((work, standing) => lift(work, [standing]))).length === 1 ? "ok" : "not_suspended";
    case "permit": await someone.as((work, standing) => openPermissions(work, [standing], "manager", work.now, days(7))); return "ok";
    case "log out": await someone.as((work, standing) => { if (standing.openSession) endSession(work, standing, "logout"); }); return "ok";
    case "ask to register": {
      const asked = await inSession(someone, (work, standing) => beginRegistration(work, standing, { confirmationPassword, proof: {} }));
      if (asked.ok) someone.toRegister = asked.value;
      return answerOf(asked);
    }
    case "register": {
      const device = softAuthenticator();
      const presented = attestationField.parse(JSON.stringify(device.create(someone.toRegister ?? nobodys)));
      const answer = answerOf(await inSession(someone, (work, standing) => registerPasskey(work, standing, { name: "パスキー", presented }, someone.browser)));
      if (answer === "ok") someone.devices.push(device);
      return answer;
    }
    case "ask for passkey": {
      const asked = await someone.askForPasskey();
      if (asked.ok) someone.toLogIn = asked.value;
      return answerOf(asked);
    }
    case "present passkey": {
      const { answer } = what;
      const by = answer === "again" ? strangersDevice : someone.devices[answer.by] ?? strangersDevice;
      const given = answer === "again" ? someone.answered ?? by.get(nobodys) : by.get(someone.toLogIn ?? nobodys, answer.signed ? {} : { signWith: strangersKey });
      const answered = answerOf(await someone.passkey(given));
      if (answered === "ok" || answered === "passkey_not_accepted") someone.answered = given; // else nobody looked at it, and its challenge is as it was
      return answered;
    }
    case "remove passkey": {
      const [row] = await database.db.select().from(passkeys).where(eq(passkeys.credentialId, someone.devices[what.which]?.id ?? ""));
      return answerOf(await inSession(someone, (work, standing) => removePasskey(work, standing, { passkeyId: row?.id ?? someone.id, confirmationPassword, proof: {} })));
    }
  }
}

/** What both can be asked. */
const inModel = (m: Model) => ({
  now: m.now, account: m.account, browser: m.browser, failures: m.failures, suspended: m.suspended, permissionUntil: m.permissionUntil, issuance: m.issuance, inUse: m.inUse, revokedAt: m.revokedAt,
  halfLoginUntil: m.halfLoginUntil, session: m.session, passkeys: registered(m),
});

/** By the rows, and not by what the rules read of them; without a transaction. */
async function inReality({ id, browser }: Someone): Promise<ReturnType<typeof inModel>> {
  const [row] = await database.client<[{ seen: ReturnType<typeof inModel> }]>`select json_build_object(
      'now', extract(epoch from app_now()), 'account', json_build_object('failures', u.login_failures, 'stoppedUntil', extract(epoch from u.login_stopped_until)),
      'browser', (select json_build_object('failures', failures, 'stoppedUntil', extract(epoch from stopped_until)) from known_browsers where user_id = u.id and browser_hash = ${browser.hash}),
      'failures', u.one_time_password_failures, 'suspended', exists (select from suspensions where user_id = u.id and lifted_at is null),
      'permissionUntil', (select extract(epoch from closes_at) from issuance_permissions where user_id = u.id and closed_at is null),
      'issuance', (select json_build_object('until', extract(epoch from lapses_at), 'setUpAt', extract(epoch from set_up_at), 'wrong', set_up_failures) from tokens where user_id = u.id and confirmed_at is null and ended_at is null),
      'inUse', (select json_build_object('until', extract(epoch from expires_at), 'lastStep', last_time_step) from tokens where user_id = u.id and confirmed_at is not null and ended_at is null),
      'revokedAt', (select extract(epoch from max(ended_at)) from tokens where user_id = u.id and ended_because = 'revoked'),
      'halfLoginUntil', (select extract(epoch from expires_at) from login_attempts where user_id = u.id), 'session', exists (select from sessions where user_id = u.id and ended_at is null),
      'passkeys', (select count(*) from passkeys where user_id = u.id and removed_at is null)) as seen
    from users u where u.id = ${id}`;
  return row.seen;
}

const steps = fc.constantFrom(...([0, 0, 0, -1, 1, -2, 2, "wrong", "wrong", "wrong"] as const));
const waits = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(60, 60, 50, 9, 1) },
  { weight: 3, arbitrary: fc.constantFrom(299, 300, 599, 600, 1_799, 1_800) },
  { weight: 1, arbitrary: fc.constantFrom(86_400, 7 * 86_400, 730 * 86_400) },
);
const which = fc.constantFrom(0, 0, 0, 1, 1, 2);
const answers: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ by: which, signed: fc.constantFrom(true, true, true, false) }) },
  { weight: 1, arbitrary: fc.constant("again" as const) },
);
const oneAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ do: fc.constant("present password" as const), right: fc.constantFrom(true, true, true, false) }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant("present one-time password" as const), step: steps }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("confirm" as const), step: steps }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("issue" as const, "lift" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("set up" as const), right: fc.constantFrom(true, true, false) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("revoke" as const), allowReissue: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("permit" as const, "log out" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("ask to register" as const, "register" as const, "ask for passkey" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("present passkey" as const), answer: answers }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove passkey" as const), which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: waits }) },
);
/** The usual ways, which chance alone would seldom find whole. */
const loginBy = (answer: Answer, seconds = 0): Act[] => [{ do: "present password", right: true }, { do: "ask for passkey" }, { do: "wait", seconds }, { do: "present passkey", answer }];
const newPasskey: Act[] = [{ do: "ask to register" }, { do: "register" }];
const usualWay: fc.Arbitrary<Act[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Act[]>([{ do: "present password", right: true }, { do: "issue" }, { do: "set up", right: true }, { do: "confirm", step: 0 }]) },
  { weight: 2, arbitrary: fc.constantFrom<Act[]>(newPasskey, [...newPasskey, ...newPasskey, { do: "remove passkey", which: 0 }, ...loginBy({ by: 0, signed: true })]) },
  { weight: 3, arbitrary: fc.tuple(answers, fc.constantFrom(0, 0, 0, 299, 300)).map(([answer, seconds]) => loginBy(answer, seconds)) },
);
const acts = fc.array(fc.oneof({ weight: 5, arbitrary: oneAct.map((one) => [one]) }, { weight: 1, arbitrary: usualWay }), { minLength: 10, maxLength: 60, size: "max" }).map((parts) => parts.flat());

test(`the rules follow the model, whatever is done in whichever order (${runs} runs)`, async () => {
  let done = 0;
  await fc.assert(fc.asyncProperty(acts, async (sequence) => {
    const { someone, model } = await register();
    for (const [index, what] of sequence.entries()) {
      const before = JSON.stringify(model);
      const answer = await reallyDo(someone, model.now, what);
      if (answer === undefined) continue;
      const expected = { answer: act(model, what), ...inModel(model) };
      const real = { answer, ...(await inReality(someone)) };
      const nth = `act ${index + 1} of ${sequence.length}, ${JSON.stringify(what)}, done to ${before}`;
      if (!isDeepStrictEqual(real, expected)) expect({ nth, ...real }).toEqual({ nth, ...expected });
      done += 1;
    }
  }), { numRuns: runs, endOnFailure: false, ...replay });
  if (process.env.ICHIDO_MODEL_RUNS) console.log(`${done} acts in ${runs} runs.`);
}, 24 * 3_600_000);
