// npm run prove:failover [-- --rounds N --seed S]: logins against a primary that is killed, and its standby promoted; docs/proof-failover.md is the report.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureBuilt } from "./build.mjs";
import { Plain, ensureInstalled, ensureWorkDirectory, failPlainly, freePort, inRoot, pause, run, runTypeScript } from "./project.mjs";
import { clientOf } from "./prove/client.mjs";
import { clusterOf, debianPostgres } from "./prove/cluster.mjs";
import { customersOf } from "./prove/customers.mjs";
import { failoverReportOf } from "./prove/failover-report.mjs";
import { startProxy } from "./prove/proxy.mjs";
import { randomOf } from "./prove/random.mjs";
import { clockOf, persistently, recovered, recoverySeconds } from "./prove/service.mjs";
import { startStack } from "./stack.mjs";

const password = "Ichido-prove-2026";
const users = 200;
const peopleAtOnce = 8;
const forgottenMilliseconds = 2_000; // how long an asynchronous standby hears nothing before its promotion

/** Synchronous, asynchronous, and asynchronous with the floor taken away: it shows that the others could have failed. @typedef {"synchronous" | "asynchronous" | "without the floor"} Mode */
/** @typedef {{ mode: Mode, acknowledged: number, lost: number, replays: number, accepted: number, seconds: number }} Round */

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "20" }, seed: { type: "string" }, report: { type: "string", default: inRoot("docs/proof-failover.md") } },
});
const rounds = Number(options.rounds);
const seed = options.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(options.seed);
/** @param {string} sentence */
const say = (sentence) => console.log(`${new Date().toISOString().slice(11, 19)}  ${sentence}`);

