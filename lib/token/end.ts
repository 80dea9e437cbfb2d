import { inArray } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import type { Work } from "@/lib/platform/transaction";

type TokenEnd = NonNullable<typeof tokens.$inferSelect["endedBecause"]>;

/** Ends tokens of one user: no secret outlives it. Other statements of the transaction may refer to `tokens_ended`. */
export function endTokens(work: Work, tokenIds: string[], because: TokenEnd): void {
  const ended = {
    endedAt: work.now, endedBecause: because, endedBy: work.actor.kind === "user" ? work.actor.id : null,
    sealedKey: null, activationPasswordHash: null, linkCodeMac: null, userNumber: null,
  };
  work.save("tokens_ended", work.tx.update(tokens).set(ended).where(inArray(tokens.id, tokenIds)).returning({ id: tokens.id }));
}
