import { and } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { among } from "@/lib/platform/database";
import { actingUser, ours, type Work } from "@/lib/platform/transaction";

type TokenEnd = NonNullable<typeof tokens.$inferSelect["endedBecause"]>;

/** Ends tokens: no secret outlives one. Other statements of the transaction may refer to `tokens_ended`. */
export function endTokens(work: Work, tokenIds: string[], because: TokenEnd): void {
  const ended = {
    endedAt: work.now, endedBecause: because, endedBy: actingUser(work),
    sealedKey: null, activationPasswordHash: null, linkCodeMac: null, userNumber: null,
  };
  work.save("tokens_ended", work.tx.update(tokens).set(ended).where(and(ours(work, tokens), among(tokens.id, tokenIds))).returning({ id: tokens.id }));
}
