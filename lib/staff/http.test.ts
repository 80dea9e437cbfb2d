import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";

const console_ = "https://counter.example.jp";
const customers = "https://ib.example.jp";

/** Modules anew, for an installation with this STAFF_HOST. */
async function installed(staffHost: string | undefined, origins: "plain" | "qa" = "plain") {
  vi.resetModules();
  vi.stubEnv("PUBLIC_ORIGIN", customers);
  vi.stubEnv("STAFF_HOST", staffHost);
  vi.stubEnv("ICHIDO_DEMO_ORIGINS", "http://localhost:3000,http://localhost:3001");
  if (origins === "qa") vi.doMock("@/lib/platform/origins", async () => await import("@/lib/platform/origins.qa"));
  const { staffPost, staffGet } = await import("./http");
  const { post, get, NotAllowed, csvFile } = await import("@/lib/platform/http");
  const { database, useDatabase } = await import("@/lib/platform/database");
  return { staffPost, staffGet, post, get, NotAllowed, csvFile, database, useDatabase };
}

afterEach(() => {
  vi.doUnmock("@/lib/platform/origins");
  vi.unstubAllEnvs();
});

const fields = z.object({ reason: z.string({ error: "入力してください。" }) });
const form = (origin: string, host: string | undefined, accept = "application/json") => new Request("http://127.0.0.1/staff/cases/new/enter", {
  method: "POST", body: "reason=a", headers: { origin, accept, "content-type": "application/x-www-form-urlencoded", ...(host && { host }) },
});
const look = (host?: string) => new Request("http://127.0.0.1/staff/state", { headers: host ? { host } : {} });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { refusal?: { code: string } }).refusal?.code];

describe("a host of the console's own", () => {
  test.each([
    ["counter.example.jp", 200], ["Counter.Example.jp.:443", 200], ["ib.example.jp", 404], ["counter.example.jp:8443", 404], ["counter.example.jp.evil.example", 404], [undefined, 404],
  ] as const)("Host: %s is answered %i by GET and POST", async (host, status) => {
    const { staffPost, staffGet } = await installed("counter.example.jp");
    const handler = vi.fn(async () => ({ go: "/staff" }));
    const answers = [await staffPost({ fields, back: "/staff/cases/new" }, handler)(form(console_, host)), await staffGet(handler)(look(host))];
    for (const answer of answers) expect(await codeOf(answer)).toEqual([status, status === 404 ? "OTP-501" : undefined]);
    expect(handler).toHaveBeenCalledTimes(status === 404 ? 0 : 2);
  });

  test("what is turned away for its host is not even read, and is shown no way to the console", async () => {
    const { staffPost } = await installed("counter.example.jp");
    const request = form("https://evil.example", "ib.example.jp", "text/html");
    const response = await staffPost({ fields, back: "/staff/cases/new" }, async () => ({ go: "/staff" }))(request);
    expect([response.status, request.bodyUsed]).toEqual([404, false]);
    const html = await response.text();
    expect(html).toContain("お探しのページが見つかりません。");
    expect(html).not.toContain("staff");
  });

  test("without STAFF_HOST every host is answered", async () => {
    const { staffGet } = await installed(undefined);
    for (const host of [undefined, "ib.example.jp", "10.0.0.1:3000"]) expect((await staffGet(async () => ({}))(look(host))).status).toBe(200);
  });
});

