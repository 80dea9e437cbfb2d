"use client";

import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import type { Answer, RefusalAnswer } from "@/lib/platform/answer";
import { disconnected, elsewhere, ownPath, post, unavailable } from "./answer";
import { RefusalBanner } from "./banner";
import { FormContext } from "./form-state";
import { useScripted } from "./present";

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

function forgetSecrets(form: HTMLFormElement) {
  for (const field of form.querySelectorAll<HTMLInputElement>("input[data-secret]")) field.value = "";
}

/**
 * A plain form to a route handler. With script the same POST is answered in JSON: what was typed stays, secrets are
 * emptied once they were judged, and what was never judged (no connection, no service) loses nothing.
 */
export function PostForm<Extras = object>({ action, children, className, upload = false, send, onOk, onStay, onRefusal }: PostFormProps<Extras>) {
  const scripted = useScripted();
  const underWay = useRef(false); // at once, where a state would let a second click through
  const [sending, setSending] = useState(false);
  const [answer, setAnswer] = useState<Answer<Extras>>();
  const [shown, show] = useState(false);

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

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (underWay.current) return;
    underWay.current = true;
    setSending(true);
    const form = event.currentTarget;
    // A button may have a value of its own, or another action.
    const submitter = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null;
    const sent = new FormData(form, submitter);
    const answered = await (send ? send(sent) : post<Extras>(submitter?.getAttribute("formaction") ?? action, sent, upload));
    if (answered.ok) {
      forgetSecrets(form);
      setAnswer(undefined);
      if (onStay) {
        settled();
        onStay(answered);
        return;
      }
      onOk?.(answered);
      location.assign(ownPath(answered.go));
      return;
    }
    const judged = "fields" in answered || ![disconnected.code, unavailable.code].includes(answered.refusal.code);
    if (judged) forgetSecrets(form);
    show(false);
    setAnswer(answered);
    if ("refusal" in answered) onRefusal?.(answered.refusal);
    settled();
  }

  const errors = answer && !answer.ok && "fields" in answer ? answer.fields : {};
  const refusal = answer && !answer.ok && "refusal" in answer ? answer.refusal : undefined;
  // Where a refusal leads elsewhere, nothing typed here could succeed any more.
  const over = refusal !== undefined && elsewhere(refusal.go) !== undefined;

  return (
    <FormContext value={{ errors, refused: refusal !== undefined, sending, shown, show }}>
      {answer && !answer.ok && "fields" in answer && <ErrorSummary answer={answer} />}
      {refusal && (
        <div className={over ? "" : "mb-6"}>
          <RefusalBanner refusal={refusal} />
        </div>
      )}
      {!over && (
        <form
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
