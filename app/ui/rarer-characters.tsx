"use client";

import { useEffect } from "react";

/** The font's other characters, in names above all, without keeping a page from being drawn. */
export function RarerCharacters() {
  useEffect(() => void import("@fontsource-variable/noto-sans-jp/wght.css").catch(() => undefined), []); // without a network: the system's
  return null;
}
