/** ワンタイムパスワード状態. No I/O: pages say the same words. */
export const tokenStates = ["unregistered", "issued", "in_use", "expired", "revoked"] as const;
export type TokenState = (typeof tokenStates)[number];

export const tokenStateNames: Record<TokenState, string> = {
  unregistered: "非登録", issued: "発行済", in_use: "サービス利用中", expired: "期限切れ", revoked: "失効中",
};
