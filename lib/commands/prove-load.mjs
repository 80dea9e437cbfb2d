// npm run prove:load [-- --rounds N --seed S --users U]: whole customers against two server processes and one PostgreSQL, while faults strike; docs/proof.md is the report.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureBuilt } from "./build.mjs";
import * as embedded from "./postgres.mjs";
import { Plain, ensureInstalled, ensureWorkDirectory, failPlainly, freePort, inRoot, pause, run, runTypeScript, workDirectory } from "./project.mjs";
import { contradictions } from "./prove/check.mjs";
import { clientOf } from "./prove/client.mjs";
import { customersOf } from "./prove/customers.mjs";
import { faults } from "./prove/faults.mjs";
import { startProvider } from "./prove/provider.mjs";
import { startProxy } from "./prove/proxy.mjs";
import { randomOf } from "./prove/random.mjs";
import { reportOf } from "./prove/report.mjs";
import { clockOf, persistently, recovered, recoverySeconds } from "./prove/service.mjs";
import { startStack } from "./stack.mjs";

const directory = path.join(workDirectory, "prove");
const password = "Ichido-prove-2026";
const peopleAtOnce = 12;
const stepEveryMilliseconds = 6_000; // the rules' clock runs ten times as fast, so that phones show enough passwords
const mailSeconds = 30;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "10" }, seed: { type: "string" }, users: { type: "string", default: "200" }, fault: { type: "string" },
    report: { type: "string", default: inRoot("docs/proof.md") }, "as-built": { type: "boolean", default: false }, // takes the build that is there
  },
});
const rounds = Number(options.rounds);
const users = Number(options.users);
const seed = options.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(options.seed);
/** @param {string} sentence */
const say = (sentence) => console.log(`${new Date().toISOString().slice(11, 19)}  ${sentence}`);

async function prove() {
  if (![rounds, users].every((count) => Number.isInteger(count) && count > 0) || !Number.isInteger(seed)) throw new Plain("Usage: npm run prove:load [-- --rounds N --seed S --users U]");
  if (options.fault !== undefined && !faults[options.fault]) throw new Plain(`--fault is one of:\n${Object.keys(faults).map((name) => `  ${name}`).join("\n")}`);
  await ensureInstalled();
  ensureWorkDirectory();
  if (!options["as-built"]) await ensureBuilt({ qa: true });
  rmSync(directory, { recursive: true, force: true });
  embedded.remove(path.join(directory, "postgres"));
  mkdirSync(directory, { recursive: true, mode: 0o755 });

  const provider = await startProvider();
  delete process.env.DATABASE_URL;
  Object.assign(process.env, { MAIL_TRANSPORT: "resend", RESEND_API_KEY: "re_prove", RESEND_BASE_URL: provider.url, TRUSTED_PROXIES: "127.0.0.1", LOG_LEVEL: "warn" });
  const proxy = await startProxy();
  const stack = await startStack({ directory, ports: [await freePort(), await freePort()], proxy, restartServers: true, say });
  const endings = [() => stack.stop(), async () => provider.stop(), async () => proxy.stop()];
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(signal, async () => { for (const end of endings) await end(); process.exit(1); });
  let violated = true;
  try {
    violated = await proveOn(stack, provider, proxy);
    if (violated) say(`The database, the servers' logs and what was sent are kept in ${directory}. Again with: npm run prove:load -- --rounds ${rounds} --seed ${seed} --users ${users}`);
  } finally {
    for (const end of endings) await end();
  }
  if (!violated) {
    embedded.remove(path.join(directory, "postgres"));
    rmSync(directory, { recursive: true, force: true });
  }
  process.exitCode = violated ? 1 : 0;
}

