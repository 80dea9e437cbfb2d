import { and, asc, eq, isNull } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { standingOfUser } from "@/lib/login/standing";
import { ourselves } from "@/lib/platform/caller";
import { readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { inOneTransaction, ours } from "@/lib/platform/transaction";
import { endsSoon } from "./in-use";
import { renewableFrom } from "./states";

/** 有効期限のお知らせ, once a token, from the moment it may be renewed (R14). One that has expired meanwhile is not announced any more: the login says so. */
export async function announceExpiringTokens(): Promise<void> {
  const { now } = await readClock(database());
  const expiring = await database().select({ userId: tokens.userId }).from(tokens)
    .where(and(endsSoon(now), isNull(tokens.expiryNoticeAt)))
    .orderBy(asc(tokens.expiresAt)).limit(100);
  for (const { userId } of expiring) {
    await inOneTransaction(ourselves(), standingOfUser(userId), (work, { standing }) => {
      const token = standing?.inUse;
      if (!token?.expiresAt || token.expiryNoticeAt || renewableFrom(token.expiresAt) > work.now) return;
      const { user, corporation } = standing!;
      work.corporationId = corporation.id;
      work.save("expiry_announced", work.tx.update(tokens).set({ expiryNoticeAt: work.now }).where(and(ours(work, tokens), eq(tokens.id, token.id))));
      work.raiseRevision(userId);
      work.mail({
        corporationId: corporation.id, userId, recipient: user.mailAddress,
        content: { kind: "token_expires_soon", userName: user.name, expiresAt: token.expiresAt.toISOString() },
      });
    }, { kind: "system" });
  }
}
