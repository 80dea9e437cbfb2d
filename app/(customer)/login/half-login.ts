"use client";

import { now } from "@/app/device-clock";

export type HalfLogin = { expiresAt: string; attemptsLeft?: number; passkey?: boolean };

const key = "ichido.half-login";

/** What step 2 shows, handed over by step 1, so that a daily login asks no state route. Nothing here grants anything. */
export function keepHalfLogin({ expiresAt, attemptsLeft, passkey }: Partial<HalfLogin>) {
  if (expiresAt) sessionStorage.setItem(key, JSON.stringify({ expiresAt, attemptsLeft, passkey }));
}

export const forgetHalfLogin = () => sessionStorage.removeItem(key);

export const readHalfLogin = () => sessionStorage.getItem(key);

export function parseHalfLogin(kept: string | null): HalfLogin | undefined {
  if (!kept) return undefined;
  try {
    const halfLogin = JSON.parse(kept) as HalfLogin;
    return Date.parse(halfLogin.expiresAt) > now() ? halfLogin : undefined;
  } catch {
    return undefined;
  }
}