async function proveFailover() {
  if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) throw new Plain("Usage: npm run prove:failover [-- --rounds N --seed S]");
  await ensureInstalled();
  ensureWorkDirectory();
  const native = debianPostgres();
  await ensureBuilt({ qa: true });
  const place = mkdtempSync(path.join(os.tmpdir(), "ichido-failover-"));
  chmodSync(place, 0o755); // PostgreSQL may run as another user
  const cluster = clusterOf(native, place, randomBytes(16).toString("hex"));
  const [service, replication] = [await startProxy(), await startProxy()];
  let primary = await cluster.primary();
  service.leadTo(primary.port);
  Object.assign(process.env, {
    DATABASE_URL: primary.url.replace(/:\d+\/ichido$/, `:${service.port}/ichido`), TRUSTED_PROXIES: "127.0.0.1", LOG_LEVEL: "warn",
  });
  const stack = await startStack({ directory: path.join(place, "service"), ports: [await freePort(), await freePort()], restartServers: true, say });
  /** @type {import("./prove/cluster.mjs").Server | undefined} */
  let standby;
  const end = async () => {
    await stack.stop();
    for (const server of [primary, standby]) if (server) await cluster.stop(server).catch(() => {});
    service.stop();
    replication.stop();
    rmSync(place, { recursive: true, force: true });
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(signal, () => end().finally(() => process.exit(1)));

  try {
    const environment = {
      ...process.env, ...JSON.parse(readFileSync(path.join(place, "service/secrets.json"), "utf8")),
      PUBLIC_ORIGIN: stack.origins[0], MAIL_TRANSPORT: "mailbox", MAIL_FROM: "no-reply@ichido.example", NODE_ENV: "production", ICHIDO_QA: "1",
    };
    const castFile = path.join(place, "cast.json");
    const seeded = await runTypeScript("lib/commands/prove/seed.qa.ts", ["--users", String(users), "--password", password, "--out", castFile], { env: environment });
    if (seeded.code !== 0) throw new Plain("The companies could not be registered; the reason is above.");
    /** @type {import("./prove/customers.mjs").Account[]} */
    const accounts = JSON.parse(readFileSync(castFile, "utf8")).accounts;
    const { default: postgres } = await import("postgres");
    const sql = postgres(stack.databaseUrl, { max: 2, onnotice: () => {}, connect_timeout: 5, backoff: () => 0.3 });
    const clock = await clockOf(sql);
    const began = performance.now();

    /** @type {Mode[]} */
    const modes = [...Array(rounds).fill("synchronous"), ...Array(rounds).fill("asynchronous"), "without the floor"];
    /** @type {Round[]} */
    const results = [];
    /** @type {string[]} */
    const violations = [];
    for (const [index, mode] of modes.entries()) {
      standby = await cluster.standby(primary, replication, { synchronous: mode === "synchronous" });
      const random = randomOf(seed * 1_009 + index);
      const client = clientOf(stack.origins, index + 1);
      const people = customersOf({ accounts, staff: [], password, clock, codesAt: () => [] }, client, random);
      await persistently(() => clock.advance(240));
      await cluster.caughtUp(primary, standby);

      /** @type {{ account: import("./prove/customers.mjs").Account, origin: string, answer: import("./prove/client.mjs").Answer }[]} */
      const presented = [];
      const waiting = accounts.filter(({ token, applies }) => applies && token !== null).sort(() => random.below(2) - 0.5).map((account) => ({ ...account, jar: new Map(), used: 0 }));
      let over = false;
      const atWork = Array.from({ length: peopleAtOnce }, async () => {
        for (let account = waiting.pop(); account && !over; account = waiting.pop()) {
          const origin = random.of(stack.origins);
          const [, answer] = await people.wholeLogin(account, origin);
          if (answer) presented.push({ account, origin, answer });
          await pause(150 + random.below(200)); // so that the accounts last until the end of the round
        }
      });

      await pause(1_500 + random.below(1_500));
      if (mode !== "synchronous") {
        replication.hold();
        await pause(forgottenMilliseconds);
      }
      over = true;
      service.cut();
      const killedAt = performance.now();
      await cluster.kill(primary);
      replication.cut();
      await cluster.promote(standby);
      if (mode === "without the floor") {
        await standby.sql`alter table database_lives disable trigger user`;
        await standby.sql`update database_lives set time_step_floor = 0, life = (select system_identifier::text || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8) from pg_control_system())`;
      }
      service.leadTo(standby.port);
      cluster.remove(primary);
      [primary, standby] = [standby, undefined];
      const promoted = (performance.now() - killedAt) / 1_000;
      const ready = await recovered(stack.origins);
      const seconds = ready === undefined ? undefined : promoted + ready;
      await Promise.all(atWork);

      const acknowledged = presented.filter(({ answer }) => answer.outcome === "ok");
      const kept = await persistently(() => sql`select network from audit_events where name = 'one_time_password.accepted' and network in ${sql(["::", ...acknowledged.map(({ answer }) => answer.address)])}`);
      const sessions = mode === "synchronous" ? await Promise.all(acknowledged.map(({ account, origin }) => persistently(async () => {
        const answer = await client.get("read", origin, "/state", account.jar);
        if (answer.outcome === "unknown") throw new Error(`the session of ${account.loginId} could not be asked for`);
        return answer;
      }))) : [];
      const replayed = await Promise.all(presented.map(({ account }) => people.replay(account, random.of(stack.origins))));
      /** @type {Round} */
      const round = {
        mode, acknowledged: acknowledged.length, lost: acknowledged.length - kept.length, seconds: seconds ?? recoverySeconds,
        replays: replayed.filter(({ status }) => status > 0 && status < 500).length, accepted: replayed.filter(({ outcome }) => outcome === "ok").length,
      };
      results.push(round);

      const wrong = [];
      if (seconds === undefined) wrong.push(`the servers were not ready within ${recoverySeconds} s`);
      if (round.acknowledged === 0) wrong.push("nobody logged in");
      if (mode === "synchronous" && round.lost > 0) wrong.push(`${round.lost} acknowledged logins are lost`);
      const gone = sessions.filter(({ outcome }) => outcome !== "ok");
      if (gone.length > 0) wrong.push(`sessions of acknowledged logins are lost: ${JSON.stringify(gone.map(({ status, body }) => [status, body.refusal?.code]))}`);
      if (mode !== "without the floor") {
        if (round.accepted > 0) wrong.push(`${round.accepted} replays were accepted`);
        const ids = presented.map(({ account }) => account);
        for (const origin of stack.origins) {
          await clock.advance(180);
          const answers = await people.wholeLogin({ ...random.of(ids), jar: new Map(), used: 0 }, origin);
          if (!answers.every(({ outcome }) => outcome === "ok")) wrong.push(`nobody can log in at ${origin}: ${JSON.stringify(answers.map(({ status, body }) => [status, body.refusal?.code]))}`);
        }
        const { code, output } = await runTypeScript("lib/commands/prove-invariants.ts", [stack.databaseUrl], { env: environment, capture: true });
        if (code !== 0) wrong.push(`invariants:\n${output.split("\n").filter((line) => !line.startsWith("OK ")).join("\n")}`);
      }
      client.close();
      violations.push(...wrong.map((problem) => `round ${index + 1}, ${mode}: ${problem}`));
      say(`Round ${index + 1} of ${modes.length}, ${mode}: ${round.acknowledged} logins, ${round.lost} lost, ${round.accepted} of ${round.replays} replays accepted, ready after ${round.seconds.toFixed(1)} s${wrong.map((problem) => `\n    VIOLATED: ${problem}`).join("")}`);
    }
    await sql.end();

    const sum = (/** @type {Mode} */ mode, /** @type {"lost" | "accepted"} */ what) => results.filter((round) => round.mode === mode).reduce((total, round) => total + round[what], 0);
    if (sum("asynchronous", "lost") === 0) violations.push("no asynchronous standby had forgotten anything: its rounds show nothing");
    if (sum("without the floor", "accepted") === 0) violations.push("without the floor no replay was accepted: the rounds before it show nothing");
    writeFileSync(options.report, failoverReportOf({
      date: new Date().toISOString().slice(0, 10), commit: (await run("git", ["rev-parse", "--short", "HEAD"], { capture: true })).output.trim(), rounds, seed,
      version: path.basename(native), minutes: Math.round((performance.now() - began) / 60_000), results, violations,
    }));
    for (const violation of violations) console.log(violation);
    process.exitCode = violations.length > 0 ? 1 : 0;
  } finally {
    await end();
  }
}

await proveFailover().catch(failPlainly);
process.exit();
