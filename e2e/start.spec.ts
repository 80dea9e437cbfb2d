import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { ensureBuilt } from "../lib/commands/build.mjs";
import { freePort, inRoot, root, workDirectory } from "../lib/commands/project.mjs";
import { withEmptyDatabase } from "./stack";

/* `npm start` and `npm run demo`, by the lines of package.json, with nothing in their environment but what is given here. */

const launched: { end: (signal: "SIGTERM" | "SIGINT") => boolean; ended: Promise<unknown> }[] = [];
test.afterEach(() => Promise.all(launched.splice(0).map(({ end, ended }) => (end("SIGTERM"), ended))));

function launch(args: string[], variables: Record<string, string>) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, npm_config_update_notifier: "false", ...variables } as unknown as NodeJS.ProcessEnv;
  const command = spawn("npm", args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const output of [command.stdout, command.stderr]) output.setEncoding("utf8").on("data", (text: string) => { said += text; });
  const ended = new Promise<number | null>((resolve) => command.once("close", resolve));
  const end = (signal: "SIGTERM" | "SIGINT") => command.kill(signal);
  launched.push({ end, ended });
  return { ended, said: () => said, end };
}

const secret = () => randomBytes(32).toString("base64");
const startService = (port: number, databaseUrl: string, variables: Record<string, string> = {}) => launch(["start"], {
  PORT: String(port), PUBLIC_ORIGIN: `http://localhost:${port}`, DATABASE_URL: databaseUrl, NEXTAUTH_SECRET: secret(), KEY_RING: `2026a:${secret()}`, AUDIT_SIGNING_KEY: secret(),
  MAIL_TRANSPORT: "smtp", SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "no-reply@ichido.example", ...variables,
});

test("npm start brings an empty database up to date and serves; told to end it is ready no more, answers whoever still comes, and ends with 0; the build is as it was", { tag: "@alone" }, async () => {
  test.setTimeout(240_000); // with a build, where there is none
  await ensureBuilt({ qa: false });
  const build = () => readdirSync(inRoot(".next/server"), { recursive: true, encoding: "utf8" }).sort();
  const built = build();
  await withEmptyDatabase(async (url) => {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    const service = startService(port, url);
    const ready = () => fetch(`${origin}/health/ready`, { headers: { connection: "close" } }).then(({ status }) => status, () => service.said());
    await expect.poll(ready, { timeout: 60_000 }).toBe(200);
    expect(await (await fetch(`${origin}/login`)).text()).toContain("ログイン");
    const form = new URLSearchParams({ loginId: "nobody", password: "Ichido-demo-2026" });
    const refused = await fetch(`${origin}/login/present`, { method: "POST", body: form, headers: { origin, accept: "application/json" } });
    expect([refused.status, await refused.json()]).toMatchObject([401, { refusal: { code: "OTP-101" } }]); // asked of the tables
    expect((await fetch(`${origin}/qa`)).status).toBe(404);

    const told = Date.now();
    service.end("SIGTERM");
    await expect.poll(ready, { timeout: 1_500, intervals: [50] }).toBe(503);
    expect((await fetch(`${origin}/login`)).status).toBe(200);
    expect(await service.ended).toBe(0);
    expect(Date.now() - told).toBeLessThan(9_500);
    expect(build()).toEqual(built); // where several processes write, one may read what another has half written
  });
});

test("npm start names everything that is wrong, ends with 1, and has touched nothing", async () => {
  await withEmptyDatabase(async (url, sql) => {
    const service = startService(await freePort(), url, { KEY_RING: "", MAIL_FROM: "nobody" });
    expect(await service.ended).toBe(1);
    expect(service.said()).toContain("Ichido does not start:\n  - KEY_RING is missing\n  - MAIL_FROM must be one mail address, with or without a name\n");
    expect(service.said()).not.toContain("Listening");
    expect(await sql`select from pg_tables where schemaname = 'public'`).toHaveLength(0);
  });
});

test("npm run demo puts the demo data in, says where it is, and ends at Ctrl-C; a script asks it for a one-time password as docs/qa.md tells", { tag: "@alone" }, async () => {
  test.skip(existsSync(path.join(workDirectory, "demo.json")), "A demo of this checkout is running, and there is one at a time.");
  await withEmptyDatabase(async (url) => {
    const port = await freePort();
    const demo = launch(["run", "demo"], { PORT: String(port), DATABASE_URL: url });
    await expect.poll(demo.said, { timeout: 60_000 }).toContain("Stop with Ctrl-C.");
    expect(demo.said()).toMatch(new RegExp(`haruki +データ花子[^]*Login password of all: Ichido-demo-2026[^]*Ichido runs at {2}http://localhost:${port}\n`));
    const [, asked] = /^curl "http:\/\/localhost:3000(\/[^"]+)"$/m.exec(readFileSync(inRoot("docs/qa.md"), "utf8"))!;
    const answer = await (await fetch(`http://localhost:${port}${asked}`)).json() as { oneTimePassword: string };
    expect(answer.oneTimePassword).toMatch(/^\d{6}$/);
    demo.end("SIGINT");
    expect(await demo.ended).toBe(0);
  });
});
