// The load generator, a process of its own: virtual users that do what browsers do. Told what to do by messages, answers with times.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";

/** @typedef {{ loginId: string, key: string, cookie?: string, usedStep?: number }} Account */
/** @typedef {{ status: number, cookies: string[], body: string }} Answer */

const [port = "", password = "", virtualUsers = ""] = process.argv.slice(2);
const origin = `http://localhost:${port}`;
const stepMilliseconds = 60_000;
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(virtualUsers) });
const browser = {
  "user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "accept-language": "ja", "accept-encoding": "gzip, deflate, br", host: `localhost:${port}`,
};

/** @type {Account[]} */
let accounts = [];
let turn = 0;

/** An account whose password of this time step has not been used yet; undefined when all have been. @param {boolean} known only from browsers known before */
function nextAccount(known) {
  const step = Math.floor(Date.now() / stepMilliseconds);
  for (let looked = 0; looked < accounts.length; looked++) {
    const account = accounts[turn++ % accounts.length];
    if (account && account.usedStep !== step && (account.cookie || !known)) {
      account.usedStep = step;
      return account;
    }
  }
  return undefined;
}

/** @param {string} method @param {string} path @param {Record<string, string>} headers @param {string} [body] @returns {Promise<Answer>} */
const request = (method, path, headers, body) => new Promise((resolve, reject) => {
  const sent = http.request({ agent, host: "127.0.0.1", port, method, path, headers: { ...browser, ...headers } }, (response) => {
    /** @type {Buffer[]} */
    const parts = [];
    response.on("data", (part) => parts.push(part)).on("error", reject).on("end", () => resolve({
      status: response.statusCode ?? 0, cookies: (response.headers["set-cookie"] ?? []).map((line) => line.split(";")[0] ?? ""), body: Buffer.concat(parts).toString("latin1"),
    }));
  });
  sent.on("error", reject).end(body);
});

/** One browser: its cookies, and an error for every answer that is not the expected one. @param {Account} account */
function browserOf(account) {
  const cookies = new Map(account.cookie ? [[account.cookie.slice(0, account.cookie.indexOf("=")), account.cookie]] : []);
  /** @param {string} method @param {string} path @param {Record<string, string>} headers @param {string} [body] */
  const go = async (method, path, headers, body) => {
    const answer = await request(method, path, { ...headers, ...(cookies.size > 0 && { cookie: [...cookies.values()].join("; ") }) }, body);
    for (const cookie of answer.cookies) cookies.set(cookie.slice(0, cookie.indexOf("=")), cookie);
    if (answer.status !== 200) throw new Error(`${method} ${path} answered ${answer.status} ${answer.body.slice(0, 200)}`);
    return answer;
  };
  return {
    page: (/** @type {string} */ path) => go("GET", path, { accept: "text/html" }),
    state: (/** @type {string} */ path) => go("GET", path, { accept: "application/json" }),
    post: (/** @type {string} */ path, /** @type {Record<string, string>} */ fields) => {
      const body = new URLSearchParams(fields).toString();
      return go("POST", path, {
        accept: "application/json", origin, "content-type": "application/x-www-form-urlencoded", "content-length": String(Buffer.byteLength(body)),
      }, body);
    },
    keep: () => { account.cookie = [...cookies.values()].find((cookie) => cookie.startsWith("__Host-ichido-browser=")); },
  };
}

/** RFC 6238 with the app's numbers: 60 s, six digits, SHA-256. @param {Account} account */
function oneTimePassword({ key }) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / stepMilliseconds)));
  const mac = createHmac("sha256", Buffer.from(key, "base64")).update(counter).digest();
  return String((mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** @param {Account} account */
async function passwordStep(account) {
  const visit = browserOf(account);
  await visit.page("/login");
  await visit.post("/login/present", { loginId: account.loginId, password });
  await visit.page("/login/one-time-password");
  return visit;
}

/** @param {ReturnType<typeof browserOf>} visit @param {Account} account */
async function oneTimePasswordStep(visit, account) {
  await visit.post("/login/one-time-password/present", { oneTimePassword: oneTimePassword(account) });
  visit.keep();
}

/** @param {Account} account */
async function journey(account) {
  const visit = await passwordStep(account);
  await oneTimePasswordStep(visit, account);
  await visit.page("/");
  await visit.state("/state");
}

/** What a browser keeps after its first visit. */
async function firstVisit() {
  const { body } = await request("GET", "/login", { ...browser, "accept-encoding": "identity" });
  const files = [...new Set([...body.matchAll(/"(\/_next\/static\/[^"]+?\.(?:js|css))"/g)].map(([, path = ""]) => path))];
  for (const path of [...files, "/institution.json"]) await request("GET", path, {});
}

/**
 * Runs `work` for one account after another with so many users at once, bounded in count and time.
 * @template Item @param {{ users: number, count: number, seconds: number }} bounds @param {() => Item | undefined} next @param {(item: Item) => Promise<unknown>} work
 */
async function drive({ users, count, seconds }, next, work) {
  /** @type {number[]} */
  const milliseconds = [];
  /** @type {string[]} */
  const failures = [];
  let begun = 0;
  const began = performance.now();
  const user = async () => {
    while (begun < count && performance.now() - began < seconds * 1_000 && failures.length < 20) {
      const item = next();
      if (item === undefined) return;
      begun++;
      const start = performance.now();
      try {
        await work(item);
        milliseconds.push(performance.now() - start);
      } catch (error) {
        failures.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: users }, user));
  return { seconds: (performance.now() - began) / 1_000, milliseconds, failures };
}

/** Half-logins waiting for `one-time passwords`. @type {{ visit: ReturnType<typeof browserOf>, account: Account }[]} */
const waiting = [];

/** @type {Record<string, (bounds: any) => Promise<unknown>>} */
const tasks = {
  accounts: async ({ file }) => { accounts.push(...JSON.parse(readFileSync(file, "utf8")).accounts); },
  "first visits": async () => { for (let user = 0; user < Number(virtualUsers); user++) await firstVisit(); },
  journeys: (bounds) => drive(bounds, () => nextAccount(bounds.known ?? false), journey),
  passwords: (bounds) => drive(bounds, () => nextAccount(false), async (account) => waiting.push({ visit: await passwordStep(account), account })),
  "one-time passwords": (bounds) => drive(bounds, () => waiting.pop(), ({ visit, account }) => oneTimePasswordStep(visit, account)),
};

process.on("message", async (/** @type {{ task: string, bounds: object }} */ { task, bounds }) => {
  process.send?.(await tasks[task]?.(bounds) ?? {});
});
process.on("disconnect", () => process.exit());
