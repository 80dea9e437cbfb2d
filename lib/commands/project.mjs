// What every launcher needs: the checkout, its Node, its installed packages. Parses on Node 20 without any package.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");
export const workDirectory = path.join(root, ".ichido");

/** @param {...string} names */
export const inRoot = (...names) => path.join(root, ...names);

/** The Node of the lock file where the registry has one for this platform, else the one that runs us. */
export function node() {
  const own = inRoot("node_modules/.bin/node");
  return existsSync(own) ? own : process.execPath;
}

/** How a server process is started. A login lives in some 60 MB; unasked, V8 lets its garbage grow to several times that before it looks. */
export const serverFlags = ["--max-old-space-size=256", "--max-semi-space-size=32"];

/** A message for a person; the launcher ends with it, without a stack. */
export class Plain extends Error {}

/** Ends the process with a plain sentence instead of a stack, unless it is a defect.
 * @param {unknown} error */
export function failPlainly(error) {
  console.error(error instanceof Plain ? `\n${error.message}` : error);
  process.exitCode = 1;
}

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Ends the commands under way, for a launcher that was told to stop. */
export function interruptCommands() {
  for (const child of running) child.kill("SIGTERM");
}

/**
 * Runs a command to its end in the checkout.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, capture?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { env = process.env, capture = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", capture ? "pipe" : "inherit", "inherit"] });
    running.add(child);
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", reject);
    child.once("close", (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs a package's command file with the lock file's Node, for `.bin` links would take the machine's.
 * @param {string} file below node_modules, or below the checkout
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options] */
export function runTool(file, args, options) {
  const inPackages = inRoot("node_modules", file);
  return run(node(), [existsSync(inPackages) ? inPackages : inRoot(file), ...args], options);
}

/** @param {string} file @param {string[]} args @param {Parameters<typeof run>[2]} [options] */
export const runTypeScript = (file, args, options) => runTool("tsx/dist/cli.mjs", [inRoot(file), ...args], options);

/** `npm ci`, when node_modules is missing or is not what the lock file says. */
export async function ensureInstalled() {
  if (installed()) return;
  console.log("Installing the packages of the lock file (npm ci), about a minute…");
  const { code } = await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) throw new Plain("npm ci failed; its own messages are above.");
}

function installed() {
  const hidden = inRoot("node_modules/.package-lock.json");
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(inRoot("package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(hidden, "utf8")).packages;
  return Object.entries(wanted).every(([place, entry]) =>
    place === "" || (present[place] ? present[place].version === entry.version : entry.optional === true));
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject).listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** @param {number} port @returns {Promise<boolean>} */
export function isPortFree(port) {
  return new Promise((resolve) => {
    const probe = createServer().once("error", () => resolve(false)).listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/** Alive and not a zombie nobody has reaped.
 * @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPERM") return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}

/** The command line of a process, to know our own from a stranger that got its number.
 * @param {number} pid */
export function commandLine(pid) {
  if (process.platform === "linux") {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  }
  return spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" }).stdout ?? "";
}

/** Our own corner of the checkout; open to pass through, because PostgreSQL may run as another user below it. */
export function ensureWorkDirectory() {
  mkdirSync(workDirectory, { recursive: true, mode: 0o755 });
}

/** @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
