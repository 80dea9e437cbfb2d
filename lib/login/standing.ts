import { and, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import {
  corporations, issuancePermissions, knownBrowsers, loginAttempts, loginPasswordSuspensions, sessions, stops, suspensions, tokens, users,
} from "@/drizzle/schema";
import { appNow } from "@/lib/platform/clock";
import { puttingTogetherOnce, type Tx } from "@/lib/platform/database";
import { fingerprint } from "@/lib/platform/keys";
import { knownFloor } from "@/lib/token/step-floor";

const inUse = alias(tokens, "in_use");
const issuance = alias(tokens, "issuance");
const seen = alias(users, "seen");

const revokedAt = sql`(select max(t.ended_at) from tokens t where t.user_id = ${users.id} and t.ended_because = 'revoked')`;

const passkeySince = sql`(select min(p.registered_at) from passkeys p where p.user_id = ${users.id} and p.removed_at is null)`;

/** Everything the rules ask about one user: spec section 1, read under the lock of the user's row. */
export type Standing = Awaited<ReturnType<typeof lockStandings>>[number];

const standingWhere = (which: SQL) => puttingTogetherOnce((db) =>
  db
    .select({
      now: appNow,
      seenRevision: seen.revision,
      user: users,
      corporation: corporations,
      inUse,
      issuance,
      revokedAt: revokedAt.mapWith(users.createdAt) as SQL<Date | null>,
      passkeySince: passkeySince.mapWith(users.createdAt) as SQL<Date | null>, // the first one's registration; null is 未登録
      suspendedAt: suspensions.suspendedAt,
      stop: { at: stops.stoppedAt, cause: stops.cause, by: stops.stoppedBy },
      passwordSuspendedAt: loginPasswordSuspensions.suspendedAt,
      passwordSuspendedBy: loginPasswordSuspensions.suspendedBy,
      permission: { id: issuancePermissions.id, opensAt: issuancePermissions.opensAt, closesAt: issuancePermissions.closesAt, cause: issuancePermissions.cause, openedBy: issuancePermissions.openedBy },
      halfLogin: loginAttempts,
      openSession: { id: sessions.id, level: sessions.level, passkeyOffered: sessions.passkeyOffered, openedAt: sessions.openedAt, provedAgainAt: sessions.provedAgainAt, expiresAt: sessions.expiresAt },
      browser: knownBrowsers,
      timeStepFloor: knownFloor,
    })
    .from(users)
    .innerJoin(seen, eq(seen.id, users.id))
    .innerJoin(corporations, eq(corporations.id, users.corporationId))
    .leftJoin(inUse, and(eq(inUse.userId, users.id), isNotNull(inUse.confirmedAt), isNull(inUse.endedAt)))
    .leftJoin(issuance, and(eq(issuance.userId, users.id), isNull(issuance.confirmedAt), isNull(issuance.endedAt)))
    .leftJoin(suspensions, and(eq(suspensions.userId, users.id), isNull(suspensions.liftedAt)))
    .leftJoin(stops, and(eq(stops.userId, users.id), isNull(stops.releasedAt)))
    .leftJoin(loginPasswordSuspensions, and(eq(loginPasswordSuspensions.userId, users.id), isNull(loginPasswordSuspensions.liftedAt)))
    .leftJoin(issuancePermissions, and(eq(issuancePermissions.userId, users.id), isNull(issuancePermissions.closedAt)))
    .leftJoin(loginAttempts, eq(loginAttempts.userId, users.id))
    .leftJoin(sessions, and(eq(sessions.userId, users.id), isNull(sessions.endedAt)))
    .leftJoin(knownBrowsers, and(eq(knownBrowsers.userId, users.id), eq(knownBrowsers.browserHash, sql.placeholder("browserHash"))))
    .where(and(which, isNull(users.deletedAt)))
    .orderBy(users.id) // several rows are locked in this order, whoever asks for them
    .for("update", { of: users })
    .prepare("standing"));

const byLoginId = standingWhere(sql`lower(${users.loginId}) = lower(${sql.placeholder("key")})`);
const byUserId = standingWhere(eq(users.id, sql.placeholder("key")));
// The user is looked up first: as a condition on the eleventh table of the join this came after `join_collapse_limit`, and every user was read.
const byHalfLogin = standingWhere(sql`${users.id} = (select user_id from ${loginAttempts} as attempt where attempt.secret_hash = ${sql.placeholder("key")})`);
const byUserIds = standingWhere(and(
  eq(users.corporationId, sql.placeholder("corporationId")), sql`${users.id} = any(${sql.placeholder("key")}::uuid[])`,
)!);

/**
 * Locks one user's row (or several, in the order of their ids) and reads everything the rules ask about the user, and the clock, in one statement.
 *
 * After a wait for the lock PostgreSQL reads the locked row anew but not what is joined to it (READ COMMITTED, 13.2.1). Every verb
 * raises `users.revision`; `seen` is the same row as of the statement's snapshot. Where the two differ somebody was here
 * meanwhile, and the statement is repeated, now under the lock.
 */
async function lockStandings(tx: Tx, statement: typeof byUserId, values: { key: string; browserHash?: string; corporationId?: string }) {
  const given = { ...values, browserHash: values.browserHash ?? "" };
  const standings = await statement(tx, given);
  const again = standings.some((standing) => standing.seenRevision !== standing.user.revision);
  return again ? statement(tx, given) : standings;
}

type Opened = { now: Date; standing: Standing | undefined };

const nobody = sql`(select 1) as nobody`;

const opening = (statement: typeof byUserId, key: string, browserHash?: string, instead = nobody) => async (tx: Tx): Promise<Opened> => {
  const [standing] = await lockStandings(tx, statement, { key, browserHash });
  if (standing) return { now: standing.now, standing };
  const [row] = await tx.select({ now: appNow }).from(instead);
  return { now: row!.now as Date, standing: undefined };
};

/** Where there is no such user a lock takes the row's place: requests at once wait for each other whether or not the login ID exists (R3). */
export const standingOfLoginId = (loginId: string, browserHash?: string) =>
  opening(byLoginId, loginId, browserHash, sql`pg_advisory_xact_lock(hashtextextended('login ID ' || lower(${loginId}), 0)) as nobody`);

export const standingOfUser = (userId: string, browserHash?: string) => opening(byUserId, userId, browserHash);

/** Those of these users that the company has, in the order of their ids. */
export const standingsOfUsers = (corporationId: string, userIds: string[]) => (tx: Tx): Promise<Standing[]> =>
  lockStandings(tx, byUserIds, { key: `{${userIds.join(",")}}`, corporationId });

/** By the half-login's cookie. Undefined when a newer login, a success or a suspension has taken it away. */
export const standingOfHalfLogin = (secret: string, browserHash?: string) =>
  opening(byHalfLogin, fingerprint(secret), browserHash);
