"use client";

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { clockReady, now } from "../device-clock";
import { get } from "../ui/answer";
import { codeInFragment, type CodeInLink } from "./link-code";
import { platformOf, type Platform } from "./platform";

function whenFragmentChanges(listener: () => void) {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

/** Undefined in prerendered HTML. A second link opened in the same tab changes the fragment without a reload. */
export function useCodeInLink(): CodeInLink | undefined {
  const hash = useSyncExternalStore(whenFragmentChanges, () => location.hash, () => undefined);
  return hash === undefined ? undefined : codeInFragment(hash);
}

export function forgetCodeInLink() {
  history.replaceState(null, "", location.pathname);
  dispatchEvent(new Event("hashchange"));
}

const never = () => () => undefined;

export function usePlatform(): Platform | undefined {
  return useSyncExternalStore(never, () => platformOf(navigator.userAgent, navigator.maxTouchPoints), () => undefined);
}

const isInstalled = () =>
  matchMedia("(display-mode: standalone)").matches || ("standalone" in navigator && navigator.standalone === true);

export const useInstalled = (): boolean => useSyncExternalStore(never, isInstalled, () => false);

/** Offline after the first visit: what the first page loaded before the worker was there is named to it. */
export function useServiceWorker() {
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return;
    void (async () => {
      try {
        await navigator.serviceWorker.register("/authenticator-sw.js", { scope: "/authenticator", updateViaCache: "none" });
        const { active } = await navigator.serviceWorker.ready;
        await document.fonts.ready;
        const assets = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
        active?.postMessage({ assets });
      } catch {
        // Without a worker the app still works online.
      }
    })();
  }, []);
}

const cookie = /(?:^|; )(__Host-ichido-phone[^=]*)=[^;]/;

/** Set by set-up and kept where the browser may empty its storage: says that tokens once were here. */
export const onceHeldTokens = () => cookie.test(document.cookie);

export function forgetThatTokensWereHere() {
  const name = cookie.exec(document.cookie)?.[1];
  if (name) document.cookie = `${name}=; Path=/; Secure; Max-Age=0`;
}

type ServerView = { secondsAhead: number; sameBrowser: boolean };

const checkEveryMilliseconds = 5 * 60_000;

/** What the server says of this device, when it can be asked: how far its clock is ahead, and whether it is the PC. */
export function useServerView(): ServerView | undefined {
  const [view, setView] = useState<ServerView>();

  const check = useCallback(async () => {
    if (!navigator.onLine || document.visibilityState !== "visible") return;
    await clockReady;
    const asked = now();
    const answer = await get<{ now: number; sameBrowser: boolean }>("/authenticator/state");
    if (!answer.ok) return;
    const answered = now();
    // A slow answer tells less: what the round trip alone could explain is not called a wrong clock.
    const difference = (asked + answered) / 2 - answer.state.now;
    const certain = Math.max(0, Math.abs(difference) - (answered - asked) / 2);
    setView({ secondsAhead: Math.sign(difference) * Math.round(certain / 1000), sameBrowser: answer.state.sameBrowser });
  }, []);

  useEffect(() => {
    const timer = setInterval(() => void check(), checkEveryMilliseconds);
    const again = () => void check();
    again();
    addEventListener("online", again);
    document.addEventListener("visibilitychange", again);
    return () => {
      clearInterval(timer);
      removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
    };
  }, [check]);

  return view;
}

function whenConnectionChanges(listener: () => void) {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

export const useOnline = (): boolean => useSyncExternalStore(whenConnectionChanges, () => navigator.onLine, () => true);
