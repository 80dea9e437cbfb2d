import { decode, encode } from "next-auth/jwt";
import { readCookie, setCookie } from "@/lib/platform/cookies";
import { env } from "@/lib/platform/env";
import { policy } from "@/lib/policy";

/** next-auth keeps the session cookie: an encrypted JWT that holds the session's secret and nothing else. The row decides. */
export async function sessionCookie(secret: string): Promise<string> {
  const maxAge = policy.absoluteHours * 3_600;
  const token = await encode({ token: { sid: secret }, secret: env().NEXTAUTH_SECRET, maxAge });
  return setCookie("session", token, maxAge);
}

/** Undefined for a cookie that is absent, tampered with or not ours. */
export async function sessionSecretOf(request: Request): Promise<string | undefined> {
  const token = readCookie(request, "session");
  if (!token) return undefined;
  const payload = await decode({ token, secret: env().NEXTAUTH_SECRET }).catch(() => null);
  return typeof payload?.sid === "string" && payload.sid ? payload.sid : undefined;
}
