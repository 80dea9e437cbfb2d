"use client";

import { remaining } from "./remaining";
import { useNow } from "./browser-values";

/** How long still: an element of its own, so that no name of a field or button changes with the time. */
export function Countdown({ until, className = "" }: { until: string; className?: string }) {
  const now = useNow();
  if (now === 0) return null;
  return (
    <span role="timer" className={`digits whitespace-nowrap ${className}`}>
      {remaining(Date.parse(until) - now)}
    </span>
  );
}
