import { and, desc, eq } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { halfLoginHolds } from "@/lib/login/present-one-time-password";
import type { Standing } from "@/lib/login/standing";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { tokenState } from "./states";

/** Why the confirmation is closed to a half-login; undefined while it is open. */
export async function closedToHalfLogin(work: Work, standing: Standing): Promise<Refusal | undefined> {
  const ended = await endedIssuance(work, standing);
  if (ended) return ended;
  const held = await halfLoginHolds(work, standing, "confirmation");
  return held.ok ? undefined : held.refusal;
}

/** The issuance is over: wrong set-ups, or its validity. Undefined while there is one, or where another rule speaks. */
async function endedIssuance(work: Work, standing: Standing): Promise<Refusal<"issuance_ended" | "issuance_failed_set_up"> | undefined> {
  const state = tokenState(standing, work.now);
  if (state !== "unregistered" && state !== "expired") return undefined;
  const [last] = await work.tx.select({ endedBecause: tokens.endedBecause }).from(tokens)
    .where(and(eq(tokens.userId, standing.user.id), eq(tokens.corporationId, standing.corporation.id))).orderBy(desc(tokens.issuedAt)).limit(1);
  return { reason: last?.endedBecause === "set_up_failed" ? "issuance_failed_set_up" : "issuance_ended" };
}
