import { person } from "./test-person";
import { openSession } from "./session";
import { sessionCookie } from "./session-cookie";

type Handler = (request: Request) => Promise<Response>;
type Answered = { ok?: boolean; go?: string; refusal?: { code: string; attemptsLeft?: number }; fields?: Record<string, string> } & Record<string, unknown>;

const origin = "http://localhost:3000";

/** For tests: a browser with this cookie, at the route handlers. A form with a file goes as `FormData`. */
export const browserWith = (cookie: string) => {
  const headers = { origin, cookie, accept: "application/json", "user-agent": "test" };
  const answered = async (response: Response) => ({ status: response.status, body: (await response.json()) as Answered });
  async function send(handler: Handler, form: Record<string, string> | FormData) {
    const written = new Response(form instanceof FormData ? form : new URLSearchParams(form)); // at once: a form that is still being written cannot be turned away
    const type = written.headers.get("content-type")!;
    return handler(new Request(origin, { method: "POST", headers: { ...headers, "content-type": type }, body: await written.arrayBuffer() }));
  }
  return {
    send,
    post: async (handler: Handler, form: Record<string, string> | FormData) => answered(await send(handler, form)),
    get: async (handler: Handler) => answered(await handler(new Request(origin, { headers }))),
  };
};

/** For tests: the browser of somebody who has logged in. */
export async function loggedIn(loginId: string) {
  const someone = person(loginId);
  const { secret } = await someone.as((work, standing) => openSession(work, standing, someone.browser));
  return browserWith((await sessionCookie(secret)).split(";")[0]!);
}
