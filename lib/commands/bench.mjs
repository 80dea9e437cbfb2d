// npm run bench [-- --million] [-- --start] [-- --management]: what a login costs on the production build, as ratios to what this machine can do.
import { fork, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { parseArgs } from "node:util";
import { figures } from "./bench/figures.mjs";
import { ensureBuilt } from "./build.mjs";
import * as embedded from "./postgres.mjs";
import { Plain, ensureInstalled, ensureWorkDirectory, failPlainly, freePort, inRoot, isPortFree, node, pause, root, run, runTypeScript, serverFlags, workDirectory } from "./project.mjs";

const virtualUsers = 16;
const fewUsers = 1_000;
const manyAccounts = 5_000;
const countedJourneys = 300;
const reportMilliseconds = 11_000; // an idle connection's commits are reported after 10 s
const password = "Ichido-bench-2026";
const directory = path.join(workDirectory, "bench");

const { values: options } = parseArgs({
  options: {
    million: { type: "boolean", default: false }, // a million users: about three minutes more
    management: { type: "boolean", default: false }, // a manager's lists and the history alone
    start: { type: "boolean", default: false }, // a fresh clone, installed and built: about three minutes more
    profile: { type: "boolean", default: false }, // leaves the server's CPU profile in .ichido/
    "as-built": { type: "boolean", default: false }, // takes the build that is there
  },
});

const { row, print } = figures();
/** @type {(() => unknown)[]} what was started, to be ended in reverse */
const endings = [];

/** @param {number[]} values @param {number} part */
const quantile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;

/** @param {string} sentence */
const say = (sentence) => console.error(sentence);

/** A mail provider that takes everything. */
async function startMailProvider() {
  let mails = 0;
  const provider = http.createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("content-type", "application/json").end(`{"id":"${++mails}"}`));
  });
  const port = await freePort();
  await new Promise((resolve) => provider.listen(port, "127.0.0.1", () => resolve(undefined)));
  endings.push(() => { provider.close(); provider.closeAllConnections(); });
  return { url: `http://127.0.0.1:${port}`, mails: () => mails };
}

/** PostgreSQL of the bench's own, as the product runs it, with a count of what it is asked. */
async function startDatabase() {
  const { default: postgres } = await import("postgres");
  const database = await embedded.start({ dataDir: path.join(directory, "postgres") });
  endings.push(() => database.stop());
  const admin = postgres(database.url.replace(/\/[^/]*$/, "/postgres"), { max: 1, onnotice: () => {} }); // its own commits stay out of the count
  endings.push(() => admin.end());

  const look = async () => {
    const [row] = await admin`select pg_read_file('server.log') as log, (select xact_commit::int from pg_stat_database where datname = 'ichido') as commits`;
    const statements = [.../** @type {string} */ (row?.log).matchAll(/^ichido LOG: {2}(?:execute [^:]*|statement): (.*)/gm)].map(([, statement = ""]) => statement);
    return { statements, commits: /** @type {number} */ (row?.commits), at: performance.now() };
  };
  const configure = async (/** @type {string} */ change) => {
    await admin.unsafe(`alter system ${change}`);
    await admin`select pg_reload_conf()`;
    await pause(reportMilliseconds); // and what was before is reported
  };
  return {
    url: database.url, pid: database.pid,
    /** The database's statements and commits while `work` runs. @param {() => Promise<unknown>} work */
    async counting(work) {
      await configure("set log_line_prefix = '%d '");
      await configure("set log_statement = 'all'");
      const before = await look();
      await work();
      await pause(reportMilliseconds);
      const after = await look();
      await configure("set log_statement = 'none'");
      return { statements: after.statements.slice(before.statements.length), commits: after.commits - before.commits, seconds: (after.at - before.at) / 1_000 };
    },
  };
}

/** @param {NodeJS.ProcessEnv} environment */
async function startServer(environment) {
  const log = openSync(path.join(directory, "server.log"), "a", 0o600);
  const profiling = options.profile ? ["--cpu-prof", `--cpu-prof-dir=${workDirectory}`] : [];
  const server = spawn(node(), [...serverFlags, ...profiling, inRoot("lib/commands/server.mjs")], { cwd: root, env: environment, stdio: ["ignore", log, log, "ipc"] });
  closeSync(log);
  const ended = new Promise((resolve) => server.once("exit", resolve));
  endings.push(async () => { server.kill("SIGINT"); await ended; });
  const ready = await Promise.race([new Promise((resolve) => server.once("message", () => resolve(true))), ended.then(() => false)]);
  if (!ready) throw new Plain(`The server ended at its start. Its log:\n${readFileSync(path.join(directory, "server.log"), "utf8")}`);
  return /** @type {number} */ (server.pid);
}

/** @param {number} port */
function startLoad(port) {
  const load = fork(inRoot("lib/commands/bench/load.mjs"), [String(port), password, String(virtualUsers)], { execPath: node(), env: { ...process.env, NODE_ENV: "production" } });
  endings.push(() => load.kill());
  /** @param {string} task @param {object} [bounds] @returns {Promise<any>} */
  return (task, bounds = {}) => new Promise((resolve, reject) => {
    const died = () => reject(new Plain("The load generator ended."));
    load.once("exit", died);
    load.once("message", (answer) => { load.off("exit", died); resolve(answer); });
    load.send({ task, bounds });
  });
}

