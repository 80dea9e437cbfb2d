"use client";

import { useCallback, useEffect, useState } from "react";

export async function ask<Value>(path: string, body?: object): Promise<Value> {
  const response = await fetch(path, {
    cache: "no-store",
    ...(body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as Value;
}

const everyMilliseconds = 2000;

/** What the server says, asked again and again while the page is seen. A failed question leaves the last answer and says so. */
export function useAnswer<Value>(path: string): { answer: Value | undefined; failed: boolean; again: () => Promise<void> } {
  const [answer, setAnswer] = useState<{ path: string; value: Value }>();
  const [failed, setFailed] = useState(false);

  const again = useCallback(async () => {
    try {
      const value = await ask<Value>(path);
      setAnswer((before) => (before?.path === path && JSON.stringify(before.value) === JSON.stringify(value) ? before : { path, value }));
      setFailed(false);
    } catch {
      setFailed(true);
    }
  }, [path]);

  useEffect(() => {
    void Promise.resolve().then(again);
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void again();
    }, everyMilliseconds);
    return () => clearInterval(timer);
  }, [again]);

  return { answer: answer?.path === path ? answer.value : undefined, failed, again };
}
