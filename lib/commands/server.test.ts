import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyLimitOf, fileBytes } from "../platform/body-limits.mjs";
import { clientAddress, isAnsweredHere, onLocalhost, pageOfId, requireLoopbackForQa, sayWhoAsks, trustedProxies } from "./server.mjs";

const proxies = trustedProxies("10.0.0.0/8, 192.0.2.7, 2001:db8::/32");

test.each([
  ["no proxy is trusted with what it says", "198.51.100.4", "203.0.113.9", "198.51.100.4"],
  ["a trusted proxy's word counts", "10.1.2.3", "203.0.113.9", "203.0.113.9"],
  ["only the right-most address nobody vouches for", "10.1.2.3", "1.1.1.1, 203.0.113.9, 192.0.2.7", "203.0.113.9"],
  ["what a client wrote left of it is ignored", "10.1.2.3", "evil, 127.0.0.1, 203.0.113.9", "203.0.113.9"],
  ["nonsense ends the reading", "10.1.2.3", "203.0.113.9, <script>", "10.1.2.3"],
  ["nothing forwarded: the proxy itself", "10.1.2.3", undefined, "10.1.2.3"],
  ["all of them proxies: the farthest", "10.1.2.3", "10.9.9.9", "10.9.9.9"],
  ["IPv4 in IPv6 clothes", "::ffff:10.1.2.3", "::ffff:203.0.113.9", "203.0.113.9"],
  ["IPv6", "2001:db8::1", "2001:470::5", "2001:470::5"],
])("%s", (_, peer, forwardedFor, expected) => {
  expect(clientAddress(peer, forwardedFor, proxies)).toBe(expected);
});

test.each<[string, Record<string, string>, object]>([
  ["nothing is claimed", { host: "localhost" }, { host: "localhost", "x-ichido-client": "127.0.0.1" }],
  ["our own headers are nobody's to send", { "x-ichido-client": "10.0.0.1", "x-ichido-request-id": "mine", "x-ichido-forwarded": "1" }, { "x-ichido-client": "127.0.0.1" }],
  ...["x-forwarded-for", "x-forwarded-proto", "x-real-ip", "forwarded"].map((name): [string, Record<string, string>, object] =>
    [`${name} tells that somebody stands between`, { [name]: "127.0.0.1" }, { "x-ichido-client": "127.0.0.1", "x-ichido-forwarded": "1" }]),
  ["so does via, which stays", { via: "1.1 proxy" }, { via: "1.1 proxy", "x-ichido-client": "127.0.0.1", "x-ichido-forwarded": "1" }],
])("%s", (_, headers, expected) => {
  sayWhoAsks(headers, "127.0.0.1", proxies);
  expect(headers).toEqual(expected);
});

test.each(["10.0.0.0/33", "example.jp", "10.0.0.0/x", "10.0.0/8"])("TRUSTED_PROXIES=%s is refused", (text) => {
  expect(() => trustedProxies(text)).toThrow("TRUSTED_PROXIES");
});

test("the page of one user is the same for every id; nothing else is answered with it", () => {
  const id = "0a9c851f-a541-4dba-a90e-221a378dc56e";
  expect(pageOfId(`/management/users/${id}`)).toBe("/management/users/-");
  expect(pageOfId(`/management/users/${id}?registered`)).toBe("/management/users/-?registered");
  expect(pageOfId(`/staff/users/${id}`)).toBe("/staff/users/-");
  expect(pageOfId("/staff/contracts/1000001?page=2")).toBe("/staff/contracts/-?page=2");
  expect(pageOfId("/staff/cases/A-0012")).toBe("/staff/cases/-");
  expect(pageOfId("/staff/cases/A-0012/receipt?x")).toBe("/staff/cases/-/receipt?x");
  for (const url of ["/staff/cases/new", "/staff/cases/state", "/staff/cases/A-0012/state", "/staff/cases/A-0012/receipt/state", "/staff/contracts/new", "/staff/contracts/state", "/staff/contracts/1000001/state"])
    expect(pageOfId(url)).toBe(url);
  for (const url of [`/management/users/${id}/state`, "/management/users/new", `/x/management/users/${id}`, `/management/users/${id}x`, "/management/users"]) expect(pageOfId(url)).toBe(url);
});

