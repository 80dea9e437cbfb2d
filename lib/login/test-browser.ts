import { expect } from "vitest";
import { POST as presentOneTimePassword } from "@/app/(customer)/login/one-time-password/present/route";
import { POST as presentPassword } from "@/app/(customer)/login/present/route";
import { loginPassword } from "@/lib/demo/cast.qa";
import { person } from "./test-person";

type Door = (request: Request) => Promise<Response>;

/** For tests: a browser that keeps cookies, at the route handlers. */
export function browser(jar = new Map<string, string>()) {
  const request = (init: RequestInit = {}) => new Request("http://localhost:3000/", {
    ...init, headers: { ...init.headers, accept: "application/json", cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
  });
  return {
    forget: (kind: string) => { for (const name of jar.keys()) if (name.includes(kind)) jar.delete(name); },
    /** The same cookies in another browser's hands. */
    copy: () => browser(new Map(jar)),
    async get<State = { refusal?: { code: string } }>(door: Door) {
      const response = await door(request());
      return { status: response.status, state: (await response.json()) as State };
    },
    async post(door: Door, form: Record<string, string>) {
      const response = await door(request({
        method: "POST", body: new URLSearchParams(form).toString(),
        headers: { origin: "http://localhost:3000", "content-type": "application/x-www-form-urlencoded" },
      }));
      for (const cookie of response.headers.getSetCookie()) {
        const [name, value] = cookie.split(";")[0]!.split(/=(.*)/s) as [string, string];
        if (value) jar.set(name, value);
        else jar.delete(name);
      }
      const body = (await response.json()) as { ok: boolean; go?: string; refusal?: { code: string; attemptsLeft?: number; until?: string }; fields?: Record<string, string> };
      return { status: response.status, cookies: response.headers.getSetCookie(), ...body };
    },
  };
}

export async function loggedIn(loginId: string, password = loginPassword, go = "/") {
  const pc = browser();
  await pc.post(presentPassword, { loginId, password });
  expect(await pc.post(presentOneTimePassword, { oneTimePassword: await person(loginId).presentDigits() })).toMatchObject({ ok: true, go });
  return pc;
}
