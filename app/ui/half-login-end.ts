"use client";

import { useEffect } from "react";
import { useNow } from "./browser-values";

/** Leads from a screen of half a login back to the beginning, once its time is over. */
export function useHalfLoginEnd(expiresAt: string | undefined, login: "/login" | "/staff/login" = "/login") {
  const now = useNow();
  const over = expiresAt !== undefined && now > 0 && now >= Date.parse(expiresAt);
  useEffect(() => {
    if (over) location.replace(`${login}?ended=half_login`);
  }, [over, login]);
}
