import { and, eq, lt } from "drizzle-orm";
import { actResults, corporations, users } from "@/drizzle/schema";
import { appNow, later, minutes, readClock } from "@/lib/platform/clock";
import { readCookie, setCookie } from "@/lib/platform/cookies";
import { database, withinDeadline } from "@/lib/platform/database";
import { NotAllowed } from "@/lib/platform/http";
import { fingerprint, newSecret } from "@/lib/platform/keys";
import type { Work } from "@/lib/platform/transaction";
import { type RefusalReason, resultMinutes } from "@/lib/refusals";
import type { TokenState } from "@/lib/token/state-names";
import type { UserClass } from "./user-classes";
import type { Operation } from "./operator";

/** What came of one act on one user. `user` is null for one that the company does not have. */
export type ActResultRow = {
  user: { loginId: string; name: string; userClass: UserClass } | null;
  outcome: "done" | RefusalReason;
  suspended?: boolean;
  tokenState?: TokenState;
  reissuableAt?: string;
};

type Kind = typeof actResults.$inferInsert["kind"];

/** Keeps the result in the act's own transaction. Answers the secret of the one-act cookie (R16). */
export function keepActResult(work: Work, { operator }: Operation, kind: Kind, rows: ActResultRow[]): { secret: string } {
  const secret = newSecret();
  work.save("act_result", work.tx.insert(actResults).values({
    id: work.caller.requestId, corporationId: operator.corporation.id, operatorId: operator.user.id, kind, secretHash: fingerprint(secret), rows,
    actedAt: work.now, expiresAt: later(work.now, minutes(resultMinutes)),
  }));
  return { secret };
}

export const actResultCookie = (secret: string): string => setCookie("actResult", secret, resultMinutes * 60);

/** The result behind the request's one-act cookie. Refuses when there is none, it is another act's, or its time is over. It opens nothing else. */
export async function requireActResult(request: Request, kind: Kind) {
  const secret = readCookie(request, "actResult");
  const [found] = secret === undefined ? [] : await withinDeadline(database()
    .select({ now: appNow, id: actResults.id, rows: actResults.rows, actedAt: actResults.actedAt, expiresAt: actResults.expiresAt, operator: { id: users.id, name: users.name, userClass: users.userClass, loginId: users.loginId }, company: corporations.name })
    .from(actResults)
    .innerJoin(users, and(eq(users.id, actResults.operatorId), eq(users.corporationId, actResults.corporationId)))
    .innerJoin(corporations, eq(corporations.id, actResults.corporationId))
    .where(and(eq(actResults.secretHash, fingerprint(secret)), eq(actResults.kind, kind))));
  if (!found || found.expiresAt <= (found.now as Date)) throw new NotAllowed({ reason: "result_gone" });
  return { ...found, rows: found.rows as ActResultRow[] };
}

/** Results that nobody may read any more. */
export async function eraseActResults(): Promise<void> {
  const { now } = await readClock(database());
  await database().delete(actResults).where(lt(actResults.expiresAt, now));
}
