import { fingerprint, macs, newSecret, sameText } from "@/lib/platform/keys";
import { readCookie, setCookie } from "@/lib/platform/cookies";
import { policy } from "@/lib/policy";

/** The device cookie (R4): a random secret under our HMAC, so that made-up ones are dropped unread. */
export type Browser = { hash: string };

const purpose = "device cookie";

export function browserOf(request: Request): Browser | undefined {
  const [secret, mac] = readCookie(request, "browser")?.split("~") ?? [];
  if (!secret || !mac || !macs(purpose, secret).some((ours) => sameText(ours, mac))) return undefined;
  return { hash: fingerprint(secret) };
}

/** A device cookie for a browser that has none. */
export function newBrowser(): { browser: Browser; cookie: string } {
  const secret = newSecret();
  const lifeSeconds = policy.tokenLifeDays * 86_400;
  return { browser: { hash: fingerprint(secret) }, cookie: setCookie("browser", `${secret}~${macs(purpose, secret)[0]}`, Math.min(lifeSeconds, 400 * 86_400)) };
}
