import { and, eq, isNull, lt, sql } from "drizzle-orm";
import { staff, staffSessions } from "@/drizzle/schema";
import { browserOf } from "@/lib/login/browser";
import { overdue, seenEverySeconds, sessionAnswer } from "@/lib/login/session-life";
import type { AuditEvent } from "@/lib/audit/events";
import { type Caller, callerOf } from "@/lib/platform/caller";
import { appNow } from "@/lib/platform/clock";
import { readCookie } from "@/lib/platform/cookies";
import { database, type Tx, withinDeadline } from "@/lib/platform/database";
import { NotAllowed } from "@/lib/platform/http";
import { fingerprint } from "@/lib/platform/keys";
import { byTheClock, inOneTransaction, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { RefusalReason } from "@/lib/refusals";
import type { StaffViewer } from "./answers";
import { type StaffAct, staffMay } from "./duties";
import { passkeysAreRequired, staffPasskeysOf } from "./passkey-store";
import { endStaffSession, staffSecretOf, type StaffSessionEnd } from "./session";
import { lastProof, standingOfStaff, standingOfStaffHalfLogin } from "./standing";

export type StaffSession = NonNullable<Awaited<ReturnType<typeof readSession>>>;

async function readSession(secretHash: string, prolong: boolean) {
  if (prolong) {
    await withinDeadline(database().update(staffSessions).set({ lastSeenAt: sql`app_now()` }).where(and(
      eq(staffSessions.secretHash, secretHash), isNull(staffSessions.endedAt), lt(staffSessions.lastSeenAt, sql`app_now() - make_interval(secs => ${seenEverySeconds})`),
      sql`${staffSessions.lastSeenAt} > app_now() - make_interval(mins => ${policy.idleMinutes})`, sql`${staffSessions.expiresAt} > app_now()`,
    )));
  }
  const [row] = await withinDeadline(database()
    .select({
      now: appNow, id: staffSessions.id, expiresAt: staffSessions.expiresAt, lastSeenAt: staffSessions.lastSeenAt, provedAt: lastProof, endedBecause: staffSessions.endedBecause,
      staff: { id: staff.id, staffId: staff.staffId, name: staff.name, branch: staff.branch, duty: staff.duty, passwordTemporary: staff.passwordTemporary },
    })
    .from(staffSessions).innerJoin(staff, and(eq(staff.id, staffSessions.staffId), isNull(staff.endedAt)))
    .where(eq(staffSessions.secretHash, secretHash)));
  return row as (typeof row & { now: Date }) | undefined;
}

const told: Record<StaffSessionEnd, RefusalReason> = {
  logout: "staff_not_logged_in", replaced: "staff_session_replaced", idle: "staff_session_timed_out", absolute: "staff_session_expired", changed: "staff_session_changed",
};

/** `unready`: also of one who has a temporary password to change, or a required passkey to register. */
type Options = { prolong?: boolean; unready?: "any" | "without_passkey" };

/** The bank requires a passkey, and this member of staff has none: then a one-time password opens nothing but its registration. */
export const passkeyIsMissing = async (staffId: string): Promise<boolean> =>
  passkeysAreRequired() && (await withinDeadline(staffPasskeysOf(database(), staffId))).length === 0;

/** An open staff session, by its row, with the duty that the staff row has now. Refuses, and says how the session ended. */
async function openSessionOf(request: Request, { prolong = true, unready }: Options): Promise<StaffSession> {
  const secret = await staffSecretOf(request);
  const session = secret && (await readSession(fingerprint(secret), prolong));
  if (!session) throw new NotAllowed({ reason: "staff_not_logged_in" });
  if (session.endedBecause) throw new NotAllowed({ reason: told[session.endedBecause] });
  const because = overdue(session);
  if (because) {
    await inOneTransaction(callerOf(request), standingOfStaff(session.staff.id), async (work, { standing }) => {
      if (standing?.openSession?.id === session.id) await endStaffSession(work, standing, because); // half a login of theirs goes on
    }, { kind: "system" });
    throw new NotAllowed({ reason: told[because] });
  }
  if (session.staff.passwordTemporary && unready !== "any") throw new NotAllowed({ reason: "staff_password_change_needed" });
  if (!unready && (await passkeyIsMissing(session.staff.id))) throw new NotAllowed({ reason: "staff_passkey_missing" });
  return session;
}

/** A member of staff whose duty lets them do this. Whoever else acts is refused, and it is recorded. Customers' cookies are worth nothing here. */
export async function requireStaff(request: Request, act: StaffAct, options: Options = {}): Promise<StaffSession> {
  let session: StaffSession | undefined;
  try {
    session = await openSessionOf(request, { ...options, ...(act === "keep_passkeys" && { unready: "without_passkey" }) });
    if (!staffMay(act, session.staff.duty)) throw new NotAllowed({ reason: "staff_not_permitted" });
    return session;
  } catch (error) {
    return recordedIfRefused(request, error, session);
  }
}

/** Whoever acts without the right to is in the log; who only looks without a session is not. */
async function recordedIfRefused(request: Request, error: unknown, session: StaffSession | undefined): Promise<never> {
  if (error instanceof NotAllowed && (request.method === "POST" || session)) await recordRefusal(request, error.refusal.reason, session);
  throw error;
}

/** A guard for a form's handler. */
export const byStaff = (act: StaffAct) => (request: Request): Promise<StaffSession> => requireStaff(request, act);

/** Of what was asked for there is nothing: said, and recorded, so that numbers are not tried out unseen. */
export async function refuseRead(request: Request, session: StaffSession, reason: RefusalReason): Promise<never> {
  await recordRefusal(request, reason, session);
  throw new NotAllowed({ reason });
}

/** A session of any kind: of one who still has to change a temporary password or to register a passkey, too. A refused POST is recorded. */
export const requireAnyStaff = (request: Request, options: Options = {}): Promise<StaffSession> =>
  openSessionOf(request, { ...options, unready: "any" }).catch((error: unknown) => recordedIfRefused(request, error, undefined));

const recordRefusal = (request: Request, reason: RefusalReason, session: StaffSession | undefined) =>
  inOneTransaction(callerOf(request), byTheClock, (work) => work.record({ name: "staff.access_refused", reason, path: new URL(request.url).pathname.slice(0, 200) }),
    session ? staffActor(session) : { kind: "anonymous" });

export const staffActor = ({ staff: { id } }: StaffSession) => ({ kind: "staff", id }) as const;

export const staffViewer = (session: StaffSession): StaffViewer => {
  const { staffId, name, branch, duty } = session.staff;
  return { staff: { staffId, name, branch, duty }, session: sessionAnswer(session) };
};

/** Reading is recorded before anything is shown, once for each company it is about: what cannot be recorded is not shown. */
export const recordRead = (caller: Caller, session: StaffSession, event: AuditEvent, corporationIds: string[] = []): Promise<void> =>
  inOneTransaction(caller, byTheClock, (work) => {
    if (corporationIds.length === 0) work.record(event);
    for (const corporationId of corporationIds) work.record(event, { corporationId });
  }, staffActor(session));

/** Opens a verb of the console: locks the staff row and asks again what the guard asked. Session and duty may have gone meanwhile (ADM-05). */
export const standingOfStaffSession = (session: StaffSession, act?: StaffAct, browserHash?: string) => async (tx: Tx) => {
  const { now, standing } = await standingOfStaff(session.staff.id, browserHash)(tx);
  if (standing?.openSession?.id !== session.id) throw new NotAllowed({ reason: "staff_session_changed" });
  if (act && !staffMay(act, standing.staff.duty)) throw new NotAllowed({ reason: "staff_not_permitted" });
  return { now, standing };
};

/** A verb of the console in its transaction. What the guard allowed and the locks refuse is recorded, too, although nothing else of it stays. */
export async function actAsStaff<Opening extends { now: Date }, Value>(
  request: Request, caller: Caller, session: StaffSession, open: (tx: Tx) => Promise<Opening>, verb: (work: Work, opening: Opening) => Promise<Value> | Value,
): Promise<Value> {
  try {
    return await inOneTransaction(caller, open, verb, staffActor(session));
  } catch (error) {
    return recordedIfRefused(request, error, session);
  }
}

/** Half a staff login's secret; the row decides. */
export function standingBehindStaffHalfLogin(request: Request) {
  const secret = readCookie(request, "staffHalfLogin");
  if (!secret) throw new NotAllowed({ reason: "staff_half_login_expired" });
  return standingOfStaffHalfLogin(secret, browserOf(request)?.hash);
}
