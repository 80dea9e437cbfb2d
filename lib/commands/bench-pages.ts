// npm run bench:pages: what the pages cost a browser, on the production build. JavaScript as sent, Lighthouse's scores, the phone's first one-time password offline.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Browser, chromium, devices, type Page, request } from "@playwright/test";
import { Caller } from "../../e2e/caller";
import { answerSetUps, Phone } from "../../e2e/pages/phone";
import { Qa } from "../../e2e/qa";
import { figures } from "./bench/figures.mjs";
import { ensureBrowser, installedBrowser } from "./browser.mjs";
import { ensureBuilt } from "./build.mjs";
import { remove } from "./postgres.mjs";
import { ensureWorkDirectory, failPlainly, freePort, inRoot, node, Plain, run, workDirectory } from "./project.mjs";
import { end, ready, startServer, startStack } from "./stack.mjs";

const lighthouseVersion = "13.5.0"; // not of the lock file: a hundred packages for this one command
const openings = 7;
const kilobyte = 1_000;
const flags = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

const { row, print } = figures();
const endings: (() => unknown)[] = [];
const lighthouseRuns = 5; // one run is some points off either way
const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/** The demo's database, and a production process on it: a QA build answers one-time passwords, and is not what customers get. */
async function startPlace() {
  const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-pages-"));
  chmodSync(directory, 0o755); // PostgreSQL may run as another user
  endings.push(() => { remove(path.join(directory, "postgres")); rmSync(directory, { recursive: true, force: true }); });
  const stack = await startStack({ directory, ports: [await freePort()], throwAway: true });
  endings.push(() => stack.stop());
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const secrets = JSON.parse(readFileSync(path.join(directory, "secrets.json"), "utf8")) as Record<string, string>;
  const log = path.join(stack.logs, "production.log");
  const server = startServer({
    PATH: process.env.PATH, NODE_ENV: "production", HOST: "127.0.0.1", PORT: String(port), PUBLIC_ORIGIN: origin, DATABASE_URL: stack.databaseUrl, ...secrets,
    MAIL_TRANSPORT: "smtp", SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "no-reply@ichido.example",
  }, log);
  endings.push(() => end(server));
  await ready(server, log);
  return { origin, qaOrigin: stack.origins[0]! };
}

