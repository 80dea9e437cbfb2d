import { eq, isNull, and } from "drizzle-orm";
import { decode, encode } from "next-auth/jwt";
import { staffKnownBrowsers, staffLoginAttempts, staffSessions } from "@/drizzle/schema";
import type { Browser } from "@/lib/login/browser";
import { hours, later } from "@/lib/platform/clock";
import { readCookie, setCookie } from "@/lib/platform/cookies";
import { env } from "@/lib/platform/env";
import { fingerprint, newSecret } from "@/lib/platform/keys";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { StaffStanding } from "./standing";

export type StaffSessionEnd = NonNullable<typeof staffSessions.$inferSelect["endedBecause"]>;

const salt = "ichido staff session"; // a customer's cookie does not open as one of ours, nor the reverse

/** As the customers': an encrypted JWT of next-auth that holds the session's secret and nothing else. The row decides. */
export async function staffSessionCookie(secret: string): Promise<string> {
  const maxAge = policy.absoluteHours * 3_600;
  return setCookie("staffSession", await encode({ token: { sid: secret }, secret: env().NEXTAUTH_SECRET, salt, maxAge }), maxAge);
}

/** Undefined for a cookie that is absent, tampered with or not ours. */
export async function staffSecretOf(request: Request): Promise<string | undefined> {
  const token = readCookie(request, "staffSession");
  if (!token) return undefined;
  const payload = await decode({ token, secret: env().NEXTAUTH_SECRET, salt }).catch(() => null);
  return typeof payload?.sid === "string" && payload.sid ? payload.sid : undefined;
}

/**
 * The end of a staff login, or of a change of the password: an older session ends (R25), the new one has a secret of its own, and the browser is known from now on.
 * `before`: the session that goes on as this one. Its last second factor and its absolute end stay as they were: a password proves less.
 */
export async function openStaffSession(work: Work, standing: StaffStanding, browser: Browser, before?: StaffStanding["openSession"]): Promise<{ secret: string }> {
  const secret = newSecret();
  await endStaffSession(work, standing, "replaced");
  await work.tx.delete(staffLoginAttempts).where(eq(staffLoginAttempts.staffId, standing.staff.id));
  await work.tx.insert(staffSessions).values({
    staffId: standing.staff.id, secretHash: fingerprint(secret), openedAt: work.now, provedAgainAt: before?.provedAt, lastSeenAt: work.now,
    expiresAt: before?.expiresAt ?? later(work.now, hours(policy.absoluteHours)), network: work.caller.network, browser: work.caller.browser,
  });
  await work.tx.insert(staffKnownBrowsers).values({ staffId: standing.staff.id, browserHash: browser.hash }).onConflictDoNothing();
  work.record({ name: "staff.session_opened" });
  return { secret };
}

/** Ends what is open: session and half a login. */
export async function endStaffAccess(work: Work, standing: StaffStanding, because: StaffSessionEnd): Promise<void> {
  await endStaffSession(work, standing, because);
  await work.tx.delete(staffLoginAttempts).where(eq(staffLoginAttempts.staffId, standing.staff.id));
}

export async function endStaffSession(work: Work, { staff: { id }, openSession }: StaffStanding, because: StaffSessionEnd): Promise<void> {
  if (!openSession) return;
  await work.tx.update(staffSessions).set({ endedAt: work.now, endedBecause: because }).where(and(eq(staffSessions.staffId, id), isNull(staffSessions.endedAt)));
  work.record({ name: "staff.session_ended", because });
}
