import { request as httpRequest } from "node:http";
import { expect, test } from "@playwright/test";

const port = (baseURL: string | undefined) => Number(new URL(baseURL!).port);

const shells = [
  "/login", "/login/one-time-password", "/token/issuance", "/token/confirmation", "/", "/password/change", "/management", "/management/one-time-password", "/management/suspensions", "/management/suspensions/result", "/management/tokens", "/management/tokens/result", "/management/users", "/management/users/00000000-0000-4000-8000-000000000000", "/management/history", "/settings", "/settings/confirmation-password", "/settings/passkeys/required", "/management/users/new", "/management/users/import", "/accessibility", "/authenticator", "/authenticator/start", "/qa", "/no-such-page",
];

for (const path of shells) {
  test(`${path}: one policy without unsafe-inline, and the browser finds nothing against it`, async ({ page }) => {
    const violations: string[] = [];
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) violations.push(message.text());
    });
    const response = await page.goto(path);
    await page.waitForFunction(() => Object.keys(document.querySelector("h1") ?? {}).some((name) => name.startsWith("__reactFiber"))); // React has taken the page over
    const headers = (await response!.headersArray()).map(({ name, value }) => [name.toLowerCase(), value] as const);
    const values = (name: string) => headers.filter(([one]) => one === name).map(([, value]) => value);

    expect(values("content-security-policy")).toHaveLength(1);
    expect(values("content-security-policy")[0]).toContain("frame-ancestors 'self'"); // the QA build's own; production says 'none'
    expect(values("content-security-policy")[0]).not.toContain("unsafe");
    expect(values("strict-transport-security")[0]).toMatch(/max-age=(\d{8,}); includeSubDomains/);
    expect(values("x-content-type-options")).toEqual(["nosniff"]);
    expect(values("referrer-policy")).toEqual(["same-origin"]);
    expect(values("cross-origin-opener-policy")).toEqual(["same-origin"]);
    expect(values("cross-origin-resource-policy")).toEqual(["same-origin"]);
    expect(values("x-powered-by")).toEqual([]);
    expect(values("cache-control")[0]).toContain(path.startsWith("/authenticator") ? "no-cache" : "no-store");
    expect(violations).toEqual([]);
  });
}

