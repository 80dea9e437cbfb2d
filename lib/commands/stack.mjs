// The demo's parts as functions: PostgreSQL, migrations, demo data, server processes. The demo and the browser tests share them.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as embedded from "./postgres.mjs";
import { Plain, isPortFree, node, pause, root, runTypeScript, serverFlags } from "./project.mjs";

const readyMilliseconds = 60_000;
const stopMilliseconds = 11_000; // a server drains within 10 s
const restartMilliseconds = 3_000;

/**
 * @typedef {object} StackOptions
 * @property {string} directory data, secrets and logs, kept between starts
 * @property {number[]} ports one server process each
 * @property {boolean} [reset] start over with fresh demo data
 * @property {boolean} [development] `next dev` instead of the build
 * @property {import("./prove/proxy.mjs").Proxy} [proxy] through which the servers speak to the database
 * @property {boolean} [throwAway] a database that need not survive the machine
 * @property {string} [front] the origin at which all of them are reached
 * @property {boolean} [restartServers] as a supervisor would, when one is killed
 * @property {(sentence: string) => void} [say]
 * @property {() => void} [changed] a process number is another one now
 * @property {() => void} [allGone] no server is left
 */

/**
 * Starts everything; on failure it stops what it had started.
 * @param {StackOptions} options
 */
