import { expect, test } from "vitest";
import { sessionCookie, sessionSecretOf } from "@/lib/login/session-cookie";
import { staffSecretOf, staffSessionCookie } from "./session";

const withCookie = (cookie: string) => new Request("http://localhost:3000/", { headers: { cookie: cookie.split(";")[0]! } });

test("a cookie opens for whom it was made", async () => {
  expect(await sessionSecretOf(withCookie(await sessionCookie("a")))).toBe("a");
  expect(await staffSecretOf(withCookie(await staffSessionCookie("b")))).toBe("b");
});

test("a customer's cookie does not open as a staff session, nor the reverse", async () => {
  expect(await staffSecretOf(withCookie((await sessionCookie("a")).replace("-session", "-staff-session")))).toBeUndefined();
  expect(await sessionSecretOf(withCookie((await staffSessionCookie("b")).replace("-staff-session", "-session")))).toBeUndefined();
});
