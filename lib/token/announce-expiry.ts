import { and, asc, eq, gt, isNotNull, isNull, lte } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { standingOfUser } from "@/lib/login/standing";
import { ourselves } from "@/lib/platform/caller";
import { days, later, readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { inOneTransaction } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { renewableFrom } from "./states";

/** 有効期限のお知らせ, once a token, from the moment it may be renewed (R14). One that has expired meanwhile is not announced any more: the login says so. */
export async function announceExpiringTokens(): Promise<void> {
  const { now } = await readClock(database());
  const expiring = await database().select({ userId: tokens.userId }).from(tokens)
    .where(and(
      isNotNull(tokens.confirmedAt), isNull(tokens.endedAt), isNull(tokens.expiryNoticeAt),
      gt(tokens.expiresAt, now), lte(tokens.expiresAt, later(now, days(policy.renewalDays))),
    ))
    .orderBy(asc(tokens.expiresAt)).limit(100);
  for (const { userId } of expiring) {
    await inOneTransaction(ourselves(), standingOfUser(userId), (work, { standing }) => {
      const token = standing?.inUse;
      if (!token?.expiresAt || token.expiryNoticeAt || renewableFrom(token.expiresAt) > work.now) return;
      const { user, corporation } = standing!;
      work.corporationId = corporation.id;
      work.save("expiry_announced", work.tx.update(tokens).set({ expiryNoticeAt: work.now }).where(eq(tokens.id, token.id)));
      work.raiseRevision(userId);
      work.mail({
        corporationId: corporation.id, userId, recipient: user.mailAddress,
        content: { kind: "token_expires_soon", userName: user.name, expiresAt: token.expiresAt.toISOString() },
      });
    }, { kind: "system" });
  }
}
