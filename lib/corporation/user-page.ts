import { and, desc, eq, inArray } from "drizzle-orm";
import { tokens, users } from "@/drizzle/schema";
import type { CurrentSession } from "@/lib/login/guards";
import { type Standing, standingsOfUsers } from "@/lib/login/standing";
import { database, withinDeadline } from "@/lib/platform/database";
import { type Attempt, attemptsOf } from "@/lib/suspension/attempts";
import { isRevocable } from "@/lib/token/revoke";
import { type UserAct, unfitFor, userActs } from "./act-on-user";
import { type Act, assignableClasses, may } from "./acts";
import { ableManagers } from "./managers";
import type { UserClass } from "./user-classes";
import { statesOfUser, type UserState, verdictOn } from "./user-states";

/** What whoever may look at a user is shown: a manager of the company, and the counter. */
export type UserFacts = {
  id: string; loginId: string; name: string; userClass: UserClass; mailAddress: string;
  verdict: { mayLogIn: boolean; words: string; until?: string };
  states: UserState[];
  attempts: Attempt[];
};

export type UserPage = UserFacts & {
  self: boolean;
  /** What the visitor may do to this user now. */
  acts: Act[];
  /** What of that would leave nobody able to lift (R21). */
  leavesNobody: boolean;
  assignable: UserClass[];
};

/** Everything a manager may know of one user of the company; undefined where the company has no such user. */
export async function userPage(session: CurrentSession, userId: string): Promise<UserPage | undefined> {
  const { corporation, user: visitor, now } = session;
  const [standing] = await withinDeadline(database().transaction(standingsOfUsers(corporation.id, [userId])));
  if (!standing) return undefined;
  const { able, shown } = await factsOf(standing, now);
  return {
    ...shown, self: shown.id === visitor.id,
    acts: actsOf(visitor, standing, now),
    leavesNobody: able.length > 0 && able.every(({ id }) => id === shown.id),
    assignable: assignableClasses(visitor),
  };
}

/** That, of a user by their standing, and who of the company could help. */
export async function factsOf(standing: Standing, now: Date): Promise<{ able: Awaited<ReturnType<typeof ableManagers>>; shown: UserFacts }> {
  const { user, corporation } = standing;
  const [able, attempts, revokedBy] = await Promise.all([
    ableManagers(database(), corporation.id, now),
    standing.suspendedAt ? attemptsOf(corporation.id, [user.id]).then((found) => found.get(user.id)!) : [],
    lastRevokedBy(corporation.id, user.id),
  ]);
  const names = await namesOf(corporation.id, [standing.stop?.by, standing.passwordSuspendedBy, standing.permission?.openedBy, revokedBy]);
  return {
    able,
    shown: {
      id: user.id, loginId: user.loginId, name: user.name, userClass: user.userClass, mailAddress: user.mailAddress, attempts,
      verdict: verdictOn(standing, now), states: statesOfUser(standing, now, able, { nameOf: (id) => (id === null ? undefined : names.get(id)), revokedBy }),
    },
  };
}

const fits: Partial<Record<Act, (standing: Standing, now: Date) => boolean>> = {
  lift_suspension: ({ suspendedAt }) => suspendedAt !== null,
  revoke_token: isRevocable,
};

function actsOf(visitor: CurrentSession["user"], standing: Standing, now: Date): Act[] {
  const onPage = ["lift_suspension", "revoke_token", ...userActs, "change", "change_user_class"] as const;
  return onPage.filter((act) => may(act, visitor, standing.user)
    && (fits[act]?.(standing, now) ?? true)
    && (!userActs.includes(act as UserAct) || unfitFor(act as UserAct, standing, now) === undefined));
}

/** Who of the company revoked this user's last token; null where nobody of it did. */
async function lastRevokedBy(corporationId: string, userId: string): Promise<string | null> {
  const [last] = await database().select({ by: tokens.endedBy }).from(tokens)
    .where(and(eq(tokens.corporationId, corporationId), eq(tokens.userId, userId), eq(tokens.endedBecause, "revoked"))).orderBy(desc(tokens.endedAt)).limit(1);
  return last?.by ?? null;
}

async function namesOf(corporationId: string, ids: (string | null | undefined)[]): Promise<Map<string, string>> {
  const known = ids.filter((id): id is string => Boolean(id));
  if (known.length === 0) return new Map();
  const rows = await database().select({ id: users.id, name: users.name }).from(users).where(and(eq(users.corporationId, corporationId), inArray(users.id, known)));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
