"use client";

import { useEffect } from "react";
import { leadAway } from "./answer";
import { useNow } from "./browser-values";

/** Leads from a screen of half a login back to the beginning, once its time is over. */
export function useHalfLoginEnd(expiresAt: string | undefined, login: "/login" | "/staff/login" = "/login") {
  const now = useNow();
  const over = expiresAt !== undefined && now > 0 && now >= Date.parse(expiresAt);
  useEffect(() => {
    if (over) leadAway(`${login}?ended=half_login`);
  }, [over, login]);
}
