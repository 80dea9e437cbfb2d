import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Response } from "@playwright/test";
import { remove } from "../lib/commands/postgres.mjs";
import { freePort } from "../lib/commands/project.mjs";
import { startStack } from "../lib/commands/stack.mjs";
import { startBalancer } from "./balancer";
import { expect, test } from "./fixtures";
import { buildNewerVersion } from "./newer-version";
import { LoginScreen, OneTimePasswordScreen, TopScreen } from "./pages/pc";
import { loginPassword, Qa } from "./qa";

test("a newer version takes the place of the older one, a process at a time, while people log in: nobody fails, no page lacks a file, and pages of the older one go on with the newer", { tag: "@alone" }, async ({ browser, playwright }) => {
  test.setTimeout(300_000);
  const newer = await buildNewerVersion();
  const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-upgrade-"));
  chmodSync(directory, 0o755); // PostgreSQL may run as another user
  const front = `http://localhost:${await freePort()}`;
  const balancer = await startBalancer(Number(new URL(front).port));
  const stack = await startStack({ directory, ports: [await freePort(), await freePort()], throwAway: true, front });
  const people = await playwright.request.newContext({ baseURL: front, extraHTTPHeaders: { origin: front, accept: "application/json" } });
  const context = await browser.newContext({ baseURL: front });
  try {
    await balancer.leadTo(stack.origins);
    const qa = new Qa(people, () => { throw new Error("no database is asked here"); });
    const problems: string[] = [];
    const lacking = (response: Response) => { if (response.status() >= (response.url().includes("/_next/") ? 400 : 500)) problems.push(`${response.status()} ${response.url()}`); };
    context.on("response", lacking);
    context.on("weberror", (error) => problems.push(String(error.error())));
    const version = (screen: LoginScreen) => screen.page.evaluate(() => ((globalThis as { newerVersion?: boolean }).newerVersion ? "newer" : "older"));

    // Before: a login page nobody has sent yet, one between the steps, and somebody who is in.
    const [open, between, inside] = await Promise.all([0, 1, 2].map(async () => new LoginScreen(await context.newPage())));
    await open!.open();
    expect(await version(open!)).toBe("older");
    const files = await open!.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.includes("/_next/static/")));
    expect(files.length).toBeGreaterThan(3);
    await inside!.open();
    await inside!.present("mihon");
    await new TopScreen(inside!.page).shown();

    let [over, logins, visits] = [false, 0, 0];
    const seen = new Set<string>();
    const logIn = async (loginId: string, oneTimePassword?: () => Promise<string>) => {
      const first = await people.post("/login/present", { form: { loginId, password: loginPassword } });
      expect(await first.json()).toMatchObject({ ok: true });
      if (oneTimePassword) expect(await (await people.post("/login/one-time-password/present", { form: { oneTimePassword: await oneTimePassword() } })).json()).toMatchObject({ ok: true, go: "/" });
      logins += 1;
    };
    const crowd = [
      async () => { while (!over) await logIn("haruki", () => qa.oneTimePassword("haruki")); },
      async () => { while (!over) expect((await context.request.get("/state")).status()).toBe(200); }, // who is in, and goes on: each one-time password moves the clock by a minute
      async () => {
        const visitor = new LoginScreen(await (await browser.newContext({ baseURL: front })).newPage());
        visitor.page.on("response", lacking);
        for (; !over; visits += 1) {
          await visitor.open();
          seen.add(await version(visitor));
        }
        await visitor.page.context().close();
      },
    ].map((person) => person());

    for (const index of [0, 1]) {
      const [known, visited] = [logins, visits];
      await expect.poll(() => logins, { timeout: 30_000 }).toBeGreaterThan(known + 2);
      await expect.poll(() => visits, { timeout: 30_000 }).toBeGreaterThan(visited + 2);
      await stack.replace(index, newer);
    }
    const [known, visited] = [logins, visits];
    await expect.poll(() => logins, { timeout: 30_000 }).toBeGreaterThan(known + 2);
    await expect.poll(() => visits, { timeout: 30_000 }).toBeGreaterThan(visited + 2);
    over = true;
    await Promise.all(crowd);
    expect([...seen].sort()).toEqual(["newer", "older"]);

    // After: the older version's pages post to the newer one, and its files are still there for who asks.
    for (const file of files) expect([file, (await people.get(file)).status()]).toEqual([file, 200]);
    await inside!.page.reload();
    await new TopScreen(inside!.page).shown();
    await new TopScreen(inside!.page).logOut();
    expect(await version(open!)).toBe("older");
    await open!.present("sakuro");
    const second = new OneTimePasswordScreen(open!.page);
    await second.shown();
    await second.present(await qa.oneTimePassword("sakuro"));
    await new TopScreen(open!.page).shown();
    await between!.open();
    expect(await version(between!)).toBe("newer");
    expect(problems).toEqual([]);
  } finally {
    await context.close();
    await people.dispose();
    await stack.stop();
    balancer.stop();
    remove(path.join(directory, "postgres"));
    rmSync(directory, { recursive: true, force: true });
  }
});
