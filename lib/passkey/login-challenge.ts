import { randomUUID } from "node:crypto";
import { eq, lt } from "drizzle-orm";
import { passkeyLoginChallenges } from "@/drizzle/schema";
import { setCookie } from "@/lib/platform/cookies";
import { later, minutes, readClock } from "@/lib/platform/clock";
import { database, type Tx } from "@/lib/platform/database";
import { fingerprint, newSecret } from "@/lib/platform/keys";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";

/* Challenges of whoever is not known yet: each is of one browser, by a cookie that opens nothing, and is presented once. */

export type LoginChallenge = typeof passkeyLoginChallenges.$inferSelect;

/** A new one for a browser; `secret` is for its cookie, where it takes an earlier one's place. */
export function makeLoginChallenge(work: Work): { secret: string; challenge: string } {
  const secret = newSecret();
  const challenge = newSecret();
  work.save("passkey_login_challenge", work.tx.insert(passkeyLoginChallenges).values({
    id: randomUUID(), secretHash: fingerprint(secret), challenge, createdAt: work.now, expiresAt: later(work.now, minutes(policy.passkeyChallengeMinutes)),
  }));
  return { secret, challenge };
}

/** Uses up the browser's challenge, at once, whatever it is answered with. Of several who ask at the same time one is given it. */
export async function takeLoginChallenge(tx: Tx, secret: string): Promise<LoginChallenge | undefined> {
  const [taken] = await tx.delete(passkeyLoginChallenges).where(eq(passkeyLoginChallenges.secretHash, fingerprint(secret))).returning();
  return taken;
}

/** Challenges that nobody may answer any more. */
export async function eraseLoginChallenges(): Promise<void> {
  const { now } = await readClock(database());
  await database().delete(passkeyLoginChallenges).where(lt(passkeyLoginChallenges.expiresAt, now));
}

/** Ends with its challenge; the row decides. */
export const loginChallengeCookie = (secret: string): string => setCookie("passkeyLogin", secret, policy.passkeyChallengeMinutes * 60);
