"use client";

import { useSyncExternalStore } from "react";
import { now } from "../device-clock";

let present = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick() {
  present = now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (!timer) {
    present = now();
    timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
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
