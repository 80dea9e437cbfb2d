import { Caller, type Answered } from "./caller";
import { expect, test } from "./fixtures";
import { everythingRuns, origins, pids } from "./stack";

// Two server processes on one database; every request of a race is under way at the same time.

const path = "/login/one-time-password/present";

/** `count` requests at once, every other one to the other process; a request that a killed process took along is undefined. */
async function race(cookie: string, count: number, password: (index: number) => string): Promise<(Answered | undefined)[]> {
  const callers = await Promise.all(origins().map((origin) => Caller.at(origin))); // cookies do not know the port: one browser at both
  const answers = await Promise.all(Array.from({ length: count }, (_, index) =>
    callers[index % 2]!.post(path, { oneTimePassword: password(index) }, { cookie }).catch(() => undefined)));
  await Promise.all(callers.map(({ request }) => request.dispose()));
  return answers;
}

const letIn = (answers: (Answered | undefined)[]) => answers.filter((answer) => answer?.body.ok);

async function halfLogin(loginId: string): Promise<string> {
  const caller = await Caller.at(origins()[0]);
  expect((await caller.password(loginId)).body).toMatchObject({ ok: true, go: "/login/one-time-password" });
  const cookie = await caller.cookies();
  await caller.request.dispose();
  return cookie;
}

/** One process is gone at once, as by a power cut, while requests are under way; it comes back by itself. */
const killSoon = (process_: 0 | 1, milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(() => {
    process.kill(pids().servers[process_], "SIGKILL");
    resolve();
  }, milliseconds));

test("50 parallel requests with the same right one-time password: one is let in, nobody is suspended", async ({ qa }) => {
  const cookie = await halfLogin("haruki");
  const right = await qa.oneTimePassword("haruki");
  const answers = await race(cookie, 50, () => right);
  expect(letIn(answers)).toHaveLength(1);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0, suspensions: 0, sessions: 1 });
  expect(await qa.events("one_time_password.accepted", "haruki")).toBe(1);
});

test("50 parallel wrong ones count exactly five; the right one after them is refused", async ({ qa }) => {
  const cookie = await halfLogin("haruki");
  const right = await qa.oneTimePassword("haruki");
  const wrong = await Promise.all(Array.from({ length: 50 }, (_, index) => qa.wrongPassword("haruki", index + 1)));
  const answers = await race(cookie, 50, (index) => wrong[index]!);
  expect(letIn(answers)).toHaveLength(0);
  expect(answers.filter((answer) => answer?.body.refusal?.code === "OTP-106")).toHaveLength(1);
  expect(await qa.events("one_time_password.refused", "haruki")).toBe(5);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 5, suspensions: 1, sessions: 0 });

  const late = await race(cookie, 2, () => right);
  expect(late.map((answer) => answer?.body.ok)).toEqual([false, false]);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 5, suspensions: 1, sessions: 0 });
});

test("right and wrong ones at once: whoever is let in was let in before the fifth wrong one, and never twice", async ({ qa }) => {
  const cookie = await halfLogin("haruki");
  const right = await qa.oneTimePassword("haruki");
  const wrong = await Promise.all(Array.from({ length: 40 }, (_, index) => qa.wrongPassword("haruki", index + 1)));
  const answers = await race(cookie, 40, (index) => (index % 10 === 5 ? right : wrong[index]!));
  const { suspensions, sessions } = await qa.failures("haruki");
  expect(suspensions + sessions).toBe(1);
  expect(letIn(answers)).toHaveLength(sessions);
});

test("the password was right before the suspension: its half-login is worth nothing after it, and a right password is refused", async ({ qa, caller }) => {
  const cookie = await halfLogin("haruki");
  const right = await qa.oneTimePassword("haruki");
  await qa.sql`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id = 'haruki'`;
  const answers = await race(cookie, 4, () => right);
  expect(answers.map((answer) => answer?.body.refusal?.code)).toEqual(["OTP-106", "OTP-106", "OTP-106", "OTP-106"]);
  expect((await caller.password("haruki")).body.refusal?.code).toBe("OTP-106");
  expect(await qa.events("one_time_password.accepted", "haruki")).toBe(0);
  expect(await qa.failures("haruki")).toMatchObject({ sessions: 0 });
});

test("parallel password steps leave one half-login, and the others' cookies are worth nothing", async ({ qa }) => {
  const cookies = await Promise.all(Array.from({ length: 8 }, () => halfLogin("haruki")));
  const right = await qa.oneTimePassword("haruki");
  const answers = (await Promise.all(cookies.map((cookie) => race(cookie, 2, () => right)))).flat();
  expect(letIn(answers)).toHaveLength(1);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 0, suspensions: 0, sessions: 1 });
});

test("a process killed -9 among 50 right ones: at most one was let in, and the password is spent or free, never both", async ({ qa }) => {
  const cookie = await halfLogin("haruki");
  const right = await qa.oneTimePassword("haruki");
  const [answers] = await Promise.all([race(cookie, 50, () => right), killSoon(1, 15)]);
  await everythingRuns();
  const again = await race(cookie, 4, () => right);
  const { sessions, suspensions, oneTimePassword } = await qa.failures("haruki");
  expect({ sessions, suspensions, oneTimePassword }).toEqual({ sessions: 1, suspensions: 0, oneTimePassword: 0 });
  expect(await qa.events("one_time_password.accepted", "haruki")).toBe(1);
  expect(letIn([...answers, ...again]).length).toBeLessThanOrEqual(1); // the killed process may have taken the one answer along
});

test("a process killed -9 among wrong ones: the count survives it, the fifth suspends, the right one after it is refused", async ({ qa }) => {
  const cookie = await halfLogin("haruki");
  const right = await qa.oneTimePassword("haruki");
  const wrong = await Promise.all(Array.from({ length: 50 }, (_, index) => qa.wrongPassword("haruki", index + 1)));
  await race(cookie, 3, (index) => wrong[index]!);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 3, suspensions: 0 });
  const [answers] = await Promise.all([race(cookie, 50, (index) => wrong[index]!), killSoon(0, 15)]);
  await everythingRuns();
  const late = await race(cookie, 4, () => right);
  expect(letIn([...answers, ...late])).toHaveLength(0);
  expect(await qa.events("one_time_password.refused", "haruki")).toBe(5);
  expect(await qa.failures("haruki")).toMatchObject({ oneTimePassword: 5, suspensions: 1, sessions: 0 });
});
