import os from "node:os";
import { defineConfig, devices } from "@playwright/test";
import { installedBrowser } from "../lib/commands/browser.mjs";
import { deployment, origins } from "./stack";

const bytesOfWorker = 2 * 1024 ** 3; // a browser, two server processes, PostgreSQL
const workers = Math.max(1, Math.min(os.availableParallelism(), Math.floor(os.totalmem() / bytesOfWorker)));

export default defineConfig({
  testDir: ".",
  outputDir: "results",
  globalSetup: "./global-setup.ts",
  fullyParallel: true,
  workers: deployment() ? 1 : workers, // each with a database and a clock of its own
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 60_000,
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: deployment() || process.env.ICHIDO_E2E_STACKS ? origins()[0] : undefined, // none yet where the stacks are started
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
    // No trace: one whose end was not answered has failed tests that had passed. `--trace retain-on-failure` asks for it.
    launchOptions: {
      executablePath: installedBrowser(),
      env: { ...process.env, LC_ALL: "C.UTF-8" }, // a machine without a locale has no Japanese file names
      args: [
        "--disable-quic", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
  },
});