export async function startStack(options) {
  const { directory, ports, reset = false, development = false, throwAway = false, restartServers = false, proxy, front } = options;
  const { say = () => {}, changed = () => {}, allGone = () => {} } = options;
  for (const port of ports) {
    if (!(await isPortFree(port))) throw new Plain(`Port ${port} is in use by another program. Choose another with PORT, for example: PORT=${port + 100} npm run demo`);
  }
  rmSync(path.join(directory, "log"), { recursive: true, force: true });
  mkdirSync(path.join(directory, "log"), { recursive: true });
  const secrets = keptSecrets(path.join(directory, "secrets.json"));
  const dataDir = path.join(directory, "postgres");
  const given = process.env.DATABASE_URL;
  if (reset && !given) {
    const old = existsSync(dataDir) ? await embedded.start({ dataDir }).catch(() => undefined) : undefined;
    await old?.stop();
    embedded.remove(dataDir);
  }

  /** @type {embedded.Postgres | undefined} */
  let postgres;
  /** @type {import("node:child_process").ChildProcess[]} */
  const servers = [];
  let stopping = false;
  /** @type {NodeJS.Timeout | undefined} */
  let watch;

  const stop = async () => {
    stopping = true;
    clearInterval(watch);
    await Promise.all(servers.map(end));
    await postgres?.stop();
  };

  try {
    postgres = given ? undefined : await embedded.start({ dataDir, throwAway });
    const databaseUrl = given ?? /** @type {embedded.Postgres} */ (postgres).url;
    proxy?.leadTo(Number(new URL(databaseUrl).port));
    const origins = ports.map((port) => `http://localhost:${port}`);
    const environment = {
      ...common(secrets, origins),
      PORT: String(ports[0]),
      ...(front && { PUBLIC_ORIGIN: front }),
      DATABASE_URL: proxy ? databaseUrl.replace(/:\d+\//, `:${proxy.port}/`) : databaseUrl,
      ICHIDO_DEMO_ID: given ? createHash("sha256").update(given).digest("hex").slice(0, 6) : secrets.ICHIDO_DEMO_ID,
      NODE_ENV: development ? "development" : "production",
    };

    const seeded = await runTypeScript("lib/commands/seed.qa.ts", reset ? ["--reset"] : [], { env: environment, capture: true });
    if (seeded.code !== 0) throw new Plain(`The database was not prepared; the reason is above.\n${seeded.output}`);

    const serve = async (/** @type {number} */ port, /** @type {number} */ index, checkout = root) => {
      const log = path.join(directory, "log", `server-${index + 1}.log`);
      const server = startServer({ ...environment, PORT: String(port) }, development ? undefined : log, checkout);
      servers[index] = server;
      await ready(server, log);
      server.once("exit", (code, signal) => {
        if (stopping) return;
        say(`Server process ${index + 1} (port ${port}) ended unexpectedly (${signal ?? `code ${code}`}). Its log: ${log}`);
        if (restartServers) serve(port, index).then(changed, (error) => say(String(error)));
        else if (servers.every(hasEnded)) allGone();
      });
    };
    await Promise.all(ports.map((port, index) => serve(port, index)));

    /** As at an upgrade: the process is told to end, and one of another checkout takes its port. @param {number} index @param {string} checkout */
    const replace = async (index, checkout) => {
      const old = /** @type {import("node:child_process").ChildProcess} */ (servers[index]);
      old.removeAllListeners("exit");
      const gone = new Promise((resolve) => old.once("exit", resolve));
      old.kill("SIGTERM");
      await gone;
      await serve(/** @type {number} */ (ports[index]), index, checkout);
    };

    let restarting = false;
    watch = setInterval(() => {
      if (restarting || !postgres || postgres.runningPid() === postgres.pid) return;
      restarting = true;
      say(`PostgreSQL ended unexpectedly; it is started again in ${restartMilliseconds / 1000} seconds.`);
      restart(postgres).then((again) => {
        postgres = again;
        say("PostgreSQL runs again.");
        changed();
      }, (error) => say(String(error))).finally(() => (restarting = false));
    }, 1_000);

    const restart = async (/** @type {embedded.Postgres} */ ended) => {
      await pause(restartMilliseconds);
      if (stopping) return ended;
      const pid = ended.runningPid(); // someone else may have been faster
      return pid ? { ...ended, pid } : embedded.start({ dataDir, throwAway, port: ended.port });
    };

    return {
      origins,
      databaseUrl,
      accounts: seeded.output.trimEnd(),
      logs: path.join(directory, "log"),
      replace,
      pids: () => ({ servers: servers.map((server) => server.pid), postgres: postgres?.pid }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * One more server process on a running stack's database, with variables of its own. Whoever starts it stops it.
 * @param {{ directory: string, databaseUrl: string, origins: string[] }} stack @param {number} port @param {Record<string, string>} variables
 */
export async function startBeside({ directory, databaseUrl, origins }, port, variables) {
  const log = path.join(directory, "log", `server-beside-${port}.log`);
  const secrets = keptSecrets(path.join(directory, "secrets.json"));
  const server = startServer({ ...common(secrets, origins), PORT: String(port), DATABASE_URL: databaseUrl, NODE_ENV: "production", ...variables }, log);
  await ready(server, log);
  return { stop: () => end(server) };
}

/** What every server process of a stack is told. @param {Record<string, string>} secrets @param {string[]} origins */
const common = (secrets, origins) => ({
  MAIL_TRANSPORT: "mailbox", MAIL_FROM: "いちど信用組合 <no-reply@ichido.example>", ...secrets, ...process.env,
  HOST: "127.0.0.1", PUBLIC_ORIGIN: origins[0], ICHIDO_QA: "1", ICHIDO_DEMO_ORIGINS: origins.join(","),
});

/** Made once and kept, so that cookies, keys and encrypted columns outlive a restart.
 * @param {string} file @returns {Record<string, string>} */
function keptSecrets(file) {
  if (!existsSync(file)) {
    const secret = () => randomBytes(32).toString("base64");
    writeFileSync(file, JSON.stringify({
      NEXTAUTH_SECRET: secret(), KEY_RING: `1:${secret()}`, AUDIT_SIGNING_KEY: secret(), ICHIDO_DEMO_ID: randomBytes(3).toString("hex"),
    }), { mode: 0o600, flag: "wx" });
  }
  return JSON.parse(readFileSync(file, "utf8"));
}

/** @param {NodeJS.ProcessEnv} env @param {string | undefined} log @param {string} checkout */
export function startServer(env, log, checkout = root) {
  const output = log ? openSync(log, "a", 0o600) : "inherit";
  const server = spawn(node(), [...(log ? serverFlags : []), path.join(checkout, "lib/commands/server.mjs"), ...(log ? [] : ["--dev"])], { cwd: checkout, env, stdio: ["ignore", output, output, "ipc"] });
  if (typeof output === "number") closeSync(output);
  return server;
}

/** @param {import("node:child_process").ChildProcess} server @param {string} log */
export async function ready(server, log) {
  const answer = await new Promise((resolve) => {
    const timer = setTimeout(() => resolve("did not become ready"), readyMilliseconds);
    server.once("message", () => (clearTimeout(timer), resolve(undefined)));
    server.once("exit", () => (clearTimeout(timer), resolve("ended at its start")));
  });
  if (answer) throw new Plain(`The server ${answer}. Its log ends with:\n${existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(-15).join("\n") : ""}`);
}

/** @param {import("node:child_process").ChildProcess} server */
const hasEnded = (server) => server.exitCode !== null || server.signalCode !== null;

/** @param {import("node:child_process").ChildProcess} server */
export function end(server) {
  if (hasEnded(server)) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.kill("SIGKILL"), stopMilliseconds);
    server.once("exit", () => (clearTimeout(timer), resolve(undefined)));
    server.kill("SIGINT"); // no proxy has to be given notice
  });
}
