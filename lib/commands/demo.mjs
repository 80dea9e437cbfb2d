// npm run demo [-- --reset] [--instances 2]: from a fresh clone to a running demo. npm run dev is the same on `next dev`.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureBuilt } from "./build.mjs";
import { Plain, commandLine, ensureInstalled, ensureWorkDirectory, failPlainly, interruptCommands, isAlive, isPortFree, workDirectory } from "./project.mjs";
import { startStack } from "./stack.mjs";

const descriptionFile = path.join(workDirectory, "demo.json");
const lockFile = path.join(workDirectory, "demo.lock");

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { reset: { type: "boolean", default: false }, instances: { type: "string", default: "1" }, dev: { type: "boolean", default: false } },
    });
    const instances = Number(values.instances);
    const port = Number(process.env.PORT || 3000);
    if (!(Number.isInteger(instances) && instances >= 1 && instances <= 16)) throw new Error("--instances must be a number from 1 to 16.");
    if (!(Number.isInteger(port) && port >= 1 && port + instances <= 65536)) throw new Error("PORT must be a port number.");
    return { reset: values.reset, development: values.dev, ports: Array.from({ length: values.dev ? 1 : instances }, (_, index) => port + index) };
  } catch (error) {
    throw new Plain(`${/** @type {Error} */ (error).message}\nUsage: npm run demo -- [--reset] [--instances NUMBER]`);
  }
}

/** One demo per checkout: a second one would take its database away. */
function takeLock() {
  ensureWorkDirectory();
  for (;;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const holder = Number(readFileSync(lockFile, "utf8"));
    if (isAlive(holder) && commandLine(holder).includes("demo.mjs")) {
      throw new Plain(`A demo of this folder is running already (process ${holder}). Stop it with Ctrl-C in its window, or with: kill ${holder}`);
    }
    rmSync(lockFile, { force: true });
  }
}

async function demo() {
  const { reset, development, ports } = readOptions();
  takeLock();

  /** @type {Awaited<ReturnType<typeof startStack>> | undefined} */
  let stack;
  /** @type {Promise<void> | undefined} */
  let ending;
  const finish = (/** @type {number} */ code) => {
    ending ??= (async () => {
      rmSync(descriptionFile, { force: true });
      await stack?.stop();
      rmSync(lockFile, { force: true });
      process.exit(code);
    })();
    return ending;
  };
  let interrupted = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (!interrupted) console.log("\nStopping the servers and PostgreSQL…");
      interrupted = true;
      if (stack) void finish(0);
      else interruptCommands();
    });
  }

  try {
    for (const port of ports) {
      if (!(await isPortFree(port))) {
        throw new Plain(`Port ${port} is in use by another program. Choose another, for example: PORT=${port + 100} npm run ${development ? "dev" : "demo"}`);
      }
    }
    await ensureInstalled();
    if (!development && !interrupted) await ensureBuilt({ qa: true });
    if (interrupted) return await finish(0);
    console.log("Starting PostgreSQL, the demo data and the server…");
    stack = await startStack({
      directory: workDirectory, ports, reset, development, say: (sentence) => console.error(`\n${sentence}`), changed: describe, allGone: () => void finish(1),
    });
    if (interrupted) return await finish(0);
    describe();
    console.log(farewell(stack, ports.length));
  } catch (error) {
    if (!interrupted) failPlainly(error);
    await finish(interrupted ? 0 : 1);
  }

  function describe() {
    if (!stack || ending) return;
    const { origins, databaseUrl } = stack;
    writeFileSync(descriptionFile, `${JSON.stringify({ origins, databaseUrl, pids: stack.pids() }, null, 2)}\n`, { mode: 0o600 });
  }
}

/** @param {Awaited<ReturnType<typeof startStack>>} stack @param {number} instances */
function farewell({ origins: [origin, ...others], accounts, logs }, instances) {
  return `
${accounts}

Login password of all: Ichido-demo-2026    Confirmation password: Kakunin-demo-2026

Ichido runs at  ${origin}${others.map((other) => `\n          and  ${other}`).join("")}

What to try
  1. ${origin}/qa shows everything on one page: the PC, the phone beside it, the mailbox and the clock.
  2. Log in as haruki: the phone on /qa shows the one-time password.
  3. Log in as ichiro to issue a token, take the link from the mailbox, and set the phone up.
  4. Move the clock by 30 minutes on /qa, and log in as jiro, whose token was revoked.

${instances === 1 ? "The server's" : "The servers'"} logs are in ${path.relative(process.cwd(), logs) || logs}. Start over with: npm run demo -- --reset
Stop with Ctrl-C.`;
}

demo().catch((error) => {
  failPlainly(error);
  process.exit(1);
});