describe("an origin of the console's own", () => {
  const accepted = async (staffHost: string | undefined, flavour: "plain" | "qa", origins: string[]) => {
    const { staffPost, post } = await installed(staffHost, flavour);
    const status = async (handler: typeof post, origin: string) =>
      (await handler({ fields, back: "/" }, async () => ({ go: "/" }))(form(origin, staffHost))).status === 200;
    const found = { console: [] as string[], customers: [] as string[] };
    for (const origin of origins) {
      if (await status(staffPost, origin)) found.console.push(origin);
      if (await status(post, origin)) found.customers.push(origin);
    }
    return found;
  };
  const all = [console_, customers, "http://counter.example.jp", "https://counter.example.jp:8443", "http://localhost:3000", "http://localhost:3001", "https://evil.example", "null", ""];

  test("with STAFF_HOST neither side takes the other's", async () => {
    expect(await accepted("counter.example.jp", "plain", all)).toEqual({ console: [console_], customers: [customers] });
  });
  test("without it both have PUBLIC_ORIGIN", async () => {
    expect(await accepted(undefined, "plain", all)).toEqual({ console: [customers], customers: [customers] });
  });
  test("in a QA build the demo's origins", async () => {
    const demo = [customers, "http://localhost:3000", "http://localhost:3001"];
    expect(await accepted(undefined, "qa", all)).toEqual({ console: demo, customers: demo });
    expect(await accepted("counter.localhost:3002", "qa", [...all, "http://counter.localhost:3002", "http://counter.localhost:3000"])).toEqual({ console: ["http://counter.localhost:3002"], customers: demo });
  });
});

describe("answers as the customers' handlers have them", () => {
  test("a refusal that leads to the login leads to the console's", async () => {
    const { staffGet, get, staffPost, NotAllowed } = await installed(undefined);
    const ended = async () => { throw new NotAllowed({ reason: "session_timed_out" }); };
    const goOf = async (response: Response) => ((await response.json()) as { refusal: { go: string } }).refusal.go;
    expect(await goOf(await staffGet(ended)(look()))).toBe("/staff/login?ended=idle");
    expect(await goOf(await get(ended)(look()))).toBe("/login?ended=idle");
    const foreign = await staffPost({ fields, back: "/staff/cases/new" }, async () => ({ go: "/staff" }))(form("https://evil.example", undefined));
    expect([foreign.status, await goOf(foreign)]).toEqual([403, "/staff/login"]);
  });

  test("a plain page leads back as given, and field errors are the form's", async () => {
    const { staffPost } = await installed(undefined);
    const refusing = staffPost({ fields, back: "/staff/cases/new" }, async () => ({ refusal: { reason: "state_changed" } }));
    expect(await (await refusing(form(customers, undefined, "text/html"))).text()).toContain('href="/staff/cases/new"');
    const strict = staffPost({ fields: z.object({ number: z.string({ error: "入力してください。" }) }), back: "/staff" }, async () => ({ go: "/staff" }));
    expect(await (await strict(form(customers, undefined))).json()).toEqual({ ok: false, fields: { number: "入力してください。" } });
  });

  test("the path's parts are handed on", async () => {
    const { staffGet } = await installed(undefined);
    expect(await (await staffGet(async ({ params }) => params)(look(), { params: Promise.resolve({ number: "12" }) })).json()).toEqual({ number: "12" });
  });
});

describe("the console's database role", () => {
  const pool = (role: string) => ({ db: { execute: async () => [{ role }] }, client: {} }) as never;

  test("is who asks inside a console's handler, in its fields, and in a file that is read after it returned; no customer's handler has it", async () => {
    const { staffPost, staffGet, post, get, csvFile, database, useDatabase } = await installed(undefined);
    useDatabase(pool("customers"), pool("counter"));
    const role = async () => (await database().execute<{ role: string }>(sql`select current_user as role`))[0]!.role;
    const seen: string[] = [];
    const looking = z.object({ reason: z.string().refine(async () => { seen.push(await role()); return true; }) });
    async function* rows() {
      yield await role();
      yield await role();
      yield await role();
    }
    const file = async () => csvFile("a.csv", "a.csv", rows());

    /** As a slow connection does: bit by bit, long after the handler returned. */
    async function read(answer: Promise<Response>) {
      const reader = (await answer).body!.getReader();
      let text = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += new TextDecoder().decode(part.value);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return text;
    }
    const asked = async () => { seen.push(await role()); return { go: "/" }; };
    await staffPost({ fields: looking, back: "/" }, asked)(form(customers, undefined));
    await post({ fields: looking, back: "/" }, asked)(form(customers, undefined));
    expect(seen).toEqual(["counter", "counter", "customers", "customers"]);
    expect([await read(staffGet(file)(look())), await read(get(file)(look()))]).toEqual(["counter".repeat(3), "customers".repeat(3)]);
    expect(await role()).toBe("customers");
  });
});
