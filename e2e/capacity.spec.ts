import { request as send } from "node:http";
import { expect, test } from "./fixtures";
import { loginPassword } from "./qa";
import { everythingRuns, origins, pids } from "./stack";

type Answered = { status: number; retryAfter?: string; cookies: string[]; body: { ok?: boolean; go?: string; refusal?: { code: string; what: string } } };

/** One request on a connection of its own, as a proxy opens it. */
const ask = (origin: string, method: "GET" | "POST", path: string, { form, cookie = "" }: { form?: Record<string, string>; cookie?: string } = {}): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { port, host } = new URL(origin);
    const request = send({ host: "127.0.0.1", port, method, path, agent: false, headers: { host, origin, accept: "application/json", cookie, ...(form && { "content-type": "application/x-www-form-urlencoded" }) } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => { text += part; }).on("error", reject).on("end", () => {
        const cookies = (response.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]!);
        resolve({ status: response.statusCode!, retryAfter: response.headers["retry-after"], cookies, body: JSON.parse(text) as Answered["body"] });
      });
    });
    request.on("error", reject).end(form && new URLSearchParams(form).toString());
  });

/** As a proxy does: it looks often who is ready, and sends a request once, to one of those. */
function startProxy() {
  const ready = new Set(origins());
  const look = async (origin: string) => (await fetch(`${origin}/health/ready`, { headers: { connection: "close" } }).then(({ status }) => status === 200, () => false) ? ready.add(origin) : ready.delete(origin));
  const timer = setInterval(() => origins().forEach((origin) => void look(origin)), 250);
  return {
    get: (path: string, cookie: string) => ask([...ready][0]!, "GET", path, { cookie }),
    post: (path: string, form: Record<string, string>, cookie?: string) => ask([...ready][0]!, "POST", path, { form, cookie }),
    stop: () => clearInterval(timer),
  };
}

test("both processes are replaced, one after the other, while people log in: nobody fails, and a session from before goes on", { tag: "@alone" }, async ({ qa, pc }) => {
  test.setTimeout(120_000);
  await pc.logIn(qa, "sakuro");
  const session = await pc.caller.cookies();
  let over = false;
  let logins = 0;
  const proxy = startProxy();
  /** With a one-time password, or, at a contract without the service, with the login password alone. */
  const logIn = async (loginId: string, oneTimePassword?: () => Promise<string>) => {
    const first = await proxy.post("/login/present", { loginId, password: loginPassword });
    expect(first).toMatchObject({ status: 200, body: { ok: true } });
    if (oneTimePassword) {
      const second = await proxy.post("/login/one-time-password/present", { oneTimePassword: await oneTimePassword() }, first.cookies.join("; "));
      expect(second).toMatchObject({ status: 200, body: { ok: true, go: "/" } });
    }
    logins += 1;
  };
  /** QA's own route is asked of one process, which may be the one that is away. */
  const oneTimePassword = async () => {
    let shown = "";
    await expect(async () => { shown = await qa.oneTimePassword("haruki"); }).toPass({ timeout: 30_000 });
    return shown;
  };
  const people = [
    async () => { while (!over) await logIn("haruki", oneTimePassword); },
    async () => { while (!over) await logIn("mihon"); },
    async () => { while (!over) expect((await proxy.get("/state", session)).status).toBe(200); },
  ].map((person) => person());

  for (const place of [0, 1] as const) {
    const before = pids().servers[place];
    const known = logins;
    await expect.poll(() => logins).toBeGreaterThan(known + 2);
    process.kill(before, "SIGTERM");
    await expect.poll(() => pids().servers[place], { timeout: 40_000 }).not.toBe(before);
    await everythingRuns();
  }
  over = true;
  await Promise.all(people);
  proxy.stop();
  await pc.top.open();
});

test("beyond capacity a login is told so politely, with when to come back, while who is logged in goes on; afterwards everybody is let in", { tag: "@alone" }, async ({ qa, pc }) => {
  const [origin] = origins();
  await pc.logIn(qa, "haruki");
  const cookie = await pc.caller.cookies();
  const flood = Array.from({ length: 500 }, (_, index) => ask(origin, "POST", "/login/present", { form: { loginId: `nobody${index}`, password: loginPassword } }));
  const during = await Promise.all(Array.from({ length: 5 }, () => ask(origin, "GET", "/state", { cookie })));
  expect(during.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  const answers = await Promise.all(flood);
  const [evaluated, turnedAway] = [answers.filter(({ body }) => body.refusal?.code === "OTP-101"), answers.filter(({ status }) => status === 503)];
  expect(evaluated.length + turnedAway.length).toBe(500);
  expect(evaluated.length).toBeGreaterThan(100);
  expect(turnedAway.length).toBeGreaterThan(100);
  for (const { retryAfter, body } of turnedAway) expect([retryAfter, body.refusal]).toMatchObject(["10", { code: "OTP-902", what: "ただいま混み合っています。" }]);
  expect((await ask(origin, "POST", "/login/present", { form: { loginId: "haruki", password: loginPassword } })).body).toMatchObject({ ok: true });
});
