"use client";

import type { PasskeyNotice } from "@/lib/passkey/notices";
import type { ViewerAnswer } from "@/lib/platform/answer";
import { useStateRoute } from "@/app/ui/state-route";

export type TopState = ViewerAnswer & {
  logins: { at: string; browser: string; network: string }[];
  notices: ({ kind: "renewal"; expiresAt: string } | PasskeyNotice)[];
};

export const useTopState = () => useStateRoute<TopState>("/state");
