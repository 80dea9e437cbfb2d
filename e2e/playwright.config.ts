import { defineConfig, devices } from "@playwright/test";
import { installedBrowser } from "../lib/commands/browser.mjs";

const [origin] = (process.env.ICHIDO_E2E_ORIGINS ?? "").split(",");

export default defineConfig({
  testDir: ".",
  outputDir: "results",
  globalSetup: "./global-setup.ts",
  fullyParallel: false,
  workers: 1, // one database, one clock
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 60_000,
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: origin || undefined,
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: installedBrowser(),
      env: { ...process.env, LC_ALL: "C.UTF-8" }, // a machine without a locale has no Japanese file names
      args: [
        "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
  },
});
