"use client";

import { useCallback, useEffect, useState } from "react";
import type { RefusalAnswer } from "@/lib/platform/answer";
import { elsewhere, formHasTheWord, get, leadAway, takeWordFromForm } from "./answer";

type Options = {
  /** False: what the page needs is here already, and the route is asked only when the page comes back. */
  atFirst?: boolean;
  pollMs?: number;
};

/**
 * What a prerendered page may know about the person: asked from its guarded state route, which also says where to go
 * instead. A page restored by the Back button shows nothing until it has asked again.
 */
export function useStateRoute<State>(path: string, { atFirst = true, pollMs }: Options = {}) {
  const [state, setState] = useState<State>();
  const [refusal, setRefusal] = useState<RefusalAnswer>();
  const [asked, setAsked] = useState(0);

  const ask = useCallback(
    (quietly: boolean) => {
      let wanted = true;
      const began = quietly ? undefined : performance.now();
      void get<State>(path).then((answer) => {
        if (!wanted || (quietly && formHasTheWord())) return;
        const away = answer.ok ? undefined : elsewhere(answer.refusal.go);
        if (answer.ok) {
          setState(answer.state);
          setRefusal(undefined);
        } else if (away) {
          leadAway(away, began);
        } else if (!quietly) {
          setRefusal(answer.refusal);
        }
      });
      return () => {
        wanted = false;
      };
    },
    [path],
  );

  useEffect(() => (atFirst || asked > 0 ? ask(false) : undefined), [ask, atFirst, asked]);

  useEffect(() => {
    const back = (event: PageTransitionEvent) => {
      if (!event.persisted) return;
      takeWordFromForm();
      setState(undefined);
      setAsked((times) => times + 1);
    };
    // The page kept for the Back button is emptied before it is put away.
    const away = (event: PageTransitionEvent) => {
      if (event.persisted) setState(undefined);
    };
    addEventListener("pageshow", back);
    addEventListener("pagehide", away);
    return () => {
      removeEventListener("pageshow", back);
      removeEventListener("pagehide", away);
    };
  }, []);

  useEffect(() => {
    if (!pollMs) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") ask(true);
    }, pollMs);
    return () => clearInterval(timer);
  }, [ask, pollMs]);

  const again = useCallback(() => setAsked((times) => times + 1), []);
  return { state, refusal, again };
}