test("the QA build starts on loopback only", () => {
  const start = (host: string, publicOrigin?: string) => () => requireLoopbackForQa({ qa: true, host, publicOrigin });
  expect(start("127.0.0.1", "http://localhost:3000")).not.toThrow();
  expect(start("0.0.0.0")).toThrow("0.0.0.0");
  expect(start("127.0.0.1", "https://ib.example.jp")).toThrow("ib.example.jp");
  const withConsole = (staffHost: string) => () => requireLoopbackForQa({ qa: true, host: "127.0.0.1", staffHost });
  for (const own of ["localhost:3001", "counter.localhost:3000"]) expect(withConsole(own)).not.toThrow();
  expect(withConsole("counter.example.jp")).toThrow("counter.example.jp");
  expect(() => requireLoopbackForQa({ qa: false, host: "0.0.0.0", publicOrigin: "https://ib.example.jp" })).not.toThrow();
});

test("a demo asked for by number is found by name, on the same port; no other name is answered for", () => {
  expect(onLocalhost("127.0.0.1:3001", "/qa?a=b")).toBe("http://localhost:3001/qa?a=b");
  expect(onLocalhost("127.0.0.1", "/")).toBe("http://localhost/");
  for (const host of [undefined, "localhost:3000", "127.0.0.1:@evil.example", "127.0.0.1.evil.example", "127.0.0.12"]) expect(onLocalhost(host, "/qa")).toBeUndefined();
  expect(onLocalhost("127.0.0.1:3000", "@evil.example/")).toBeUndefined();
});

