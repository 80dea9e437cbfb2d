"use client";

import type { RefusalAnswer, ViewerAnswer } from "@/lib/platform/answer";
import type { TokenState } from "@/lib/token/state-names";
import { useStateRoute } from "@/app/ui/state-route";

export type SettingsState = ViewerAnswer & {
  mailAddress: string;
  login: { at: string; network: string; browser: string };
  loginStoppedUntil: string | null;
  confirmationSuspended: { at: string | null; refusal: RefusalAnswer } | null;
  passkeys: { id: string; name: string; registeredAt: string; lastUsedAt: string | null }[];
  passkeysOffered: boolean; // from the day the service applies
  token: { state: TokenState; expiresAt: string | null; renewable: boolean };
};

export const useSettingsState = () => useStateRoute<SettingsState>("/settings/state");
