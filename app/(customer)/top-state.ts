"use client";

import type { ViewerAnswer } from "@/lib/platform/answer";
import { useStateRoute } from "@/app/ui/state-route";

export type TopState = ViewerAnswer & {
  logins: { at: string; browser: string; network: string }[];
  notices: { kind: "renewal"; expiresAt: string }[];
};

export const useTopState = () => useStateRoute<TopState>("/state");
