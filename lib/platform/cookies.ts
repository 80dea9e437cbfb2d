import { cookieSuffix } from "./cookie-suffix";

const kinds = {
  session: { name: "__Host-ichido-session", scriptMayRead: false },
  halfLogin: { name: "__Host-ichido-half-login", scriptMayRead: false },
  passkeyLogin: { name: "__Host-ichido-passkey-login", scriptMayRead: false },
  browser: { name: "__Host-ichido-browser", scriptMayRead: false },
  actResult: { name: "__Host-ichido-act-result", scriptMayRead: false },
  staffSession: { name: "__Host-ichido-staff-session", scriptMayRead: false },
  staffHalfLogin: { name: "__Host-ichido-staff-half-login", scriptMayRead: false },
  phone: { name: "__Host-ichido-phone", scriptMayRead: true }, // says that tokens once were here; nothing else
} as const;

type CookieKind = keyof typeof kinds;

const cookieName = (kind: CookieKind): string => kinds[kind].name + cookieSuffix();

/** A Set-Cookie header. Without `maxAgeSeconds` it ends with the browser; 0 removes it. */
export function setCookie(kind: CookieKind, value: string, maxAgeSeconds?: number): string {
  const attributes = ["Path=/", "Secure", "SameSite=Strict"];
  if (!kinds[kind].scriptMayRead) attributes.push("HttpOnly");
  if (maxAgeSeconds !== undefined) attributes.push(`Max-Age=${maxAgeSeconds}`);
  return [`${cookieName(kind)}=${value}`, ...attributes].join("; ");
}

export const removeCookie = (kind: CookieKind): string => setCookie(kind, "", 0);

export function readCookie(request: Request, kind: CookieKind): string | undefined {
  const prefix = `${cookieName(kind)}=`;
  const found = request.headers.get("cookie")?.split("; ").find((pair) => pair.startsWith(prefix));
  return found?.slice(prefix.length) || undefined;
}
