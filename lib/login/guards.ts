import { and, eq, isNull, lt, type SQL, sql } from "drizzle-orm";
import { corporations, sessions, users } from "@/drizzle/schema";
import { isManager } from "@/lib/corporation/user-classes";
import type { ViewerAnswer } from "@/lib/platform/answer";
import { type Caller, callerOf } from "@/lib/platform/caller";
import { appNow } from "@/lib/platform/clock";
import { readCookie } from "@/lib/platform/cookies";
import { database, type Tx, withinDeadline } from "@/lib/platform/database";
import { NotAllowed } from "@/lib/platform/http";
import { fingerprint } from "@/lib/platform/keys";
import { byTheClock, inOneTransaction, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { RefusalReason } from "@/lib/refusals";
import { browserOf } from "./browser";
import { endSession, type SessionEnd, type SessionLevel } from "./session";
import { sessionSecretOf } from "./session-cookie";
import { overdue, seenEverySeconds, sessionAnswer } from "./session-life";
import { type Standing, standingOfHalfLogin, standingOfUser } from "./standing";

export type CurrentSession = NonNullable<Awaited<ReturnType<typeof readSession>>>;

/** Columns that a route needs beside the session's own, from `sessions`, `users` and `corporations`: one statement for both. */
type More = Record<string, SQL>;
type ValuesOf<Columns extends More> = { [Name in keyof Columns]: Columns[Name] extends SQL<infer Value> ? Value : never };

async function readSession(secretHash: string, prolong: boolean, more: More) {
  const seenAgain = database().$with("seen_again").as(
    database().update(sessions).set({ lastSeenAt: sql`app_now()` })
      .where(and(
        eq(sessions.secretHash, secretHash), isNull(sessions.endedAt),
        lt(sessions.lastSeenAt, sql`app_now() - make_interval(secs => ${seenEverySeconds})`),
        sql`${sessions.lastSeenAt} > app_now() - make_interval(mins => ${policy.idleMinutes})`,
        sql`${sessions.expiresAt} > app_now()`,
      ))
      .returning({ id: sessions.id }),
  );
  const query = prolong ? database().with(seenAgain) : database();
  const [row] = await withinDeadline(query
    .select({
      now: appNow,
      id: sessions.id,
      level: sessions.level,
      expiresAt: sessions.expiresAt,
      lastSeenAt: prolong
        ? sql`case when exists (select from seen_again) then app_now() else ${sessions.lastSeenAt} end`.mapWith(sessions.lastSeenAt)
        : sessions.lastSeenAt,
      endedBecause: sessions.endedBecause,
      user: { id: users.id, loginId: users.loginId, name: users.name, userClass: users.userClass, mailAddress: users.mailAddress },
      corporation: { id: corporations.id, name: corporations.name },
      ...(more as object),
    })
    .from(sessions)
    .innerJoin(users, and(eq(users.id, sessions.userId), eq(users.corporationId, sessions.corporationId), isNull(users.deletedAt)))
    .innerJoin(corporations, eq(corporations.id, sessions.corporationId))
    .where(eq(sessions.secretHash, secretHash)));
  return row as (typeof row & { now: Date; lastSeenAt: Date }) | undefined;
}

const told: Record<SessionEnd, RefusalReason> = {
  logout: "not_logged_in", replaced: "session_replaced", idle: "session_timed_out", absolute: "session_expired", suspended: "session_suspended",
  revoked: "session_ended", stopped: "session_ended", user_class_changed: "session_ended", password_changed: "session_ended", service_changed: "session_ended",
  deleted: "session_ended",
};

/** An open session of any level, by its row. Refuses, and says how the session ended. `prolong: false` is for a look that is no use. */
async function requireSession<Columns extends More = Record<never, SQL>>(
  request: Request, { prolong = true, more }: { prolong?: boolean; more?: Columns } = {},
): Promise<CurrentSession & ValuesOf<Columns>> {
  const secret = await sessionSecretOf(request);
  const session = secret && (await readSession(fingerprint(secret), prolong, more ?? {}));
  if (!session) throw new NotAllowed({ reason: "not_logged_in" });
  const subject = { userId: session.user.id, corporationId: session.corporation.id };
  if (session.endedBecause) throw new NotAllowed({ reason: told[session.endedBecause] }, subject);
  const because = overdue(session);
  if (because) {
    await endOverdue(callerOf(request), session, because);
    throw new NotAllowed({ reason: told[because] }, subject);
  }
  return session as CurrentSession & ValuesOf<Columns>;
}

const endOverdue = (caller: Caller, session: CurrentSession, because: "idle" | "absolute") =>
  inOneTransaction(caller, standingOfUser(session.user.id), (work, { standing }) => {
    if (standing?.openSession?.id !== session.id) return;
    work.corporationId = session.corporation.id;
    endSession(work, standing, because);
  }, { kind: "system" });

/** What a session that is not full waits for, and may do. */
const waitsFor = { password_change: "password_change_needed", passkey_registration: "passkey_registration_needed" } as const satisfies Record<Exclude<SessionLevel, "full">, RefusalReason>;

const permitted = <Session extends CurrentSession>(session: Session, refused: RefusalReason | undefined): Session => {
  if (refused) throw new NotAllowed({ reason: refused }, { userId: session.user.id, corporationId: session.corporation.id });
  return session;
};

/** Whoever acts without the right to is recorded; at a form of their own only who is known. */
async function recordingActs<Value>(request: Request, guard: () => Promise<Value>, alsoOfNobody = false): Promise<Value> {
  try {
    return await guard();
  } catch (error) {
    const recorded = error instanceof NotAllowed && (request.method === "POST" ? error.subject || alsoOfNobody : error.refusal.reason === "not_permitted");
    if (recorded) await recordRefusal(request, error);
    throw error;
  }
}

async function sessionOfLevel<Columns extends More = Record<never, SQL>>(
  request: Request, or: SessionLevel, options?: { prolong?: boolean; more?: Columns },
): Promise<CurrentSession & ValuesOf<Columns>> {
  const session = await requireSession(request, options);
  return permitted(session, session.level !== "full" && session.level !== or ? waitsFor[session.level] : undefined);
}

const requireLevel = <Columns extends More = Record<never, SQL>>(
  request: Request, or: SessionLevel, options?: { prolong?: boolean; more?: Columns },
): Promise<CurrentSession & ValuesOf<Columns>> => recordingActs(request, () => sessionOfLevel(request, or, options));

/** The user of a full session. Refuses half-logins, ended sessions, and whoever has a temporary password to change or a passkey to register first. */
export const requireUser = <Columns extends More = Record<never, SQL>>(
  request: Request, options?: { prolong?: boolean; more?: Columns },
): Promise<CurrentSession & ValuesOf<Columns>> => requireLevel(request, "full", options);

/** Also whose session waits for the change of a temporary password. */
export const requirePasswordChanger = (request: Request): Promise<CurrentSession> => requireLevel(request, "password_change");

/** Also whose session waits for the registration of the passkey that the contract requires. */
export const requirePasskeyRegistrant = (request: Request): Promise<CurrentSession> => requireLevel(request, "passkey_registration");

/** A master or administrator. Whoever else tries to act is refused, and it is recorded, as is a general user who only looks. */
export const requireManager = <Columns extends More = Record<never, SQL>>(
  request: Request, options?: { more?: Columns },
): Promise<CurrentSession & ValuesOf<Columns>> =>
  recordingActs(request, async () => {
    const session = await sessionOfLevel(request, "full", options);
    return permitted(session, isManager(session.user.userClass) ? undefined : "not_permitted");
  }, true);

const recordRefusal = (request: Request, { refusal, subject }: NotAllowed) =>
  inOneTransaction(callerOf(request), byTheClock, (work) => {
    work.corporationId = subject?.corporationId;
    work.record({ name: "access.refused", userId: subject?.userId, reason: refusal.reason });
  }, subject ? { kind: "user", id: subject.userId, corporationId: subject.corporationId } : { kind: "anonymous" });

/** A session of any level: also one that waits for something, and may do just that, go on, and end. */
export const requireAnySession = (request: Request, options?: { prolong: boolean }): Promise<CurrentSession> => requireSession(request, options);

export const actorOf = (session: CurrentSession) =>
  ({ kind: "user", id: session.user.id, corporationId: session.corporation.id }) as const;

export const viewerAnswer = (session: CurrentSession): ViewerAnswer => ({
  company: session.corporation.name,
  user: { loginId: session.user.loginId, name: session.user.name, userClass: session.user.userClass },
  isManager: isManager(session.user.userClass),
  session: sessionAnswer(session),
});

/** Opens the user's standing for a verb, provided this session is still the user's open one once the row is locked. */
export const standingOfSession = (session: CurrentSession, browserHash?: string) => async (tx: Tx) => {
  const opened = await standingOfUser(session.user.id, browserHash)(tx);
  if (opened.standing?.openSession?.id !== session.id) throw new NotAllowed({ reason: "session_ended" });
  return { now: opened.now, standing: opened.standing };
};

/** A verb of the session's own user in its transaction. `browserHash` where it matters what this browser is known for. */
export const actAsUser = <Value>(
  caller: Caller, session: CurrentSession, verb: (work: Work, standing: Standing) => Promise<Value> | Value, browserHash?: string,
): Promise<Value> =>
  inOneTransaction(caller, standingOfSession(session, browserHash), (work, { standing }) => {
    work.corporationId = session.corporation.id;
    return verb(work, standing);
  }, actorOf(session));

/** The half-login's secret. It opens nothing but the next step of the login; `halfLoginHolds` decides on the row. */
function requireHalfLogin(request: Request): string {
  const secret = readCookie(request, "halfLogin");
  if (!secret) throw new NotAllowed({ reason: "half_login_expired" });
  return secret;
}

/** The standing behind the request's half-login, with what this browser is known for. */
export const standingBehindHalfLogin = (request: Request) => standingOfHalfLogin(requireHalfLogin(request), browserOf(request)?.hash);

type Applicant = { now: Date; standing: Standing; via: "half_login" } | { now: Date; standing: Standing; via: "session"; session: CurrentSession };

/**
 * Who may see the issuance's screens: a half-login (first token, or a lapsed one), or a full session (renewal). A live half-login is the newer of the two.
 * Answers the opening of a transaction; it refuses when neither holds.
 */
export async function requireApplicant(request: Request, options?: { prolong: boolean }): Promise<(tx: Tx) => Promise<Applicant>> {
  const secret = readCookie(request, "halfLogin");
  const session = await requireUser(request, options).catch((error: unknown) => {
    if (error instanceof NotAllowed) return undefined;
    throw error;
  });
  if (!secret && !session) throw new NotAllowed({ reason: "half_login_expired" });

  return async (tx) => {
    const { now, standing } = secret ? await standingOfHalfLogin(secret, browserOf(request)?.hash)(tx) : { now: undefined, standing: undefined };
    if (now && standing?.halfLogin && standing.halfLogin.expiresAt > now) return { now, standing, via: "half_login" };
    if (!session) throw new NotAllowed({ reason: "half_login_expired" });
    return { ...(await standingOfSession(session)(tx)), via: "session", session };
  };
}
