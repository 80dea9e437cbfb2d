import { expect, test } from "vitest";
import { bodyLimitOf, fileBytes } from "../platform/body-limits.mjs";
import { clientAddress, onLocalhost, pageOfId, requireLoopbackForQa, trustedProxies } from "./server.mjs";

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

test.each(["10.0.0.0/33", "example.jp", "10.0.0.0/x", "10.0.0/8"])("TRUSTED_PROXIES=%s is refused", (text) => {
  expect(() => trustedProxies(text)).toThrow("TRUSTED_PROXIES");
});

test("the page of one user is the same for every id; nothing else is answered with it", () => {
  const id = "0a9c851f-a541-4dba-a90e-221a378dc56e";
  expect(pageOfId(`/management/users/${id}`)).toBe("/management/users/-");
  expect(pageOfId(`/management/users/${id}?registered`)).toBe("/management/users/-?registered");
  for (const url of [`/management/users/${id}/state`, "/management/users/new", `/x/management/users/${id}`, `/management/users/${id}x`, "/management/users"]) expect(pageOfId(url)).toBe(url);
});

test("the QA build starts on loopback only", () => {
  const start = (host: string, publicOrigin?: string) => () => requireLoopbackForQa({ qa: true, host, publicOrigin });
  expect(start("127.0.0.1", "http://localhost:3000")).not.toThrow();
  expect(start("0.0.0.0")).toThrow("0.0.0.0");
  expect(start("127.0.0.1", "https://ib.example.jp")).toThrow("ib.example.jp");
  expect(() => requireLoopbackForQa({ qa: false, host: "0.0.0.0", publicOrigin: "https://ib.example.jp" })).not.toThrow();
});

test("a demo asked for by number is found by name, on the same port; no other name is answered for", () => {
  expect(onLocalhost("127.0.0.1:3001", "/qa?a=b")).toBe("http://localhost:3001/qa?a=b");
  expect(onLocalhost("127.0.0.1", "/")).toBe("http://localhost/");
  for (const host of [undefined, "localhost:3000", "127.0.0.1:@evil.example", "127.0.0.1.evil.example", "127.0.0.12"]) expect(onLocalhost(host, "/qa")).toBeUndefined();
  expect(onLocalhost("127.0.0.1:3000", "@evil.example/")).toBeUndefined();
});

test("only the two doors of a CSV file take more than 64 kB, by their exact paths", () => {
  for (const path of ["/management/users/import/check", "/management/users/import/register?a=b"]) expect(bodyLimitOf(path)).toBeGreaterThan(fileBytes);
  for (const path of [undefined, "/", "/login/present", "/management/users/import", "/management/users/import/check/", "//management/users/import/check", "/management/users/import/%63heck",
    "/Management/users/import/check", "/login/present?/management/users/import/check", "/login/present#/management/users/import/check", "http://localhost/management/users/import/check"])
    expect([path, bodyLimitOf(path)]).toEqual([path, 64 * 1024]);
});
