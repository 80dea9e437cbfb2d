import { AsyncLocalStorage } from "node:async_hooks";
import type { z } from "zod";
import { refusals, type Refusal, type RefusalReason } from "@/lib/refusals";
import type { RefusalAnswer } from "./answer";
import { callerOf, type Caller } from "./caller";
import { Unavailable } from "./database";
import { Overloaded } from "./gate";
import { clockTime } from "./japan-time";
import { describe, log } from "./log";
import { allowedOrigins } from "./origins";
import { counter } from "./prometheus.mjs";

const bodyLimit = 16 * 1024; // less than the server's (body-limits.mjs): what is a little too large is still answered in words

/** Thrown by a guard: the request may not be here. */
export class NotAllowed extends Error {
  override name = "NotAllowed";
  /** `subject`: whose session it was, where it is known that it was one. */
  constructor(readonly refusal: Refusal, readonly subject?: { userId: string; corporationId: string }) {
    super(refusal.reason);
  }
}

/** What a POST handler answers. */
export type Outcome =
  | { go: string; cookies?: string[]; extras?: object }
  | { refusal: Refusal; cookies?: string[] }
  | { fields: Record<string, string> };

export function refusalAnswer(refusal: Refusal): RefusalAnswer {
  const { code, what, next, ask, ...entry } = refusals[refusal.reason] as (typeof refusals)[typeof refusal.reason] & { go?: string };
  const facts = { attemptsLeft: refusal.attemptsLeft, until: refusal.until && clockTime(refusal.until, refusal.now ?? refusal.until) };
  const say = (text: string | ((given: typeof facts) => string)) => (typeof text === "function" ? text(facts) : text);
  return {
    code, ask, what: say(what), next: say(next), go: entry.go,
    until: refusal.until?.toISOString(), attemptsLeft: refusal.attemptsLeft, proof: refusal.proof,
  };
}

/** What happened, with its code, in one line: for a row of a result. */
export function refusalLine(reason: RefusalReason): string {
  const { what, code } = refusalAnswer({ reason });
  return `${what}（${code}）`;
}

/** Nothing that is behind a login may be kept by anyone. */
const privately = { "cache-control": "no-store" };

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers: { ...privately, ...headers } });

/** A CSV file to be saved, sent as it is read. `name` ends in .csv; `plainName` is for who reads ASCII only. */
export function csvFile(name: string, plainName: string, chunks: AsyncGenerator<string, void, void>): Response {
  const encoder = new TextEncoder();
  const asNow = AsyncLocalStorage.snapshot(); // it is read when the handler has long returned, and still as whoever asked for it
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await asNow(() => chunks.next());
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await asNow(() => chunks.return());
    },
  });
  return new Response(body, {
    headers: {
      ...privately, "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${plainName}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
  });
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** For a browser without script: the refusal in words, and the way back. */
function plainPage(title: string, sentences: string[], back: string, status: number): Response {
  const body = sentences.map((sentence) => `<p>${escape(sentence)}</p>`).join("");
  return new Response(
    `<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>` +
      `<link rel="stylesheet" href="/plain.css"></head><body><main><h1>${escape(title)}</h1>${body}<p><a href="${escape(back)}">前の画面に戻る</a></p></main></body></html>`,
    { status, headers: { ...privately, "content-type": "text/html; charset=utf-8" } },
  );
}

const refused = counter({
  name: "ichido_refusals_total", help: "Refusals answered, by the reference code of docs/messages.md.",
  labels: { code: Object.values(refusals).map(({ code }) => code) },
});

const wantsJson = (request: Request) => request.headers.get("accept")?.includes("application/json") ?? false;

/** Where a handler leads when it says no: `back` is the form's own page, `login` the login of whom the handler is for. */
type Ways = { back: string; login: string };

function answerRefusal(request: Request, refusal: Refusal, { back, login }: Ways): Response {
  const known = refusalAnswer(refusal);
  refused.add({ code: refusals[refusal.reason].code });
  const answer = { ...known, go: known.go?.replace(/^\/login(?=\?|$)/, login) };
  const { status } = refusals[refusal.reason];
  const response = wantsJson(request)
    ? json({ ok: false, refusal: answer }, status)
    : plainPage("お手続きできませんでした", [answer.what, answer.next, `（${answer.code}）`], answer.go ?? back, status);
  if (status === 503) response.headers.set("retry-after", "10");
  return response;
}

function answerException(request: Request, error: unknown, caller: Caller, ways: Ways): Response {
  const turnedAway = error instanceof NotAllowed ? error.refusal : error instanceof Overloaded ? ({ reason: "overloaded" } as const) : undefined;
  if (turnedAway) {
    log().info({ requestId: caller.requestId, network: caller.network, code: refusals[turnedAway.reason].code }, "turned away");
    return answerRefusal(request, turnedAway, ways);
  }
  log().error({ requestId: caller.requestId, error: describe(error) }, "request failed");
  return answerRefusal(request, { reason: isOutage(error) ? "unavailable" : "internal" }, ways);
}

const outageCodes = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|CONNECT|CONNECTION_|57P|53|08|55P03|57014|40P01)/;

/** The database is away, starting, stopping, full or too slow. */
function isOutage(error: unknown): boolean {
  const code = ((error as Error)?.cause as { code?: string } | undefined)?.code ?? (error as { code?: string })?.code ?? "";
  return error instanceof Unavailable || outageCodes.test(code);
}

