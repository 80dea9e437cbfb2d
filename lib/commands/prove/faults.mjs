// What goes wrong in a round, one at a time.
import { readdirSync, readFileSync } from "node:fs";
import { pause } from "../project.mjs";
import { badMoods } from "./provider.mjs";

/** @typedef {{ sql: import("postgres").Sql, pids: () => { servers: (number | undefined)[], postgres?: number }, provider: { be: (mood: import("./provider.mjs").Mood) => void }, proxy: import("./proxy.mjs").Proxy, databasePort: number, clock: { advance: (seconds: number) => Promise<void> }, random: import("./random.mjs").Random }} Place */

const frozenMilliseconds = 3_000;
const badMoodMilliseconds = 6_000;

/** A process and all below it. @param {number} pid @returns {number[]} */
function family(pid) {
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((other) => {
    try {
      return Number(readFileSync(`/proc/${other}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[1]) === pid;
    } catch {
      return false; // ended while we looked
    }
  });
  return [pid, ...children];
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended by itself
  }
}

/** @param {import("postgres").Sql} sql @param {import("./random.mjs").Random} random */
async function someBackend(sql, random) {
  const rows = await sql`select pid, state from pg_stat_activity where application_name = 'ichido' order by pid`;
  const busy = rows.filter(({ state }) => state !== "idle");
  return /** @type {number} */ (random.of(busy.length > 0 ? busy : rows)?.pid);
}

/** Each answers once the fault is over: from then on the service has its seconds to recover. @type {Record<string, (place: Place) => Promise<unknown>>} */
export const faults = {
  "a server process killed -9": async ({ pids, random }) => kill(/** @type {number} */ (random.of(pids().servers)), "SIGKILL"),
  "both server processes killed -9": async ({ pids }) => pids().servers.forEach((pid) => kill(/** @type {number} */ (pid), "SIGKILL")),
  "PostgreSQL killed -9": async ({ pids }) => kill(/** @type {number} */ (pids().postgres), "SIGKILL"),
  "a backend killed -9": async ({ sql, random }) => kill(await someBackend(sql, random), "SIGKILL"),
  "a backend terminated": async ({ sql, random }) => sql`select pg_terminate_backend(${await someBackend(sql, random)})`,
  "every backend terminated": ({ sql }) => sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ichido'`,
  "PostgreSQL shut down": async ({ pids }) => kill(/** @type {number} */ (pids().postgres), "SIGINT"),
  "PostgreSQL frozen for 3 s": async ({ pids }) => {
    const frozen = family(/** @type {number} */ (pids().postgres));
    for (const pid of frozen) kill(pid, "SIGSTOP");
    await pause(frozenMilliseconds);
    for (const pid of frozen) kill(pid, "SIGCONT");
  },
  "a server process frozen for 3 s": async ({ pids, random }) => {
    const pid = /** @type {number} */ (random.of(pids().servers));
    kill(pid, "SIGSTOP");
    await pause(frozenMilliseconds);
    kill(pid, "SIGCONT");
  },
  "connections to the database cut": async ({ proxy, databasePort }) => {
    proxy.cut();
    proxy.leadTo(databasePort);
  },
  "the database's answers lost for 3 s, then cut": async ({ proxy, databasePort }) => {
    proxy.hold();
    await pause(frozenMilliseconds);
    proxy.cut();
    proxy.leadTo(databasePort);
  },
  "the clock moved by 31 minutes": ({ clock }) => clock.advance(31 * 60),
  "the mail provider failing": async ({ provider, random }) => {
    provider.be(random.of(badMoods));
    await pause(badMoodMilliseconds);
    provider.be("well");
  },
};
