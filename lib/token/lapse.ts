import { and, asc, isNull, lte } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { standingOfUser } from "@/lib/login/standing";
import { ourselves } from "@/lib/platform/caller";
import { readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { inOneTransaction } from "@/lib/platform/transaction";
import { endTokens } from "./end";
import { isLive } from "./states";

/**
 * Erases the secrets of issuances whose validity is over. No rule waits for it: a lapsed issuance is 非登録 by arithmetic,
 * this only sees to it that an activation password does not outlive its use.
 */
export async function endLapsedIssuances(): Promise<void> {
  const { now } = await readClock(database());
  const lapsed = await database().select({ userId: tokens.userId }).from(tokens)
    .where(and(isNull(tokens.confirmedAt), isNull(tokens.endedAt), lte(tokens.lapsesAt, now))).orderBy(asc(tokens.lapsesAt)).limit(100);
  for (const { userId } of lapsed) {
    await inOneTransaction(ourselves(), standingOfUser(userId), (work, { standing }) => {
      const issuance = standing?.issuance;
      if (!standing || !issuance || isLive(issuance, work.now)) return;
      work.corporationId = standing.corporation.id;
      endTokens(work, [issuance.id], "lapsed");
      work.raiseRevision(userId);
      work.record({ name: "token.ended", userId, tokenId: issuance.id, because: "lapsed" });
    }, { kind: "system" });
  }
}