type Form = Iterable<[string, string | File]>;

async function readForm(request: Request, upload: number | undefined): Promise<Form | "unreadable" | "too_large"> {
  const type = request.headers.get("content-type") ?? "";
  const expected = upload === undefined ? /^application\/x-www-form-urlencoded\b/ : /^multipart\/form-data;/;
  if (!expected.test(type)) return "unreadable";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > (upload ?? bodyLimit)) return "too_large";
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const form: Form | undefined = upload === undefined
    ? new URLSearchParams(body.toString("utf8"))
    : await new Response(body, { headers: { "content-type": type } }).formData().catch(() => undefined);
  if (form === undefined) return "unreadable";
  return [...form].flat().some((part) => typeof part === "string" && part.includes("\0")) ? "unreadable" : form; // PostgreSQL's text has no NUL, nor does anything a person types
}

/** A field that came twice is no field: whoever reads the first and whoever reads the last would disagree. */
function fieldsOf(form: Form): Record<string, string | File> {
  const fields = new Map<string, string | File | undefined>();
  for (const [name, value] of form) fields.set(name, fields.has(name) ? undefined : value);
  return Object.fromEntries([...fields].filter((field): field is [string, string | File] => field[1] !== undefined));
}

/** A dynamic folder's part of the path. It is whatever the client wrote. */
type Parameters = Record<string, string | undefined>;
type Place = { params: Promise<Parameters> };

type Context<Fields> = { request: Request; caller: Caller; params: Parameters; input: Fields };

/** The first one of each field, in the order of the fields. */
export function firstProblems(error: z.ZodError): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const { path, message } of error.issues) problems[path.join(".")] ??= message;
  return problems;
}

function answerOutcome(request: Request, outcome: Outcome, ways: Ways): Response {
  if ("fields" in outcome) {
    return wantsJson(request)
      ? json({ ok: false, fields: outcome.fields }, 422)
      : plainPage("入力内容をご確認ください", Object.values(outcome.fields), ways.back, 422);
  }
  const response = "refusal" in outcome
    ? answerRefusal(request, outcome.refusal, ways)
    : wantsJson(request)
      ? json({ ok: true, go: outcome.go, ...outcome.extras })
      : new Response(null, { status: 303, headers: { ...privately, location: outcome.go } });
  for (const cookie of outcome.cookies ?? []) response.headers.append("set-cookie", cookie);
  return response;
}

/** Whom handlers are for. */
type Side = {
  /** The login that a refusal leads to. */
  login: string;
  /** Throws where the request may not be here at all; asked before anything of it is read. */
  mayBeHere(request: Request): void;
  /** Where a POST may come from. */
  origins(): string[];
  /** Runs everything that the handler does. */
  as<Value>(work: () => Promise<Value>): Promise<Value>;
};

/** Route handlers of one side: the customers' or the counter's. */
export function handlers({ login, mayBeHere, origins, as }: Side) {
  /**
   * A route handler for a form: own origin, size, parsed fields, then the handler. With script the answer is JSON;
   * without, 303 or a plain page. `back` is the form's own page. `upload`, in bytes, is for a form with a file.
   * `guard` is asked before the form is read: whoever may not post learns nothing about it, and holds no memory.
   */
  function post<Fields extends z.ZodType, Session = undefined>(
    { fields, back, upload, guard }: { fields: Fields; back: string; upload?: number; guard?: (request: Request) => Promise<Session> },
    handler: (context: Context<z.output<Fields>> & { session: Session }) => Promise<Outcome | Response>,
  ) {
    const ways = { back, login };
    return (request: Request, place?: Place): Promise<Response> => as(async () => {
      const caller = callerOf(request);
      try {
        mayBeHere(request);
        if (!origins().includes(request.headers.get("origin") ?? "")) throw new NotAllowed({ reason: "foreign_origin" });
        const session = (await guard?.(request)) as Session;
        const form = await readForm(request, upload);
        if (typeof form === "string") return answerRefusal(request, { reason: form }, ways);

        const parsed = await fields.safeParseAsync(fieldsOf(form));
        const outcome = parsed.success ? await handler({ request, caller, session, params: (await place?.params) ?? {}, input: parsed.data }) : { fields: firstProblems(parsed.error) };
        return outcome instanceof Response ? outcome : answerOutcome(request, outcome, ways);
      } catch (error) {
        return answerException(request, error, caller, ways);
      }
    });
  }

  /** A route handler that only reads: JSON, kept by nobody. */
  function get(handler: (context: { request: Request; caller: Caller; params: Parameters }) => Promise<object | Response>) {
    return (request: Request, place?: Place): Promise<Response> => as(async () => {
      const caller = callerOf(request);
      try {
        mayBeHere(request);
        const answer = await handler({ request, caller, params: (await place?.params) ?? {} });
        return answer instanceof Response ? answer : json(answer);
      } catch (error) {
        return answerException(new Request(request.url, { headers: { accept: "application/json" } }), error, caller, { back: login, login });
      }
    });
  }

  return { post, get };
}

/** The customers'. The counter's are in `lib/staff/http.ts`. */
export const { post, get } = handlers({ login: "/login", mayBeHere: () => {}, origins: allowedOrigins, as: (work) => work() });
