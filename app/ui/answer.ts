import type { Answer, RefusalAnswer } from "@/lib/platform/answer";
import { fileBytes } from "@/lib/platform/body-limits.mjs";

/** Said by the page itself, when no answer came: nothing typed is lost, but what was asked for may have been done all the same. */
export const disconnected: RefusalAnswer = {
  code: "OTP-906",
  what: "通信できませんでした。",
  next: "入力した内容は残っていますが、操作が行われている場合があります。通信の状態をご確認のうえ、もう一度お試しください。",
  ask: "helpdesk",
};

export const unavailable: RefusalAnswer = {
  code: "OTP-901",
  what: "ただいまサービスをご利用いただけません。",
  next: "入力した内容は残っていますが、操作が行われている場合があります。しばらくしてから、もう一度お試しください。",
  ask: "helpdesk",
};

/** The same of a look, which decides nothing and for which nothing was typed. */
const looked: Record<string, string> = {
  [disconnected.code]: "通信の状態をご確認のうえ、もう一度お試しください。",
  [unavailable.code]: "しばらくしてから、もう一度お試しください。",
};
const ofALook = (refusal: RefusalAnswer): RefusalAnswer => ({ ...refusal, next: looked[refusal.code]! });

const answerWithinMs = 20_000;
const uploadWithinMs = 120_000;

/** Answers are JSON; whatever a proxy in between says instead counts as "not available now". */
async function ask(path: string, init: RequestInit): Promise<{ status: number; body: unknown } | RefusalAnswer> {
  let response: Response;
  try {
    response = await fetch(path, {
      signal: AbortSignal.timeout(answerWithinMs),
      ...init,
      headers: { accept: "application/json" },
      cache: "no-store",
    });
  } catch {
    return disconnected;
  }
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? { status: response.status, body } : unavailable;
  } catch {
    return unavailable;
  }
}

let postsUnderWay = 0;
let refusedAwayAt = -Infinity; // when a refusal led away from the page, which says so and stays

/** A page that is left is gone by then, or the person has stopped it. */
const leftWithinMs = 20_000;

/** A form of this page is with the server, or its answer is leading on. */
export const isLeaving = (): boolean => postsUnderWay > 0 || performance.now() - (globalThis.leavingSince ?? -Infinity) < leftWithinMs;

/**
 * From a form's button to its answer, and on where that answer leads away from the page: it says why and where to go,
 * so a look at the state, which would find only that the matter is over, leads nowhere. A look that was begun after
 * a refusal (`lookBegan`, of `performance.now()`) was asked for by somebody, and may.
 */
export const formHasTheWord = (lookBegan = -Infinity): boolean => isLeaving() || refusedAwayAt > lookBegan;

/** The Back button has brought the page back, from wherever its form led. */
export function takeWordFromForm() {
  refusedAwayAt = -Infinity;
  globalThis.leavingSince = undefined;
}

/** Where an accepted form's answer leads. */
export function leave(go: string) {
  globalThis.leavingSince = performance.now();
  location.assign(ownPath(go));
}

/** Where a look leads, or the clock. */
export function leadAway(to: string, lookBegan?: number) {
  if (!formHasTheWord(lookBegan)) location.replace(to);
}

/** `upload`: the form goes as it is, files included, and may take longer. */
export async function post<Extras = object>(action: string, form?: FormData, upload = false): Promise<Answer<Extras>> {
  const body = new URLSearchParams();
  form?.forEach((value, name) => {
    if (typeof value === "string") body.append(name, value);
  });
  const problems = upload && form ? await problemsOfFiles(form) : {};
  if (Object.keys(problems).length > 0) return { ok: false, fields: problems };
  takeWordFromForm();
  postsUnderWay += 1;
  const answer = upload
    ? await ask(action, { method: "POST", body: form, signal: AbortSignal.timeout(uploadWithinMs) })
    : await ask(action, { method: "POST", body });
  postsUnderWay -= 1; // `ask` never throws
  if ("code" in answer) return { ok: false, refusal: answer };
  if (!("ok" in (answer.body as object))) return { ok: false, refusal: unavailable };
  const answered = answer.body as Answer<Extras>;
  if (!answered.ok && "refusal" in answered && elsewhere(answered.refusal.go)) refusedAwayAt = performance.now();
  return answered;
}

/** What only the page can say of a file: one that has changed since it was chosen cannot be read, one that is too large is cut before any answer. */
async function problemsOfFiles(form: FormData): Promise<Record<string, string>> {
  const problems: Record<string, string> = {};
  for (const [name, file] of form) {
    if (!(file instanceof File)) continue;
    const readable = await file.slice(0, 1).arrayBuffer().then(() => true, () => false);
    if (!readable) problems[name] = "ファイルの内容が変わりました。もう一度ファイルを選択してください。";
    else if (file.size > fileBytes) problems[name] = `ファイルの大きさは${fileBytes / 1024 / 1024}MBまでです。`;
  }
  return problems;
}

export async function get<State>(path: string): Promise<{ ok: true; state: State } | { ok: false; refusal: RefusalAnswer }> {
  const answer = await ask(path, {});
  if ("code" in answer) return { ok: false, refusal: ofALook(answer) };
  if (answer.status === 200) return { ok: true, state: answer.body as State };
  const { refusal = ofALook(unavailable) } = answer.body as { refusal?: RefusalAnswer };
  return { ok: false, refusal };
}

/** Does a refusal lead away from this page? Where it leads here, the form that was refused is where to go on. */
export const elsewhere = (go: string | undefined): string | undefined =>
  go !== undefined && new URL(ownPath(go), location.href).pathname !== location.pathname ? ownPath(go) : undefined;

/** Only paths of our own: an answer never leads to another site. */
export const ownPath = (go: string): string => (/^\/(?![/\\])[^\p{Cc}]*$/u.test(go) ? go : "/");