describe("where the counter console has a host of its own", () => {
  const staffHost = "counter.example.jp";
  const sides = (path: string | undefined, host = staffHost) => ({
    there: isAnsweredHere(path, host, staffHost), elsewhere: isAnsweredHere(path, "ib.example.jp", staffHost),
  });

  test.each([
    "/staff", "/staff/", "/staff/login", "/staff/login/present", "/staff?a=b", "/staff?/../login", "/staff#x", "/staff/cases/%E3%81%82-1%252", "/staff/cases/100%25", "/staff/contracts/1%2F2",
    "/%73taff", "/%73%74%61%66%66/login", "/%2573taff", "/STAFF", "/Staff/login", "/staff.rsc", "/staff.json?x", "/staff%2Flogin",
  ])("%s is the console's, and is answered there only", (path) => {
    expect(sides(path)).toEqual({ there: true, elsewhere: false });
  });

  test.each([
    "/", "/login", "/login?staff", "/staffing", "/staff-x", "/x/staff", "/management/users", "/authenticator", "/authenticator-sw.js", "/manifest.webmanifest", "/icons/icon-192.png",
    "/users-sample.csv", "/qa", "/qa/api/clock", "/institution.jsonx", "/_next", "/Health/ready", "/health", "/?/staff", "/#/staff", "/metrics",
  ])("%s is not, and is answered elsewhere only", (path) => {
    expect(sides(path)).toEqual({ there: false, elsewhere: true });
  });

  test.each(["/_next/static/chunks/a.js?dpl=1", "/_next/static/media/a%20b.woff2", "/institution.json", "/plain.css", "/favicon.ico", "/icon.svg", "/health/live", "/health/ready"])("%s is answered on both", (path) => {
    expect(sides(path)).toEqual({ there: true, elsewhere: true });
  });

  test.each([
    "/staff/..", "/staff/../login", "/login/../staff", "/./staff", "/login/..", "/staff/%2e%2e/login", "/login/%2E%2e%2fstaff", "/login/%252e%252e/staff", "/_next/static/../../staff", "/_next/static/%2e%2e%2f%2e%2e%2fstaff",
    "/health/../staff", "//staff", "//staff/login", "/x//staff", "/%2Fstaff", "/\\staff", "/%5Cstaff", "/x/..\\staff", "\\staff", "/sta\tff", "/sta%09ff", "/\u0000staff", "/%00staff", "/staff%", "/%zz", "/%C0%AEstaff",
    "http://counter.example.jp/staff", "http://ib.example.jp/login", "staff", "*", "", undefined, "/_next/data/build/staff.json", "/_next/image?url=%2Fstaff", "/_next/%64ata/build/staff.json", "/_next/webpack-hmr",
  ])("%j is answered nowhere", (path) => {
    expect(sides(path)).toEqual({ there: false, elsewhere: false });
  });

  test.each(["counter.example.jp", "COUNTER.Example.JP", "counter.example.jp.", "counter.example.jp:443", "Counter.example.jp.:443"])("Host: %s is that host", (host) => {
    expect(sides("/staff", host)).toEqual({ there: true, elsewhere: false });
    expect(sides("/login", host)).toEqual({ there: false, elsewhere: true });
  });

  test.each([
    undefined, "", "ib.example.jp", "counter.example.jp:80", "counter.example.jp:8443", "counter.example.jp:", "counter.example.jp..", "xcounter.example.jp", "counter.example.jp.evil.example", "counter.example.jp@evil.example",
    "counter.example.jp, ib.example.jp", "10.0.0.1", "[::1]:443",
  ])("Host: %j is another", (host) => {
    expect(isAnsweredHere("/staff", host, staffHost)).toBe(false);
    expect(isAnsweredHere("/login", host, staffHost)).toBe(true);
    expect(isAnsweredHere("/health/ready", host, staffHost)).toBe(true);
  });

  test("with a port of its own it is that port alone", () => {
    const on = (host: string) => isAnsweredHere("/staff", host, "localhost:3001");
    expect([on("localhost:3001"), on("LOCALHOST.:3001"), on("localhost:3000"), on("localhost")]).toEqual([true, true, false, false]);
  });

  // Next folds doubled slashes, resolves the path as a URL and decodes it once; whatever that makes a path of the console is not answered elsewhere.
  test("no spelling of a console's path gets past", () => {
    const pieces = ["staff", "STAFF", "sta", "ff", "/", "/", "//", "\\", ".", "..", "%2e", "%2F", "%5c", "%73taff", "%2573", "login", "?", "#", "%", "\t", " ", ";", "@", ":"];
    fc.assert(fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
      const path = `/${parts.join("")}`;
      const folded = path.replace(/^[^?#]*/, (sent) => sent.replace(/\\/g, "/").replace(/\/\/+/g, "/"));
      const routed = [path, folded].flatMap((text) => URL.canParse(text, "http://next") ? [new URL(text, "http://next").pathname] : []).map((text) => {
        try { return decodeURIComponent(text); } catch { return text; }
      });
      if (routed.some((text) => /^\/+staff(\/|$)/.test(text))) expect([path, sides(path).elsewhere]).toEqual([path, false]);
      else if (sides(path).elsewhere) expect(sides(path).there).toBe(false);
    }), { numRuns: 20_000 });
  });

  test("without such a host everything is answered everywhere", () => {
    for (const path of ["/staff", "/login", "//staff", "/%", "/staff/.."]) for (const host of [undefined, "ib.example.jp"]) expect(isAnsweredHere(path, host, undefined)).toBe(true);
  });
});

test("only the two doors of a CSV file take more than 64 kB, by their exact paths", () => {
  for (const path of ["/management/users/import/check", "/management/users/import/register?a=b"]) expect(bodyLimitOf(path)).toBeGreaterThan(fileBytes);
  for (const path of [undefined, "/", "/login/present", "/management/users/import", "/management/users/import/check/", "//management/users/import/check", "/management/users/import/%63heck",
    "/Management/users/import/check", "/login/present?/management/users/import/check", "/login/present#/management/users/import/check", "http://localhost/management/users/import/check"])
    expect([path, bodyLimitOf(path)]).toEqual([path, 64 * 1024]);
});
