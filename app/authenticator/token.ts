/** What the phone keeps beside the key: everything a screen shows, nothing that opens an account. */
export type TokenOnPhone = {
  id: string;
  institution: string;
  company: string;
  loginId: string;
  /** ISO 8601 */
  expiresAt: string;
  /** The bank's own host name, to compare with the address bar of the PC. */
  host: string;
  serviceId: string;
  algorithm: "SHA-1" | "SHA-256" | "SHA-512";
  timeStepSeconds: number;
  digits: number;
};

/** Set-up's answer: the token, and what the key agreement is bound to. */
export type SetUpToken = TokenOnPhone & {
  userId: string;
  /** base64url of the server's raw P-256 point */
  publicKey: string;
};

export type StoredToken = TokenOnPhone & { key: CryptoKey; setUpAt: number };

export const tokensPerPhone = 10;

const dayMilliseconds = 86_400_000;

type Life = { state: "valid" } | { state: "ending"; days: number } | { state: "expired" };

export const isExpired = ({ expiresAt }: Pick<TokenOnPhone, "expiresAt">, now: number): boolean => Date.parse(expiresAt) <= now;

/** R14: renewal is announced from so many days before the expiry. */
export function lifeOf(token: Pick<TokenOnPhone, "expiresAt">, now: number, renewalDays: number): Life {
  if (isExpired(token, now)) return { state: "expired" };
  const left = Date.parse(token.expiresAt) - now;
  if (left > renewalDays * dayMilliseconds) return { state: "valid" };
  return { state: "ending", days: Math.ceil(left / dayMilliseconds) };
}

/** A renewal or a new issuance puts a second token of one user on the phone; only the latest carries the bare login ID. */
export function isReplaced(token: StoredToken, all: readonly StoredToken[]): boolean {
  return all.some(
    (other) =>
      other.serviceId === token.serviceId &&
      other.company === token.company &&
      other.loginId === token.loginId &&
      other.setUpAt > token.setUpAt,
  );
}
