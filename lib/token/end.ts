import { eq, inArray } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import type { Work } from "@/lib/platform/transaction";

type TokenEnd = NonNullable<typeof tokens.$inferSelect["endedBecause"]>;

/** The end of a token's row: no secret outlives it. */
export const ended = (work: Work, because: TokenEnd) => ({
  endedAt: work.now, endedBecause: because, endedBy: work.actor.kind === "user" ? work.actor.id : null,
  sealedKey: null, activationPasswordHash: null, linkCodeMac: null, userNumber: null,
});

/** Ends tokens of one user in one statement, which others may refer to as `tokens_ended`. */
export function endTokens(work: Work, tokenIds: string[], because: TokenEnd): void {
  work.save("tokens_ended", work.tx.update(tokens).set(ended(work, because)).where(inArray(tokens.id, tokenIds)).returning({ id: tokens.id }));
}

export const tokenIs = (id: string) => eq(tokens.id, id);
