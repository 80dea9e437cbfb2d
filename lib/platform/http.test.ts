import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { Unavailable } from "./database";
import { Overloaded } from "./gate";
import { get, NotAllowed, post } from "./http";
import { log } from "./log";

const fields = z.object({ oneTimePassword: z.string({ error: "入力してください。" }).max(100) });
const echo = post({ fields, back: "/login" }, async ({ input }) => ({ go: "/", extras: { got: input.oneTimePassword }, cookies: ["a=1; Path=/"] }));

const request = (body: BodyInit | undefined, headers: Record<string, string> = {}) =>
  new Request("http://evil.example/login/present", {
    method: "POST", body,
    headers: { origin: "http://localhost:3000", accept: "application/json", "content-type": "application/x-www-form-urlencoded", ...headers },
  });
const answer = async (response: Response) => ({ status: response.status, body: await response.json() as { ok: boolean; got?: string; refusal?: { code: string }; fields?: object } });

describe("where a POST may come from", () => {
  test("our own origin, by configuration and not by the request's host", async () => {
    expect((await echo(request("oneTimePassword=123456"))).status).toBe(200);
    expect((await echo(request("oneTimePassword=123456", { origin: "http://evil.example" }))).status).toBe(403);
  });
  test.each([["null"], ["https://localhost:3000"], ["http://localhost:3001"], ["http://localhost:3000.evil.example"], [""]])("%j is refused", async (origin) => {
    expect(await answer(await echo(request("oneTimePassword=1", { origin })))).toMatchObject({ status: 403, body: { refusal: { code: "OTP-903" } } });
  });
  test("a request without an origin is refused", async () => {
    const bare = request("oneTimePassword=1");
    bare.headers.delete("origin");
    expect((await echo(bare)).status).toBe(403);
  });
});

describe("what a POST may hold", () => {
  test.each([["text/plain"], ["multipart/form-data; boundary=x"], ["application/json"], ["application/x-www-form-urlencodedx"]])("%s is not read", async (type) => {
    expect(await answer(await echo(request("oneTimePassword=123456", { "content-type": type })))).toMatchObject({ status: 415 });
  });
  test("more than 16 kB is refused", async () => {
    expect(await answer(await echo(request(`oneTimePassword=${"1".repeat(20_000)}`)))).toMatchObject({ status: 413, body: { refusal: { code: "OTP-905" } } });
  });
  test("a missing field, a field twice and a field in brackets are the same field error", async () => {
    for (const body of ["", "oneTimePassword=1&oneTimePassword=2", "oneTimePassword[]=1", "oneTimePassword.x=1"])
      expect(await answer(await echo(request(body)))).toMatchObject({ status: 422, body: { fields: { oneTimePassword: "入力してください。" } } });
  });
  test("thousands of fields take no longer than their size", async () => {
    const body = Array.from({ length: 4_000 }, (_, index) => index.toString(36)).join("&");
    const begun = performance.now();
    expect((await echo(request(body))).status).toBe(422);
    expect(performance.now() - begun).toBeLessThan(150);
  });
  test("what it is not asked for is not there", async () => {
    const seen = post({ fields, back: "/" }, async ({ input }) => ({ go: "/", extras: { keys: Object.keys(input) } }));
    expect(await (await seen(request("oneTimePassword=1&userId=2&userClass=master&__proto__=x"))).json()).toMatchObject({ keys: ["oneTimePassword"] });
  });
});

describe("the answer", () => {
  test("with script JSON, without script 303 to a path of ours, and kept by nobody", async () => {
    const json = await echo(request("oneTimePassword=123456"));
    expect(await json.json()).toEqual({ ok: true, go: "/", got: "123456" });
    expect(json.headers.get("cache-control")).toBe("no-store");
    const plain = await echo(request("oneTimePassword=123456", { accept: "text/html" }));
    expect([plain.status, plain.headers.get("location"), plain.headers.get("set-cookie")]).toEqual([303, "/", "a=1; Path=/"]);
  });
  test("without script a refusal is a page of words that leads back", async () => {
    const refusing = post({ fields, back: "/login" }, async () => ({ refusal: { reason: "wrong_id_or_password" } }));
    const response = await refusing(request("oneTimePassword=1", { accept: "text/html" }));
    const html = await response.text();
    expect(response.status).toBe(401);
    expect(html).toContain("OTP-101");
    expect(html).toContain('href="/login"');
  });
  test("what is wrong is said once a field, in the order of the fields", async () => {
    const several = post({ fields: z.object({ first: z.string("一").min(3, "一短").regex(/x/, "一x"), second: z.string("二"), third: z.string("三") }), back: "/" }, async () => ({ go: "/" }));
    expect(JSON.stringify((await answer(await several(request("first=a")))).body.fields)).toBe(JSON.stringify({ first: "一短", second: "二", third: "三" }));
  });
  test("text from outside is text", async () => {
    const strict = post({ fields: z.object({ name: z.string().refine(() => false, { error: (issue) => `${String(issue.input)} は使えません。` }) }), back: "/" }, async () => ({ go: "/" }));
    expect(await (await strict(request("name=<script>alert(1)</script>", { accept: "text/html" }))).text()).not.toContain("<script>");
  });
});

describe("what goes wrong", () => {
  const failing = (error: Error) => post({ fields, back: "/login" }, async () => { throw error; });
  test.each([
    [new Unavailable("late"), 503, "OTP-901"],
    [Object.assign(new Error("Failed query: select secret"), { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) }), 503, "OTP-901"],
    [Object.assign(new Error("Failed query: select secret"), { cause: Object.assign(new Error(), { code: "57P01" }) }), 503, "OTP-901"],
    [new Overloaded("full"), 503, "OTP-902"],
    [new Error("a defect with a secret"), 500, "OTP-900"],
    [new NotAllowed({ reason: "not_logged_in" }), 401, "OTP-111"],
  ])("%s", async (error, status, code) => {
    const response = await failing(error)(request("oneTimePassword=1"));
    const text = await response.clone().text();
    expect(await answer(response)).toMatchObject({ status, body: { ok: false, refusal: { code } } });
    expect(text).not.toContain("secret");
    expect(response.headers.get("retry-after")).toBe(status === 503 ? "10" : null);
  });
  test("who is turned away leaves a line in the log: from where, with which code, and nothing that was sent", async () => {
    const info = vi.spyOn(log(), "info");
    await echo(request("oneTimePassword=123456", { origin: "http://evil.example", "x-ichido-client": "198.51.100.7" }));
    await failing(new NotAllowed({ reason: "not_logged_in" }))(request("oneTimePassword=123456"));
    expect(info.mock.calls.map(([line]) => (line as { code: string }).code)).toEqual(["OTP-903", "OTP-111"]);
    expect(info.mock.calls[0]![0]).toMatchObject({ network: "198.51.100.7" });
    expect(JSON.stringify(info.mock.calls)).not.toContain("123456");
  });
  test("a state route that may not answer says where to go", async () => {
    const response = await get(async () => { throw new NotAllowed({ reason: "session_replaced" }); })(new Request("http://localhost/state"));
    expect(await answer(response)).toMatchObject({ status: 401, body: { refusal: { go: "/login?ended=replaced" } } });
  });
});
