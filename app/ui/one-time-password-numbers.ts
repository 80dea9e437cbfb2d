"use client";

import { useInstitution } from "./institution";

/** How long a one-time password is and how often it changes: the bank's numbers, by the defaults until they are known. */
export function useOneTimePasswordNumbers() {
  const { digits = 6, timeStepSeconds = 60 } = useInstitution()?.policy ?? {};
  return { digits, every: timeStepSeconds === 60 ? "1分ごと" : `${timeStepSeconds}秒ごと` };
}