async function measureLogins() {
  const { processorSeconds, residentMegabytes } = await import("./bench/processes.mjs");
  const { hashLimit, transactionLimit } = await import("./bench/limits.mjs");
  const port = Number(process.env.PORT || 3300);
  if (!(await isPortFree(port))) throw new Plain(`Port ${port} is in use by another program. Choose another with PORT.`);

  rmSync(directory, { recursive: true, force: true });
  embedded.remove(path.join(directory, "postgres"));
  mkdirSync(directory, { recursive: true });
  endings.push(() => embedded.remove(path.join(directory, "postgres")), () => rmSync(directory, { recursive: true, force: true }));
  const provider = await startMailProvider();
  const database = await startDatabase();
  const secret = () => randomBytes(32).toString("base64");
  const environment = {
    PATH: process.env.PATH, HOST: "127.0.0.1", PORT: String(port), PUBLIC_ORIGIN: `http://localhost:${port}`, DATABASE_URL: database.url, NODE_ENV: "production",
    NEXTAUTH_SECRET: secret(), KEY_RING: `1:${secret()}`, AUDIT_SIGNING_KEY: secret(),
    MAIL_TRANSPORT: "resend", RESEND_API_KEY: "re_bench", RESEND_BASE_URL: provider.url, MAIL_FROM: "no-reply@ichido.example",
  };
  /** @param {string} file @param {string[]} args */
  const prepare = async (file, args) => {
    const { code } = await runTypeScript(file, args, { env: environment });
    if (code !== 0) throw new Plain(`${file} failed; its reason is above.`);
  };
  await prepare("lib/commands/migrate.ts", []);
  const few = path.join(directory, "few.json");
  await prepare("lib/commands/bench/seed.ts", ["--count", String(fewUsers), "--password", password, "--out", few]);
  const { hash } = JSON.parse(readFileSync(few, "utf8"));

  say("The limits of this machine…");
  const limit = await hashLimit(hash, password);
  const server = await startServer(environment);
  const load = startLoad(port);
  const used = () => ({ server: processorSeconds(server), database: processorSeconds(database.pid) });

  /** Runs a task of the load generator. Processor milliseconds are of server and database, for one of what the task counts.
   * @param {string} task @param {{ count: number, seconds: number, known?: boolean }} bounds */
  const drive = async (task, bounds) => {
    const before = used();
    const { seconds, milliseconds, failures } = await load(task, { users: virtualUsers, ...bounds });
    const after = used();
    if (failures.length > 0) throw new Plain(`${failures.length} of ${failures.length + milliseconds.length} failed:\n${[...new Set(failures)].slice(0, 5).join("\n")}`);
    const each = (/** @type {"server" | "database"} */ part) => ((after[part] - before[part]) * 1_000) / milliseconds.length;
    return { perSecond: milliseconds.length / seconds, count: milliseconds.length, milliseconds: /** @type {number[]} */ (milliseconds), server: each("server"), database: each("database"), both: each("server") + each("database") };
  };

  const lists = () => measureManagement({ origin: environment.PUBLIC_ORIGIN, databaseUrl: database.url, secret: environment.NEXTAUTH_SECRET });
  if (options.management) return lists();

  say(`Journeys with ${fewUsers} users…`);
  await load("accounts", { file: few });
  await load("first visits");
  await drive("journeys", { count: 400, seconds: 15 });
  await untilNextStep();
  const withFew = await drive("journeys", { count: fewUsers, seconds: 30 });

  const many = path.join(directory, "many.json");
  await prepare("lib/commands/bench/seed.ts", ["--count", String(manyAccounts), "--hash", hash, "--out", many]);
  await load("accounts", { file: many });
  say(`Journeys with ${fewUsers + manyAccounts} users…`);
  let most = 0;
  const watch = setInterval(() => { most = Math.max(most, residentMegabytes(server)); }, 250);
  const measured = await drive("journeys", { count: 3_000, seconds: 45 });
  clearInterval(watch);

  say("One-time passwords alone…");
  await untilNextStep();
  await drive("passwords", { count: 800, seconds: 20 });
  const oneTimePasswords = await drive("one-time passwords", { count: 800, seconds: 30 });

  say("Statements…");
  await untilNextStep();
  const idle = await database.counting(() => pause(5_000));
  await untilNextStep();
  const busy = await database.counting(() => drive("journeys", { count: countedJourneys, seconds: 40, known: true }));
  const background = busy.seconds / idle.seconds; // the mail worker looks every two seconds, busy or not
  const perJourney = (/** @type {(of: typeof idle) => number} */ count) => (count(busy) - background * count(idle)) / countedJourneys;
  const statements = perJourney((of) => of.statements.length);
  const ofTransactions = perJourney((of) => of.statements.filter((statement) => /^(begin|commit|rollback)/i.test(statement)).length);
  const commits = perJourney((of) => of.commits);

  const writes = await transactionLimit(database.url, virtualUsers, 4_000);

  row("Argon2id hashes/s on all cores", limit.perSecond, { digits: 0 });
  row(`  best with threads`, limit.threads, { digits: 0 });
  row("  CPU of one hash", limit.processorMilliseconds, { unit: "ms" });
  row("A journey's writes as one bare transaction, per second", writes, { digits: 0 });
  row("Journeys/s", measured.perSecond, { digits: 1 });
  row("  ÷ Argon2id hashes/s", measured.perSecond / limit.perSecond, { least: 0.4 });
  row("  ÷ bare transactions/s", measured.perSecond / writes, { digits: 3 });
  row("CPU of a journey, server and database", measured.both, { unit: "ms" });
  row("  of which server", measured.server, { unit: "ms" });
  row("  of which database", measured.database, { unit: "ms" });
  row("  ÷ CPU of one hash", measured.both / limit.processorMilliseconds, { most: 2.3 });
  row("Statements of a journey from a known browser", statements, { digits: 1, most: 10 });
  row("  without BEGIN and COMMIT", statements - ofTransactions, { digits: 1 });
  row("  commits", commits, { digits: 1, most: 3 });
  row("CPU of the one-time password post", oneTimePasswords.both, { unit: "ms", most: 5 });
  row("A journey's time at 16 users, p50", quantile(measured.milliseconds, 0.5), { digits: 0, unit: "ms" });
  row("  p95 ÷ p50", quantile(measured.milliseconds, 0.95) / quantile(measured.milliseconds, 0.5), { most: 2 });
  row("Memory of the server process", most, { digits: 0, unit: "MB", most: 400 });
  row("Journeys measured", measured.count, { digits: 0 });
  row("Mails sent meanwhile", provider.mails(), { digits: 0 });

  await lists();

  if (options.million) {
    say("Putting in a million users, about a minute…");
    await prepare("lib/commands/bench/seed.ts", ["--fill", "1000000"]);
    await untilNextStep();
    await drive("journeys", { count: 1_000, seconds: 30 });
    await untilNextStep();
    const withMillion = await drive("journeys", { count: 2_000, seconds: 30 });
    row("CPU of a journey with 1,000 users", withFew.both, { unit: "ms" });
    row("CPU of a journey with 1,000,000 users", withMillion.both, { unit: "ms" });
    row("  ÷", withMillion.both / withFew.both, { most: 1.2 });
  }
}

