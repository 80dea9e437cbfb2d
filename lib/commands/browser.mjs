// The browser of the tests, and what else they take from the system: a Japanese font, and an independent one-time password generator.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Plain, run, runTool } from "./project.mjs";

const headlessShell = "/usr/bin/chromium-headless-shell"; // Debian's; the whole browser spends half as much again on windows nobody sees
const places = [
  headlessShell,
  "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** An installed Chromium, or undefined: then Playwright's own is used. */
export function installedBrowser() {
  return [process.env.PLAYWRIGHT_CHROMIUM, ...places].find((place) => place && existsSync(place));
}

/** @param {string} command @param {string[]} args */
const succeeds = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;
const asRoot = () => (process.getuid?.() === 0 ? [] : succeeds("sudo", ["-n", "true"]) ? ["sudo", "-n"] : undefined);

/** Installs what is missing, by apt where that is possible; without a browser there is nothing to test. */
export async function ensureBrowser() {
  const prefix = asRoot();
  const missing = [
    ...(process.env.PLAYWRIGHT_CHROMIUM || existsSync(headlessShell) ? [] : ["chromium-headless-shell"]),
    ...(spawnSync("fc-list", [":lang=ja"], { encoding: "utf8" }).stdout?.trim() ? [] : ["fonts-noto-cjk"]),
    ...(succeeds("oathtool", ["--version"]) ? [] : ["oathtool"]),
  ];
  if (missing.length > 0 && prefix && succeeds("apt-get", ["--version"])) {
    console.log(`Installing ${missing.join(", ")} (apt-get)…`);
    const apt = (/** @type {string[]} */ ...args) => {
      const [command = "", ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...args];
      return run(command, rest, { capture: true });
    };
    await apt("update");
    for (const name of missing) await apt("install", "-y", "--no-install-recommends", name); // one by one, since a distribution may lack one
    if (!installedBrowser()) await apt("install", "-y", "--no-install-recommends", "chromium");
  }
  if (installedBrowser() || (await playwrightHasBrowser())) return;
  console.log("Installing Playwright's Chromium…");
  await runTool("@playwright/test/cli.js", ["install", ...(prefix ? ["--with-deps"] : []), "chromium"]);
  if (!(await playwrightHasBrowser())) {
    throw new Plain("No browser: Chromium could not be installed. Install it by hand, or name one with PLAYWRIGHT_CHROMIUM=/path/to/chromium.");
  }
}

async function playwrightHasBrowser() {
  const { chromium } = await import("@playwright/test");
  return existsSync(chromium.executablePath());
}
