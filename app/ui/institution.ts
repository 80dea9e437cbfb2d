"use client";

import { useSyncExternalStore } from "react";

export type Institution = {
  name: string;
  helpDesk: {
    name: string;
    number: string;
    hours: { days: string; from: string; to: string }[];
    closedDays: string[];
    open: boolean;
  };
  policy: {
    digits: number;
    timeStepSeconds: number;
    waitAfterRevocationMinutes: number;
    permissionDays: number;
    renewalDays: number;
    halfLoginMinutes: number;
    issuanceValidityHours: number;
  };
};

let institution: Institution | undefined;
let asked = false;
const listeners = new Set<() => void>();

async function ask() {
  if (asked) return;
  asked = true;
  try {
    const response = await fetch("/institution.json");
    if (!response.ok) throw new Error("not available");
    institution = (await response.json()) as Institution;
    for (const listener of listeners) listener();
  } catch {
    // The next component that needs it asks again; until then the page speaks without a name.
    asked = false;
  }
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  void ask();
  return () => {
    listeners.delete(listener);
  };
}

/** Who the bank is, asked once per page: one build serves any bank. */
export const useInstitution = (): Institution | undefined =>
  useSyncExternalStore(subscribe, () => institution, () => undefined);
