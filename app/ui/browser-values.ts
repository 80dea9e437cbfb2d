"use client";

import { useSyncExternalStore } from "react";
import { clockReady, now } from "../device-clock";

/* What prerendered HTML does not know: the time, whether there is script, and what only the browser has. */

let present = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** On the second's boundary, so that a countdown and the one-time password beside it change together. */
function tick() {
  clearTimeout(timer);
  present = now();
  timer = setTimeout(tick, 1001 - (present % 1000));
  for (const listener of listeners) listener();
}

/** Timers sleep with a hidden page: what comes back into view must not show an old time. */
function back() {
  if (document.visibilityState === "visible") tick();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (listeners.size === 1) {
    void clockReady.then(() => listeners.size > 0 && tick());
    document.addEventListener("visibilitychange", back);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", back);
  };
}

/** The time in milliseconds, a new one every second; 0 in prerendered HTML, which knows no time. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => present, () => 0);

const never = () => () => undefined;

/** False in prerendered HTML and while it is taken over; true from then on. */
export const useScripted = (): boolean => useSyncExternalStore(never, () => true, () => false);

/** A value that only the browser has (its address, its storage). */
export const useBrowserValue = (read: () => string | null): string | null =>
  useSyncExternalStore(never, read, () => null);
