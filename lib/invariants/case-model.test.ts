import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test, vi } from "vitest";
import { staff } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { caseRow, colleague } from "@/lib/staff/test-staff";
import { lift } from "@/lib/suspension/lift";
import { actOnCase, type CaseAct, type Duty, quietCounter } from "./case-model";

/* `npm run prove:model -- --runs N` is the long form; `--seed` and `--path`, which a failure prints, play it again. */
const runs = Math.ceil(Number(process.env.ICHIDO_MODEL_RUNS || 60) / 5); // a case has fewer ways to go, and each act is a dozen statements
const replay = process.env.ICHIDO_MODEL_SEED ? { seed: Number(process.env.ICHIDO_MODEL_SEED), ...(process.env.ICHIDO_MODEL_PATH && { path: process.env.ICHIDO_MODEL_PATH }) } : {};

vi.mock("@node-rs/argon2", (original) => (process.env.ICHIDO_MODEL_RUNS ? import("./quick-hash") : original()));

const database = testDatabase();
const people = ["counter-0", "counter-1", "counter-2", "counter-3"].map((staffId) => colleague(staffId));
let cases = 0;

beforeAll(async () => {
  await putScenario("demo");
  const [like] = await database.db.select().from(staff).where(eq(staff.staffId, "clerk"));
  await database.db.insert(staff).values(people.map(({ staffId }) => ({ ...like!, id: crypto.randomUUID(), staffId })));
});

const giveDuty = (who: number, duty: Duty) => database.db.update(staff).set({ duty }).where(eq(staff.staffId, people[who]!.staffId));

/** What both can be asked, by the rows. */
async function inReality(number: string): Promise<{ state: string | undefined; suspended: boolean }> {
  const [row] = await database.client<[{ state: string | null; suspended: boolean }]>`select (select state from cases where number = ${number}) as state,
    exists (select from suspensions s join users u on u.id = s.user_id where u.login_id = 'sachiko' and s.lifted_at is null) as suspended`;
  return { state: row.state ?? undefined, suspended: row.suspended };
}

async function suspend(): Promise<void> {
  if ((await inReality("")).suspended) return;
  await database.db.execute(sql`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id = 'sachiko'`);
  await database.db.execute(sql`update users set one_time_password_failures = 5, revision = revision + 1 where login_id = 'sachiko'`);
}

type Answered = { ok: true } | { ok: false; refusal: object };
const answerOf = (result: Answered): string => (result.ok ? "ok" : "fields" in result.refusal ? "number_taken" : (result.refusal as { reason: string }).reason);
const answered = (work: Promise<Answered>): Promise<string> => work.then(answerOf, (error: { refusal?: { reason: string } }) => error.refusal?.reason ?? String(error));

/** The same as in the model, by the verbs as the console's routes call them. Undefined: there is nothing to do it to. */
async function reallyDo(number: string, seen: string[], what: CaseAct): Promise<string | undefined> {
  switch (what.do) {
    case "suspend": await suspend(); return "ok";
    case "lift elsewhere": await person("sachiko").as((work, standing) => lift(work, [standing])); return "ok";
    case "get duty": await giveDuty(what.who, what.duty); return "ok";
    case "enter": return answered(people[what.who]!.enter({ number, kind: "lift_suspension", loginIds: ["sachiko"] }));
    case "look": {
      const looked = (await caseRow(number)).row ? await people[what.who]!.seen(number).catch(() => undefined) : undefined;
      if (looked === undefined) return undefined;
      seen[what.who] = looked;
      return "ok";
    }
    case "approve": return answered(people[what.who]!.approve(number, seen[what.who] ?? "nothing"));
    case "return": return answered(people[what.who]!.sendBack(number));
    case "withdraw": return answered(people[what.who]!.withdraw(number));
  }
}

const who = fc.nat(3);
const acts: fc.Arbitrary<CaseAct[]> = fc.array(fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("enter" as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("look" as const), who }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("approve" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("return" as const, "withdraw" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("get duty" as const), who, duty: fc.constantFrom("clerk" as const, "approver" as const, "auditor" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("suspend" as const, "lift elsewhere" as const) }) },
), { minLength: 10, maxLength: 40, size: "max" });

test(`a case follows the model, whoever does what in whichever order (${runs} runs)`, async () => {
  let done = 0;
  await fc.assert(fc.asyncProperty(acts, async (sequence) => {
    const model = quietCounter();
    const number = `MODEL-${(cases += 1)}`;
    const seen: string[] = [];
    for (const [index, duty] of model.duties.entries()) await giveDuty(index, duty);
    await suspend();
    for (const [index, what] of sequence.entries()) {
      const before = JSON.stringify(model);
      const answer = await reallyDo(number, seen, what);
      if (answer === undefined) continue;
      const expected = { answer: actOnCase(model, what), state: model.case?.state, suspended: model.suspended };
      const real = { answer, ...(await inReality(number)) };
      const nth = `act ${index + 1} of ${sequence.length}, ${JSON.stringify(what)}, done to ${before}`;
      if (!isDeepStrictEqual(real, expected)) expect({ nth, ...real }).toEqual({ nth, ...expected });
      done += 1;
    }
  }), { numRuns: runs, endOnFailure: false, ...replay });
  if (process.env.ICHIDO_MODEL_RUNS) console.log(`${done} acts on cases in ${runs} runs.`);
}, 24 * 3_600_000);
