import { fingerprint, macs, newSecret, sameText } from "@/lib/platform/keys";
import { readCookie, setCookie } from "@/lib/platform/cookies";
import { policy } from "@/lib/policy";

/** The device cookie (R4): a random secret under our HMAC, so that made-up ones are dropped unread. */
export type Browser = { hash: string };

const purpose = "device cookie";

/** How long a browser keeps it; browsers keep nothing for longer than 400 days. */
export const deviceCookieDays = Math.min(policy.tokenLifeDays, 400);

export function browserOf(request: Request): Browser | undefined {
  const [secret, mac] = readCookie(request, "browser")?.split("~") ?? [];
  if (!secret || !mac || !macs(purpose, secret).some((ours) => sameText(ours, mac))) return undefined;
  return { hash: fingerprint(secret) };
}

/** Whose request it is. A browser that is not known yet will be by `cookie`; `knownHash` is for what is known of it already. */
export function browserAt(request: Request): { browser: Browser; knownHash?: string; cookie?: string } {
  const known = browserOf(request);
  return known ? { browser: known, knownHash: known.hash } : newBrowser();
}

/** A device cookie for a browser that has none. */
export function newBrowser(): { browser: Browser; cookie: string } {
  const secret = newSecret();
  return { browser: { hash: fingerprint(secret) }, cookie: setCookie("browser", `${secret}~${macs(purpose, secret)[0]}`, deviceCookieDays * 86_400) };
}
