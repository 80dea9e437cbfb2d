import type { TokenState } from "./state-names";

/** Which event leads where. No I/O: the console draws it. */
export const tokenEvents = ["issue", "confirm", "revoke", "expire", "lapse", "wait_ends"] as const;
export type TokenEvent = (typeof tokenEvents)[number];

export const tokenEventNames: Record<TokenEvent, string> = {
  issue: "発行", confirm: "認証確認", revoke: "失効", expire: "有効期限の経過", lapse: "発行の期限切れ", wait_ends: "失効後の待ち時間の終了",
};

const transitions: Record<TokenState, Partial<Record<TokenEvent, TokenState>>> = {
  unregistered: { issue: "issued" },
  issued: { issue: "issued", confirm: "in_use", revoke: "revoked", lapse: "unregistered" },
  in_use: { revoke: "revoked", expire: "expired" }, // a renewal (R14) leaves it in use: the new token takes the old one's place at confirmation
  expired: { issue: "issued", revoke: "revoked" },
  revoked: { wait_ends: "unregistered" },
};

/** The state that follows, or undefined: then the event is a refusal. */
export const after = (state: TokenState, event: TokenEvent): TokenState | undefined => transitions[state][event];