/** What a manager looks at: the same page of few rows and of many, one request after the other. @param {{ origin: string, databaseUrl: string, secret: string }} place */
async function measureManagement(place) {
  const { default: postgres } = await import("postgres");
  const { measureLists, putCompany } = await import("./bench/lists.mjs");
  const { measureHistory } = await import("./bench/history.mjs");
  say("Lists of 100 and of 10,000 users…");
  for (const { figure, few, many } of await measureLists(place)) row(`${figure}: 10,000 (${many.toFixed(1)} ms) ÷ 100 users`, many / few, { most: 2 });
  say("A history of 1,000 and of 1,000,000 events, about two minutes…");
  const sql = postgres(place.databaseUrl, { max: 1, onnotice: () => {} });
  const company = await putCompany(sql, 500, place.secret).finally(() => sql.end());
  for (const { figure, few, many } of await measureHistory({ ...place, ...company })) row(`操作履歴照会, ${figure}: 1,000,000 (${many.toFixed(1)} ms) ÷ 1,000`, many / few, { most: 2 });
}

/** From a fresh clone to an answer, and the second start. */
async function measureStarts() {
  const clone = path.join(directory, "clone");
  rmSync(clone, { recursive: true, force: true });
  endings.push(() => rmSync(clone, { recursive: true, force: true }));
  await run("git", ["clone", "--quiet", root, clone]);
  const port = await freePort();
  const start = async () => {
    const began = performance.now();
    const demo = spawn("npm", ["run", "demo"], { cwd: clone, env: { ...process.env, PORT: String(port) }, stdio: "ignore" });
    let running = true;
    const ended = new Promise((resolve) => demo.once("exit", () => { running = false; resolve(undefined); }));
    while (running && !existsSync(path.join(clone, ".ichido/demo.json"))) await pause(50);
    if (!running) throw new Plain("The demo of the fresh clone did not start.");
    const seconds = (performance.now() - began) / 1_000;
    demo.kill("SIGTERM");
    await ended;
    return seconds;
  };
  row("From a fresh clone to serving", await start(), { digits: 0, unit: "s", most: 180 });
  row("The second start", await start(), { digits: 1, unit: "s", most: 5 });
}

/** Each account has one password a time step. */
const untilNextStep = () => pause(60_000 - (Date.now() % 60_000) + 100);

try {
  await ensureInstalled();
  ensureWorkDirectory();
  if (!options["as-built"]) await ensureBuilt({ qa: false });
  await measureLogins();
  if (options.start) await measureStarts();
} catch (error) {
  failPlainly(error);
} finally {
  for (const end of endings.reverse()) await end();
}
print();
