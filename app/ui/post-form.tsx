"use client";

import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import type { Answer, ProofAnswer, RefusalAnswer } from "@/lib/platform/answer";
import { disconnected, elsewhere, leave, post, unavailable } from "./answer";
import { RefusalBanner } from "./banner";
import { FormContext } from "./form-state";
import { useScripted } from "./browser-values";
import type { Given, Proof } from "./proof";

type PostFormProps<Extras> = {
  action: string;
  children: ReactNode;
  className?: string;
  /** The form holds a file. */
  upload?: boolean;
  /** Instead of the plain post: where the browser has work of its own before or after it. Never throws. */
  send?: (form: FormData) => Promise<Answer<Extras>>;
  /** Before the page is left. */
  onOk?: (answer: { ok: true; go: string } & Extras) => void;
  /** Instead of leaving the page. */
  onStay?: (answer: { ok: true; go: string } & Extras) => void;
  onRefusal?: (refusal: RefusalAnswer) => void;
};

/** What depends on them hears of it, as if the person had emptied them. */
function forgetSecrets(form: HTMLFormElement) {
  for (const field of form.querySelectorAll<HTMLInputElement>("input[data-secret]")) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Said before the act, and not against it: the section below the form says what to do. */
const proofNeeded = "OTP-414";
const proofNames = ["assertion", "approvalCode", "proofOneTimePassword"] satisfies (keyof Given)[];

/** The server has answered and waits for the proof: here nothing was done. */
const partsMissing: RefusalAnswer = { ...disconnected, next: "入力した内容はそのまま残っています。通信の状態をご確認のうえ、もう一度お試しください。" };

/** What a proof is asked for with, and for which button of the form. Its parts come when they are needed: most forms never are. */
type Asked = { proof: ProofAnswer; submitter: HTMLButtonElement | null; Section: typeof Proof };

/**
 * A plain form to a route handler. With script the same POST is answered in JSON: what was typed stays, secrets are
 * emptied once they were judged, and what was never judged (no connection, no service) loses nothing. Where the answer
 * asks for a fresh proof, the same form is sent again with it.
 */
export function PostForm<Extras = object>({ action, children, className, upload = false, send, onOk, onStay, onRefusal }: PostFormProps<Extras>) {
  const scripted = useScripted();
  const underWay = useRef(false); // at once, where a state would let a second click through
  const [sending, setSending] = useState(false);
  const [answer, setAnswer] = useState<Answer<Extras>>();
  const [shown, show] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const form = useRef<HTMLFormElement>(null);

  function settled() {
    underWay.current = false;
    setSending(false);
  }

  useEffect(() => {
    const back = (event: PageTransitionEvent) => {
      if (event.persisted) settled();
    };
    addEventListener("pageshow", back);
    return () => removeEventListener("pageshow", back);
  }, []);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // A button may have a value of its own, or another action.
    void sendAll((event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null);
  }

  async function sendAll(submitter: HTMLButtonElement | null, given: Given = {}) {
    if (underWay.current) return;
    underWay.current = true;
    setSending(true);
    const typed = form.current!; // the page may have put the form away by the time of the answer
    const sent = new FormData(typed, submitter);
    for (const [name, value] of Object.entries(given)) sent.set(name, value);
    const answered = await withSection(await (send ? send(sent) : post<Extras>(submitter?.getAttribute("formaction") ?? action, sent, upload)), submitter);
    if (answered.ok) {
      forgetSecrets(typed);
      setAnswer(undefined);
      setAsked(undefined);
      if (onStay) {
        settled();
        onStay(answered);
        return;
      }
      onOk?.(answered);
      leave(answered.go);
      return;
    }
    const judged = "fields" in answered ? !proofNames.some((name) => name in answered.fields) : !answered.refusal.proof && ![disconnected.code, unavailable.code].includes(answered.refusal.code);
    if (judged) {
      forgetSecrets(typed);
      setAsked(undefined);
    }
    show(false);
    setAnswer(answered);
    if ("refusal" in answered) onRefusal?.(answered.refusal);
    settled();
  }

  /** With what asks for a proof come the parts that show it. */
  async function withSection(answered: Answer<Extras>, submitter: HTMLButtonElement | null): Promise<Answer<Extras>> {
    if (answered.ok || !("refusal" in answered) || !answered.refusal.proof) return answered;
    const { proof } = answered.refusal;
    try {
      const { Proof: Section } = await import("./proof");
      setAsked({ proof, submitter, Section });
      return answered;
    } catch {
      return { ok: false, refusal: partsMissing };
    }
  }

  function takeBack() {
    setAsked(undefined);
    setAnswer(undefined);
    form.current!.querySelector<HTMLElement>("input:not([type=hidden]), button")?.focus();
  }

  const errors = answer && !answer.ok && "fields" in answer ? answer.fields : {};
  const refusal = answer && !answer.ok && "refusal" in answer ? answer.refusal : undefined;
  const banner = refusal?.code === proofNeeded ? undefined : refusal;
  // Where a refusal leads elsewhere, nothing typed here could succeed any more.
  const over = refusal !== undefined && elsewhere(refusal.go) !== undefined;

  return (
    <FormContext value={{ errors, refused: refusal !== undefined, sending, shown, show }}>
      {!asked && answer && !answer.ok && "fields" in answer && <ErrorSummary answer={answer} />}
      {!asked && banner && (
        <div className={over ? "" : "mb-6"}>
          <RefusalBanner refusal={banner} />
        </div>
      )}
      {!over && (
        <form
          ref={form}
          method="post"
          action={action}
          encType={upload ? "multipart/form-data" : undefined}
          onSubmit={submit}
          noValidate={scripted}
          className={className}
        >
          {children}
        </form>
      )}
      {asked && (
        <asked.Section proof={asked.proof} give={(given) => void sendAll(asked.submitter, given)} takeBack={takeBack}>
          {banner && <RefusalBanner refusal={banner} />}
        </asked.Section>
      )}
    </FormContext>
  );
}

export function ErrorSummary({ answer }: { answer: { fields: Record<string, string> } }) {
  const summary = useRef<HTMLDivElement>(null);
  const heading = useId();
  useEffect(() => {
    summary.current?.focus();
  }, [answer]);
  const errors = Object.entries(answer.fields);

  return (
    <div
      ref={summary}
      tabIndex={-1}
      role="group"
      aria-labelledby={heading}
      className="mb-6 rounded-8 border-2 border-red-900 p-4 sm:px-6"
    >
      <h2 id={heading} className="text-base text-red-900">
        <span aria-hidden="true">■ </span>
        入力内容をご確認ください（{errors.length}件）
      </h2>
      <ul className="mt-2">
        {errors.map(([name, error]) => (
          <li key={name}>
            <a
              href={`#${name}`}
              onClick={(event) => {
                event.preventDefault();
                document.getElementById(name)?.focus();
              }}
            >
              {error}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
