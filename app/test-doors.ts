import { globSync } from "node:fs";
import { eq } from "drizzle-orm";
import { sessions, suspensions, users } from "@/drizzle/schema";
import { loginPassword } from "@/lib/demo/cast.qa";
import { person } from "@/lib/login/test-person";
import { database } from "@/lib/platform/database";

/* For tests: the route handlers of the tree, called as a browser would. */

type Handler = (request: Request, place?: { params: Promise<Record<string, string>> }) => Promise<Response> | Response;
export type Method = "GET" | "POST";
export type Form = Record<string, string> | FormData;

export const origin = "http://localhost:3000";

/** Every route handler of the tree but the QA build's, as paths; a dynamic folder stands in brackets. */
export const pathsOfTheTree = (): string[] =>
  globSync("app/**/route.ts").filter((file) => !file.includes("/qa/")).map((file) => file.replace(/^app/, "").replace("/(customer)", "").replace("/route.ts", "")).sort();

/** 操作履歴照会 is everybody's: managers see the company, others themselves. */
export const isManagersOnly = (path: string): boolean => path.startsWith("/management") && !path.startsWith("/management/history");

/** The counter console's, which customers never see. */
export const isStaffs = (path: string): boolean => path.startsWith("/staff");

async function load(path: string, method: Method): Promise<Handler> {
  const file = path === "/" ? "state" : path;
  const candidates = [`./(customer)${file}/route.ts`, `.${file}/route.ts`];
  const modules = import.meta.glob("./**/route.ts");
  const found = candidates.find((candidate) => modules[candidate]);
  return ((await modules[found!]!()) as Record<string, Handler>)[method]!;
}

/** `id` takes the place of a dynamic folder, whatever its name. A FormData is sent as a form with a file is. */
export async function call(path: string, method: Method, cookie: string, form: Form = {}, { id = "", query = "" } = {}) {
  const handler = await load(path, method);
  const multipart = form instanceof FormData;
  return handler(new Request(origin + path.replace(/\[\w+\]/, id || "-") + query, {
    method,
    headers: { cookie, origin, accept: "application/json", "user-agent": "test", ...(!multipart && { "content-type": "application/x-www-form-urlencoded" }) },
    body: method === "GET" ? undefined : multipart ? form : new URLSearchParams(form),
  }), { params: Promise.resolve({ id, number: id }) });
}

export type Answered = {
  ok?: boolean; go?: string; refusal?: { code: string; what: string; attemptsLeft?: number }; fields?: Record<string, string>;
  users?: { id: string; loginId: string }[]; total?: number; [more: string]: unknown;
};
export const answerOf = async (response: Response) => (await response.json()) as Answered;

export const cookiesOf = (response: Response) => response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!).filter((pair) => !pair.endsWith("="));
export const named = (cookies: string[], name: string) => cookies.find((cookie) => cookie.startsWith(`__Host-ichido-${name}`)) ?? "";

export async function halfLoginOf(loginId: string) {
  const response = await call("/login/present", "POST", "", { loginId, password: loginPassword });
  return named(cookiesOf(response), "half-login");
}

/** The cookie of a whole login: with a one-time password where the contract has applied, with the password alone where not. */
export async function sessionOf(loginId: string) {
  const response = await call("/login/present", "POST", "", { loginId, password: loginPassword });
  const session = named(cookiesOf(response), "session");
  if (session) return session;
  const presented = await person(loginId).presentDigits();
  return named(cookiesOf(await call("/login/one-time-password/present", "POST", named(cookiesOf(response), "half-login"), { oneTimePassword: presented })), "session");
}

export type Visitor =
  | "nobody" | "half-login" | "flipped session" | "ended session" | "temporary password" | "passkey to register" | "general user" | "suspended manager" | "other company's manager" | "manager";

/** `haruki` unless the visitor is somebody else by nature. */
export async function cookieOf(visitor: Visitor): Promise<string> {
  switch (visitor) {
    case "nobody": return "";
    case "half-login": return halfLoginOf("haruki");
    case "manager": return sessionOf("haruki");
    case "other company's manager": return sessionOf("mihon");
    case "flipped session": {
      const cookie = await sessionOf("haruki");
      const at = cookie.length - 20;
      return cookie.slice(0, at) + (cookie[at] === "A" ? "B" : "A") + cookie.slice(at + 1);
    }
    case "ended session": {
      const cookie = await sessionOf("haruki");
      await database().update(sessions).set({ endedAt: new Date(), endedBecause: "revoked" });
      return cookie;
    }
    case "temporary password":
    case "passkey to register": {
      const cookie = await sessionOf("haruki");
      await database().update(sessions).set({ level: visitor === "temporary password" ? "password_change" : "passkey_registration" }).where(eq(sessions.level, "full"));
      return cookie;
    }
    case "general user": {
      await database().delete(suspensions); // `sachiko` is the one general user with a token
      await database().update(users).set({ oneTimePasswordFailures: 0 }).where(eq(users.loginId, "sachiko"));
      return sessionOf("sachiko");
    }
    case "suspended manager": {
      const cookie = await sessionOf("haruki");
      const halfLogin = await halfLoginOf("haruki");
      for (let i = 0; i < 5; i += 1) await call("/login/one-time-password/present", "POST", halfLogin, { oneTimePassword: "000000" });
      return cookie;
    }
  }
}
