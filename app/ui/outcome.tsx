"use client";

import { type ReactNode, useEffect, useRef } from "react";

/** What came of an act whose button may be far away: it comes into view and takes the focus, anew with every `of`. */
export function Outcome({ of, children }: { of: unknown; children: ReactNode }) {
  const whole = useRef<HTMLDivElement>(null);
  useEffect(() => {
    whole.current?.scrollIntoView({ block: "nearest" });
    whole.current?.focus({ preventScroll: true });
  }, [of]);
  return (
    <div ref={whole} tabIndex={-1}>
      {children}
    </div>
  );
}