/** @param {Awaited<ReturnType<typeof startStack>>} stack @param {Awaited<ReturnType<typeof startProvider>>} provider @param {import("./prove/proxy.mjs").Proxy} proxy @returns {Promise<boolean>} whether anything was violated */
async function proveOn({ origins, databaseUrl, pids }, provider, proxy) {
  const databasePort = Number(new URL(databaseUrl).port);
  const { default: postgres } = await import("postgres");
  const sql = postgres(databaseUrl, { max: 3, onnotice: () => {}, connect_timeout: 5, backoff: () => 0.3, connection: { application_name: "prove" } });
  const environment = {
    ...process.env, ...JSON.parse(readFileSync(path.join(directory, "secrets.json"), "utf8")),
    DATABASE_URL: databaseUrl, PUBLIC_ORIGIN: origins[0], MAIL_FROM: "no-reply@ichido.example", NODE_ENV: "production", ICHIDO_QA: "1",
  };
  const castFile = path.join(directory, "cast.json");
  const seeded = await runTypeScript("lib/commands/prove/seed.qa.ts", ["--users", String(users), "--password", password, "--out", castFile], { env: environment });
  if (seeded.code !== 0) throw new Plain("The companies could not be registered; the reason is above.");
  const cast = JSON.parse(readFileSync(castFile, "utf8"));
  const clock = await clockOf(sql);
  /** @type {import("./prove/customers.mjs").World} */
  const world = {
    accounts: cast.accounts.map((/** @type {object} */ account) => ({ ...account, jar: new Map() })), staff: cast.staff.map((/** @type {object} */ one) => ({ ...one, jar: new Map() })),
    password, clock, codesAt: provider.codesAt,
  };

  const began = performance.now();
  /** @type {import("./prove/report.mjs").Proof} */
  const proof = {
    date: new Date().toISOString().slice(0, 10), commit: (await run("git", ["rev-parse", "--short", "HEAD"], { capture: true })).output.trim(), seed, users, roundsAsked: rounds,
    rounds: [], minutes: 0, requests: new Map(), errors: new Map(), mails: 0, events: 0, accepted: 0, invariants: [], violations: [],
  };

  /** @type {string[]} */
  let deck = [];
  for (let round = 1; round <= rounds && proof.violations.length === 0; round += 1) {
    const random = randomOf(seed * 1_009 + round);
    if (deck.length === 0) { // each fault once before any comes again, in an order of the seed's
      deck = Object.keys(faults);
      for (let left = deck.length - 1; left > 0; left -= 1) {
        const other = random.below(left + 1);
        [deck[left], deck[other]] = [/** @type {string} */ (deck[other]), /** @type {string} */ (deck[left])];
      }
    }
    const fault = options.fault ?? /** @type {string} */ (deck.pop());
    const { seconds, violations } = await oneRound(round, fault, random);
    proof.rounds.push({ fault, recoverySeconds: seconds });
    proof.violations.push(...violations.map((violation) => `round ${round}, ${fault}: ${violation}`));
    say(`Round ${round} of ${rounds}: ${fault}, ready after ${seconds.toFixed(1)} s, ${violations.length === 0 ? "every invariant holds" : `VIOLATED (seed ${seed})`}`);
    for (const violation of violations) console.log(`    ${violation}`);
    await persistently(report);
  }

  await sql.end();
  return proof.violations.length > 0;

  /** After each round, so that a run that is cut short has one, too. */
  async function report() {
    const [counts] = await sql`select count(*)::int as events, count(*) filter (where name = 'one_time_password.accepted')::int as accepted from audit_events`;
    Object.assign(proof, counts, { mails: provider.taken.size, minutes: Math.round((performance.now() - began) / 60_000) });
    writeFileSync(options.report, reportOf(proof));
  }

  /** @param {number} round @param {string} fault @param {import("./prove/random.mjs").Random} random @returns {Promise<{ seconds: number, violations: string[] }>} */
  async function oneRound(round, fault, random) {
    const client = clientOf(origins, round);
    const customers = Array.from({ length: peopleAtOnce }, () => customersOf(world, client, randomOf(random.below(2 ** 31))));
    let over = false;
    const people = customers.map(async (customer) => {
      while (!over) {
        await customer.act();
        await pause(50 + random.below(200)); // a processor is left for the servers
      }
    });
    const time = (async () => { while (!over) { await pause(stepEveryMilliseconds); await clock.advance(60); } })();

    await pause(2_000 + random.below(3_000));
    await /** @type {(place: import("./prove/faults.mjs").Place) => Promise<unknown>} */ (faults[fault])({ sql, pids, provider, proxy, databasePort, clock, random });
    const seconds = await recovered(origins);
    await pause(3_000);
    over = true;
    await Promise.all([...people, time]);

    /** @type {string[]} */
    const violations = seconds === undefined ? [`the servers were not ready within ${recoverySeconds} s`] : [];
    await persistently(quiet);
    if (!await persistently(mailsAreOut)) violations.push(`mails that are due did not go out within ${mailSeconds} s`);
    const lastOnes = clientOf(origins, round + 0x8000);
    violations.push(...await answersAgainstRows(client.sent), ...await invariantsOfAll(), ...await everybodyIsServed(lastOnes, random));
    for (const { kind, outcome, status } of [...client.sent, ...lastOnes.sent]) {
      const counted = proof.requests.get(kind) ?? { ok: 0, refused: 0, unknown: 0 };
      counted[outcome] += 1;
      proof.requests.set(kind, counted);
      if (status === 500) proof.errors.set(kind, (proof.errors.get(kind) ?? 0) + 1);
    }
    if (violations.length > 0) writeFileSync(path.join(directory, "sent.json"), JSON.stringify(client.sent, null, 1));
    client.close();
    lastOnes.close();
    return { seconds: seconds ?? recoverySeconds, violations };
  }

  /** Until no transaction is under way that was not answered: it may still end either way. */
  async function quiet() {
    for (let calm = 0, waited = 0; calm < 3 && waited < 30_000; waited += 200) {
      const [row] = await sql`select count(*)::int as open from pg_stat_activity where application_name = 'ichido' and xact_start is not null`;
      calm = row?.open === 0 ? calm + 1 : 0;
      await pause(200);
    }
  }

  async function mailsAreOut() {
    for (let waited = 0; waited <= mailSeconds * 1_000; waited += 500) {
      const [row] = await sql`select count(*)::int as due from mail_intents where state = 'waiting' and greatest(due_at, leased_until) <= app_now()`;
      if (row?.due === 0) return true;
      await pause(500);
    }
    return false;
  }

  /** @param {import("./prove/client.mjs").Sent[]} sent */
  async function answersAgainstRows(sent) {
    const addresses = sent.map(({ address }) => address);
    const prefix = `${addresses[0]?.split("::")[0]}::`;
    const events = await sql`select network, name, count(*)::int as count from audit_events where starts_with(network, ${prefix}) group by network, name`;
    const notTaken = await sql`select id from mail_intents where state = 'sent'`;
    return [
      ...contradictions(sent, /** @type {any} */ (events)),
      ...notTaken.filter(({ id }) => !provider.taken.has(id)).map(({ id }) => `mail ${id} is marked as sent, and the provider has not taken it`),
      ...provider.doubled.map((id) => `mail ${id} reached the provider twice, in other words`),
    ];
  }

  async function invariantsOfAll() {
    const { code, output } = await runTypeScript("lib/commands/prove-invariants.ts", [databaseUrl], { env: environment, capture: true });
    const lines = output.trimEnd().split("\n");
    proof.invariants = lines.filter((line) => /^(OK|VIOLATED) /.test(line)).map((line) => line.replace(/^\w+ +/, ""));
    return code === 0 ? [] : [`invariants:\n${lines.filter((line) => !line.startsWith("OK ")).join("\n")}`];
  }

  /** A whole login at each server. @param {import("./prove/client.mjs").Client} client @param {import("./prove/random.mjs").Random} random */
  async function everybodyIsServed(client, random) {
    const able = await sql`select t.id from tokens t join users u on u.id = t.user_id where t.confirmed_at is not null and t.ended_at is null and t.expires_at > app_now()
      and (u.login_stopped_until is null or u.login_stopped_until < app_now())
      and not exists (select from suspensions s where s.user_id = u.id and s.lifted_at is null)`;
    const ids = new Set(able.map(({ id }) => id));
    const customer = customersOf(world, client, random);
    const problems = [];
    for (const origin of origins) {
      await clock.advance(120);
      const account = random.of(world.accounts.filter(({ token }) => token && ids.has(token.id)));
      if (!account) return ["nobody is left who could log in"];
      const answers = await customer.wholeLogin({ ...account, jar: new Map(), used: 0 }, origin);
      if (!answers.every(({ outcome }) => outcome === "ok")) problems.push(`${account.loginId} could not log in at ${origin} after the round: ${JSON.stringify(answers.map(({ status, body }) => [status, body.refusal?.code]))}`);
    }
    return problems;
  }
}

await prove().catch(failPlainly);
process.exit();