/** The files of a type that a page has loaded, by path, in bytes of their bodies as sent. */
async function filesOf(type: "script" | "font", page: Page, act: () => Promise<unknown>): Promise<Map<string, number>> {
  const sizes = new Map<string, Promise<number>>();
  page.on("requestfinished", (finished) => {
    if (finished.resourceType() === type) sizes.set(new URL(finished.url()).pathname, finished.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await act();
  await page.waitForLoadState("networkidle");
  return new Map(await Promise.all([...sizes].map(async ([name, size]) => [name, await size] as const)));
}

const sum = (files: Map<string, number>, which: (name: string) => boolean = () => true) => [...files].reduce((bytes, [name, size]) => bytes + (which(name) ? size : 0), 0) / kilobyte;

/** Next's own part is what every page of this build begins with, a bare one included. */
async function measureScripts(browser: Browser, origin: string) {
  const { rootMainFiles } = JSON.parse(readFileSync(inRoot(".next/build-manifest.json"), "utf8")) as { rootMainFiles: string[] };
  const isBare = (name: string) => rootMainFiles.includes(name.replace("/_next/", ""));
  for (const [name, most] of [["/login", 25], ["/authenticator", 45]] as const) {
    const context = await browser.newContext({ ...devices["Pixel 7"], baseURL: origin, serviceWorkers: "block" });
    const page = await context.newPage();
    const scripts = await filesOf("script", page, () => page.goto(name));
    if (name === "/login") row("JavaScript of a bare page, as sent", sum(scripts, isBare), { digits: 1, unit: "kB" });
    row(`${name}, over a bare page`, sum(scripts, (script) => !isBare(script)), { digits: 1, unit: "kB", most });
    if (name === "/authenticator") {
      const reader = await filesOf("script", page, async () => {
        const asked = page.waitForEvent("requestfinished", (finished) => finished.resourceType() === "script");
        await page.getByRole("button", { name: "QRコードを読み取る", exact: true }).click();
        await asked;
      });
      row("  camera reader, loaded when asked for", sum(reader, (script) => !scripts.has(script)), { digits: 1, unit: "kB", least: 1 });
    }
    await context.close();
  }
}

async function measureFonts(browser: Browser, origin: string) {
  const page = await browser.newPage({ baseURL: origin });
  const fonts = await filesOf("font", page, () => page.goto("/login"));
  row("Fonts of a first visit to /login", sum(fonts), { digits: 1, unit: "kB" });
  row("  in files", fonts.size, { digits: 0 });
  await page.close();
}

/** From the opening to six digits, without a network, in a browser that has been there once. */
async function measureOffline(browser: Browser, origin: string) {
  const context = await browser.newContext({ ...devices["Pixel 7"], baseURL: origin });
  const phone = new Phone(await context.newPage());
  await answerSetUps(phone.page);
  await phone.open("#ABCD2345");
  await phone.setUp({ serviceId: "1000000001", userId: "123456789012", activationPassword: "20261122" });
  await phone.oneTimePassword("user12");
  await phone.page.evaluate(() => navigator.serviceWorker.ready);
  await phone.page.reload({ waitUntil: "networkidle" }); // through the worker, which keeps what it answers
  await phone.oneTimePassword("user12");
  await context.setOffline(true);
  for (const [figure, slowed, most] of [["First one-time password, opened offline", 1, 1_000], ["  on a processor four times as slow", 4, undefined]] as const) {
    const milliseconds: number[] = [];
    for (let opening = 0; opening < openings; opening++) {
      const page = await context.newPage();
      await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slowed });
      await page.goto(`${origin}/authenticator`, { waitUntil: "commit" });
      const shown = await page.waitForFunction(() => /^[0-9]{6}$/.test(document.querySelector("output")?.textContent ?? "") && performance.now());
      milliseconds.push(Number(await shown.jsonValue()));
      await page.close();
    }
    row(figure, median(milliseconds), { digits: 0, unit: "ms", most });
  }
  await context.close();
}

/** A manager's cookies, by the one-time password that the QA process tells. */
async function cookiesOfManager(origin: string, qaOrigin: string): Promise<string> {
  const doors = await request.newContext({ baseURL: qaOrigin });
  const caller = await Caller.at(origin);
  try {
    const answer = await caller.logIn(new Qa(doors, () => { throw new Error("The bench does without the database."); }), "haruki");
    if (!answer.body.ok) throw new Plain(`haruki could not log in: ${answer.text}`);
    return await caller.cookies();
  } finally {
    await doors.dispose();
    await caller.request.dispose();
  }
}

type Report = { finalDisplayedUrl: string; categories: Record<string, { score: number | null }>; audits: Record<string, { title: string; score: number | null; scoreDisplayMode: string }> };

/** Lighthouse as a phone sees the page: mobile, with its slow network and processor. */
async function measureByLighthouse(origin: string, qaOrigin: string) {
  const folder = path.join(workDirectory, "lighthouse");
  const command = path.join(folder, "node_modules/lighthouse/cli/index.js");
  mkdirSync(folder, { recursive: true });
  const installed = () => existsSync(command) && JSON.parse(readFileSync(path.join(folder, "node_modules/lighthouse/package.json"), "utf8")).version === lighthouseVersion;
  if (!installed()) {
    console.error(`Installing Lighthouse ${lighthouseVersion}, half a minute…`);
    await run("npm", ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", `lighthouse@${lighthouseVersion}`]);
    if (!installed()) throw new Plain("Lighthouse could not be installed; npm's own messages are above.");
  }
  const cookie = await cookiesOfManager(origin, qaOrigin);
  for (const [name, headers] of [["/login", {}], ["/authenticator", {}], ["/management/suspensions", { Cookie: cookie }]] as const) {
    console.error(`Lighthouse on ${name}, ${lighthouseRuns} times…`);
    const reports: Report[] = [];
    for (let nth = 0; nth < lighthouseRuns; nth++) {
      const out = path.join(folder, "report.json");
      rmSync(out, { force: true });
      await run(node(), [
        command, `${origin}${name}`, "--quiet", "--output=json", `--output-path=${out}`, "--only-categories=performance,accessibility,best-practices",
        `--chrome-flags=--headless=new ${flags.join(" ")}`, `--extra-headers=${JSON.stringify(headers)}`,
      ], { env: { ...process.env, CHROME_PATH: installedBrowser() ?? chromium.executablePath() } });
      const report = JSON.parse(readFileSync(out, "utf8")) as Report;
      if (new URL(report.finalDisplayedUrl).pathname !== name) throw new Plain(`${name} led to ${report.finalDisplayedUrl}.`);
      reports.push(report);
    }
    const scores = (category: string) => reports.map(({ categories }) => (categories[category]?.score ?? 0) * 100);
    row(`Lighthouse, mobile, ${name}: performance, median`, median(scores("performance")), { digits: 0, least: 95 });
    row("  the lowest of them", Math.min(...scores("performance")), { digits: 0 });
    for (const category of ["accessibility", "best-practices"]) row(`Lighthouse, mobile, ${name}: ${category}`, Math.min(...scores(category)), { digits: 0, least: 100 });
    for (const { title, score, scoreDisplayMode } of Object.values(reports[0]!.audits)) if (scoreDisplayMode === "binary" && score === 0) console.error(`  ${title}`);
  }
}

try {
  ensureWorkDirectory();
  await ensureBrowser();
  await ensureBuilt({ qa: false });
  await ensureBuilt({ qa: true });
  const { origin, qaOrigin } = await startPlace();
  const browser = await chromium.launch({ executablePath: installedBrowser(), args: [...flags, ...camera] });
  endings.push(() => browser.close());
  await measureScripts(browser, origin);
  await measureFonts(browser, origin);
  await measureOffline(browser, origin);
  await measureByLighthouse(origin, qaOrigin);
} catch (error) {
  failPlainly(error);
} finally {
  for (const ending of endings.reverse()) await ending();
}
print();
