import { eq } from "drizzle-orm";
import { corporations } from "@/drizzle/schema";
import { type Authentication, authenticationOf, noPasskeyNeeded } from "@/lib/corporation/authentication";
import { days, later, readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { sortableDate } from "@/lib/platform/japan-time";

/** For tests: what the demo's contract asks of its users, put there; `inDays` from today. */
export async function contractAsks(changes: Partial<Authentication>, contractNumber = "1000001"): Promise<void> {
  const authentication = authenticationOf({ stepUpPolicy: "managers_with_passkey", ...noPasskeyNeeded, ...changes });
  await database().update(corporations).set(authentication).where(eq(corporations.contractNumber, contractNumber));
}

export async function requiresPasskeys(inDays = 0): Promise<void> {
  const { now } = await readClock(database());
  await contractAsks({ passkeyPolicy: "required", passkeyRequiredFrom: sortableDate(later(now, days(inDays))) });
}
