import { expect, test } from "./fixtures";
import { everythingRuns, origins, pids } from "./stack";

/** PostgreSQL's fast shutdown; a few seconds later it is started again by whoever watches over it. */
const stopDatabase = () => process.kill(pids().postgres, "SIGINT");

test("the database stops during the one-time password: a clear page within 10 s, what was typed stays, nothing counts, and service comes back by itself", async ({ qa, pc }) => {
  await pc.login.open();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  const right = await qa.oneTimePassword("haruki");
  const servers = pids().servers;

  stopDatabase();
  await pc.oneTimePassword.present(right);
  const banner = pc.page.getByRole("alert").filter({ hasText: "OTP-901" });
  await expect(banner).toBeVisible({ timeout: 10_000 });
  await expect(pc.oneTimePassword.field("ワンタイムパスワード")).toHaveValue(right);

  await everythingRuns();
  expect(pids().servers).toEqual(servers);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0, password: 0, suspensions: 0, sessions: 0 });
  await pc.oneTimePassword.button("認証確認").click();
  await pc.top.shown();
});

test("the database stops during the password: 503 in words with and without script, no password counted, the session of somebody else lives on", async ({ qa, pc, otherPc, caller }) => {
  await otherPc.logIn(qa, "sakuro");
  await pc.login.open();
  stopDatabase();
  await expect.poll(async () => (await fetch(`${origins()[0]}/health/ready`)).status, { intervals: [50], timeout: 5_000 }).toBe(503);
  await pc.login.present("haruki", "wrong-password");
  await expect(pc.page.getByRole("alert").filter({ hasText: "OTP-901" })).toBeVisible({ timeout: 10_000 });
  await expect(pc.login.field("ログインID")).toHaveValue("haruki");

  await everythingRuns();
  expect(await qa.failures("haruki")).toMatchObject({ password: 0 });
  expect((await caller.password("haruki")).body).toMatchObject({ ok: true });
  await otherPc.top.open();
});

test("a form without script is told the same on a plain page", async ({ caller }) => {
  stopDatabase();
  await expect.poll(async () => (await fetch(`${origins()[0]}/health/ready`)).status, { intervals: [50], timeout: 5_000 }).toBe(503);
  const began = Date.now();
  const answer = await caller.post("/login/present", { loginId: "haruki", password: "Ichido-demo-2026" }, { accept: "text/html" });
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(answer.status).toBe(503);
  expect(answer.text).toContain("OTP-901");
  expect(answer.headers["retry-after"]).toBe("10");
  expect((await caller.get("/health/live")).status).toBe(200);
  await everythingRuns();
});

test("a database that neither answers nor refuses is a clear page within 10 s, too", async ({ qa, pc }) => {
  await pc.login.open();
  const [{ backends }] = await qa.sql<[{ backends: number[] }]>`select array_agg(pid) as backends from pg_stat_activity where backend_type = 'client backend'`;
  const frozen = [pids().postgres, ...backends];
  for (const pid of frozen) process.kill(pid, "SIGSTOP");
  try {
    const began = Date.now();
    await pc.login.present("haruki");
    await expect(pc.page.getByRole("alert").filter({ hasText: "OTP-901" })).toBeVisible({ timeout: 12_000 });
    expect(Date.now() - began).toBeLessThan(10_500);
  } finally {
    for (const pid of frozen) process.kill(pid, "SIGCONT");
  }
  await everythingRuns();
  await pc.login.present("haruki");
  await pc.oneTimePassword.shown();
  expect(await qa.failures("haruki")).toMatchObject({ password: 0 });
});

test("a server process killed -9 takes no session and no half-login along", async ({ qa, pc, otherPc }) => {
  await pc.logIn(qa, "haruki");
  await otherPc.login.open();
  await otherPc.login.present("sakuro");
  await otherPc.oneTimePassword.shown();
  const [killed] = pids().servers;
  process.kill(killed, "SIGKILL");
  await expect.poll(() => pids().servers[0], { timeout: 30_000 }).not.toBe(killed);
  await everythingRuns();
  await pc.top.open();
  await otherPc.oneTimePassword.present(await qa.oneTimePassword("sakuro"));
  await otherPc.top.shown();
});
