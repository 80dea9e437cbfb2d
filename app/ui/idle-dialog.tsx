"use client";

import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from "react";
import type { SessionAnswer } from "@/lib/platform/answer";
import { clockReady, now } from "@/app/device-clock";
import { elsewhere, get, isLeaving } from "@/app/ui/answer";
import { Button } from "@/app/ui/button";
import { PostForm } from "@/app/ui/post-form";
import { remaining } from "@/app/ui/remaining";

const warnBeforeMs = 2 * 60_000;

/** The clock was set, or the PC slept: what was counted since no longer holds. */
const clockJumpMs = 3000;

/** `final`: what comes is the end that no use of the session puts off. */
type Reading = { leftMs: number; final: boolean; measuredAt: number; deviceTime: number };

/** Whose session it is: the customer's, or staff's. */
type Paths = { session: string; extend: string; logout: string; idle: string };
const customers: Paths = { session: "/session", extend: "/session/extend", logout: "/logout", idle: "/login?ended=idle" };

function read(session: SessionAnswer): Reading {
  const [idleEnd, end] = [Date.parse(session.idleEndsAt), Date.parse(session.endsAt)];
  return { leftMs: Math.min(idleEnd, end) - Date.parse(session.now), final: end <= idleEnd, measuredAt: performance.now(), deviceTime: now() };
}

/**
 * Warns two minutes before the session ends. What is left is counted from the server's answer, never from the PC's
 * clock, and asked again (which prolongs nothing) before anything is said: another tab may have gone on working.
 */
export function IdleDialog({ session, paths = customers }: { session?: SessionAnswer; paths?: Paths }) {
  const [shown, setShown] = useState<Pick<Reading, "leftMs" | "final">>();
  const [closed, setClosed] = useState(false);
  const reading = useRef<Reading>(undefined);
  const asking = useRef(false);

  const ask = useCallback(async () => {
    if (asking.current) return;
    asking.current = true;
    const answer = await get<{ session: SessionAnswer }>(paths.session);
    asking.current = false;
    if (answer.ok) {
      reading.current = read(answer.state.session);
      return;
    }
    // Where nobody can say that the session lives, nothing is shown any more.
    const away = elsewhere(answer.refusal.go) ?? (reading.current && leftNow(reading.current) <= 0 ? paths.idle : undefined);
    if (away && !isLeaving()) location.replace(away);
  }, [paths]);

  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    let warned = false;
    let left = false;
    const tick = () => {
      const at = reading.current;
      if (!at) return;
      const jumped = Math.abs(now() - at.deviceTime - (performance.now() - at.measuredAt)) > clockJumpMs;
      const leftMs = leftNow(at);
      if (jumped || leftMs <= 0 || (leftMs <= warnBeforeMs && !warned)) {
        warned = leftMs <= warnBeforeMs;
        if (jumped) reading.current = { ...at, leftMs, measuredAt: performance.now(), deviceTime: now() };
        void ask();
        return;
      }
      warned = leftMs <= warnBeforeMs;
      setShown({ leftMs, final: at.final });
    };
    // The QA build's clock is right only once it has asked.
    void clockReady.then(() => {
      if (left) return;
      if (session) reading.current = read(session);
      else void ask();
      timer = setInterval(tick, 1000);
    });
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [ask, session]);

  const extended = useCallback(({ session }: { session: SessionAnswer }) => {
    reading.current = read(session);
    setShown(undefined);
  }, []);

  if (!shown || shown.leftMs > warnBeforeMs) return null;
  if (shown.final) return closed ? null : <FinalDialog leftMs={shown.leftMs} close={() => setClosed(true)} />;
  return <Extension leftMs={shown.leftMs} extended={extended} paths={paths} />;
}

const leftNow = (at: Reading): number => at.leftMs - (performance.now() - at.measuredAt);

type DialogProps = {
  leftMs: number;
  explanation: string;
  /** Absent where closing it without an answer would end in a surprise. */
  close?: () => void;
  children: ReactNode;
};

function Dialog({ leftMs, explanation, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const description = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={title}
      aria-describedby={description}
      onCancel={close ? undefined : (event) => event.preventDefault()}
      // A second Escape closes it whatever `cancel` says.
      onClose={close ?? ((event) => event.currentTarget.showModal())}
      className="m-auto w-[min(35rem,calc(100vw-2rem))] rounded-8 bg-white p-6 text-solid-gray-800 shadow-4 sm:p-8"
    >
      <h2 id={title}>まもなく自動でログアウトします</h2>
      <p id={description} className="mt-4">
        {explanation}
      </p>
      <p className="mt-2">
        自動ログアウトまで：
        <span role="timer" className="digits font-bold">
          {remaining(leftMs)}
        </span>
      </p>
      <div className="mt-6 flex flex-wrap gap-4">{children}</div>
    </dialog>
  );
}

function Extension({ leftMs, extended, paths }: { leftMs: number; extended: (answer: { session: SessionAnswer }) => void; paths: Paths }) {
  return (
    <Dialog leftMs={leftMs} explanation="しばらく操作がありません。続けてご利用になる場合は「利用を続ける」を押してください。">
      <PostForm<{ session: SessionAnswer }> action={paths.extend} onStay={extended} className="max-sm:w-full">
        <Button type="submit">
          利用を続ける
        </Button>
      </PostForm>
      <PostForm action={paths.logout} className="max-sm:w-full">
        <Button type="submit" kind="secondary">
          ログアウト
        </Button>
      </PostForm>
    </Dialog>
  );
}

/** Closed by the dialog itself, so that the focus goes back to where it was. */
function FinalDialog({ leftMs, close }: { leftMs: number; close: () => void }) {
  return (
    <Dialog leftMs={leftMs} explanation="ログインの期限になるため、自動でログアウトします。操作を終えてから、もう一度ログインしてください。" close={close}>
      <Button onClick={(event) => event.currentTarget.closest("dialog")?.close()}>閉じる</Button>
    </Dialog>
  );
}