test("/metrics answers this machine, and nobody for whom a proxy asks or who asks by another name", async ({ request, baseURL }) => {
  await request.get("/login");
  const own = await request.get("/metrics");
  expect([own.status(), own.headers()["content-type"], own.headers()["cache-control"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8", "no-store"]);
  expect(await own.text()).toMatch(/^ichido_request_seconds_count\{group="login",status="2xx"\} \d+$/m);
  const others: Record<string, string>[] = [{ "X-Forwarded-For": "198.51.100.4" }, { "X-Ichido-Client": "127.0.0.1", Forwarded: "for=127.0.0.1" }, { Host: `ib.example.jp:${port(baseURL)}` }];
  for (const headers of others) {
    const answer = await request.get("/metrics", { headers });
    expect([headers, answer.status(), await answer.text()]).toEqual([headers, 404, "Not Found\n"]);
  }
});

test("a body over 64 kB is refused, and so is one of unknown length", async ({ baseURL, request }) => {
  const large = await request.post("/login/present", { data: "a".repeat(64 * 1024 + 1), headers: { "Content-Type": "application/x-www-form-urlencoded" } });
  expect(large.status()).toBe(413);
  const chunked = await new Promise<number | undefined>((resolve, reject) => {
    const post = httpRequest({ port: port(baseURL), host: "127.0.0.1", path: "/login/present", method: "POST" }, (response) => resolve(response.statusCode));
    post.on("error", reject).write("loginId=haruki");
    post.end();
  });
  expect(chunked).toBe(411);
});

test("a CSV file's door takes 1 MB, and no more", async ({ baseURL, request }) => {
  const large = await request.post("/management/users/import/check", {
    headers: { origin: baseURL! }, multipart: { file: { name: "users.csv", mimeType: "text/csv", buffer: Buffer.alloc(1024 * 1024, "a") } },
  });
  expect(large.status()).toBe(401); // read, and nobody is logged in
  const announced = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { "content-length": 1024 * 1024 + 16 * 1024 + 1 };
    httpRequest({ port: port(baseURL), host: "127.0.0.1", path: "/management/users/import/check", method: "POST", headers }, (response) => resolve(response.statusCode))
      .on("error", reject).flushHeaders();
  });
  expect(announced).toBe(413);
});

test("127.0.0.1 leads to localhost, so that a demo has one set of cookies", async ({ baseURL, request }) => {
  const response = await request.get(`http://127.0.0.1:${port(baseURL)}/login?ended=logout`, { maxRedirects: 0 });
  expect(response.status()).toBe(307);
  expect(response.headers().location).toBe(`${baseURL}/login?ended=logout`);
});

test("a page's files: compressed where that helps, for a year, under the same headers as Next's, and not sent twice", async ({ request }) => {
  const html = await (await request.get("/login")).text();
  const first = (pattern: RegExp, text: string) => pattern.exec(text)![0];
  const [script, styles] = [first(/\/_next\/static\/[^"\\]+\.js/, html), first(/\/_next\/static\/[^"\\]+\.css/, html)];
  const font = `/_next/static/media/${first(/[^/()"]+\.woff2/, await (await request.get(styles)).text())}`;
  for (const [file, type, compressed] of [[script, "application/javascript", true], [styles, "text/css", true], [font, "font/woff2", false]] as const) {
    const ask = (headers: Record<string, string>) => request.get(file, { headers });
    const [smallest, small, plain, ofNext] = await Promise.all([ask({ "accept-encoding": "gzip, br" }), ask({ "accept-encoding": "gzip, br;q=0" }), ask({ "accept-encoding": "identity, gzip;q=0" }), ask({ "accept-encoding": "identity", "if-none-match": '"another"' })]);
    expect([file, ...[smallest, small, plain].map((answer) => answer.headers()["content-encoding"])]).toEqual([file, ...(compressed ? ["br", "gzip"] : [undefined, undefined]), undefined]);
    for (const answer of [smallest, small, plain]) expect(await answer.body()).toEqual(await ofNext.body());
    const lasting = (answer: typeof plain) => Object.fromEntries(Object.entries(answer.headers()).filter(([name]) => !["date", "connection", "keep-alive", "transfer-encoding", "content-length", "vary"].includes(name)));
    expect(lasting(plain)).toEqual(lasting(ofNext));
    expect(plain.headers()).toMatchObject({ "content-type": expect.stringContaining(type), "cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff" });
    for (const answer of [smallest, small, plain]) expect(answer.headers().vary ?? "").toBe(compressed ? "Accept-Encoding" : "");
    expect((await ask({ "if-none-match": plain.headers().etag! })).status()).toBe(304);
  }
});

test("a page is compressed", async ({ request }) => {
  const response = await request.get("/login", { headers: { "accept-encoding": "gzip, br" } });
  expect(response.headers()).toMatchObject({ "content-encoding": "br", vary: expect.stringContaining("Accept-Encoding") });
});

test("two fonts bring every sentence; a character that none of them has brings a file of its own", async ({ page }) => {
  const fonts: string[] = [];
  page.on("requestfinished", (finished) => { if (finished.resourceType() === "font") fonts.push(finished.url().split("/").at(-1)!); });
  await page.goto("/login");
  await expect.poll(() => page.evaluate(() => document.fonts.size)).toBeGreaterThan(100); // those of the rarer characters are known
  await expect.poll(() => fonts.map((file) => file.split(".")[0]).sort()).toEqual(["bold", "regular"]);
  await page.getByRole("heading", { level: 1 }).evaluate((heading) => { heading.textContent += "髙"; });
  await expect.poll(() => fonts.slice(2).map((file) => file.split(".")[0])).toEqual([expect.stringMatching(/^noto-sans-jp-\d+-wght-normal$/)]);
});

test("images are not optimised here", async ({ request }) => {
  expect((await request.get("/_next/image?url=%2Ficon.png&w=64&q=75")).status()).toBe(404);
});
