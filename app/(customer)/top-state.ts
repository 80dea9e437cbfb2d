"use client";

import type { SessionAnswer } from "@/lib/platform/answer";
import type { ShellUser } from "@/app/ui/shell";
import { useStateRoute } from "@/app/ui/state-route";

export type TopState = {
  company: string;
  user: ShellUser & { loginId: string };
  isManager: boolean;
  logins: { at: string; browser: string; network: string }[];
  notices: { kind: "renewal"; expiresAt: string }[];
  session: SessionAnswer;
};

export const useTopState = () => useStateRoute<TopState>("/state");
