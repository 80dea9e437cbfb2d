import { randomUUID } from "node:crypto";
import { and, asc, eq, gt, isNull, lt } from "drizzle-orm";
import { passkeyChallenges, passkeys } from "@/drizzle/schema";
import type { Standing } from "@/lib/login/standing";
import { later, minutes, readClock } from "@/lib/platform/clock";
import { among, database, type Tx } from "@/lib/platform/database";
import { newSecret } from "@/lib/platform/keys";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";

export type Passkey = typeof passkeys.$inferSelect;

/** What a challenge is for, and the one half-login or session that may answer it. */
export type Binding = { purpose: "login"; halfLoginHash: string } | { purpose: "registration" | "approval"; sessionId: string };

/** What every new challenge is, whoever it is for. */
export const freshChallenge = (work: Work) =>
  ({ id: randomUUID(), challenge: newSecret(), createdAt: work.now, expiresAt: later(work.now, minutes(policy.passkeyChallengeMinutes)), nonce: null, halfLoginHash: null, sessionId: null });

type Owner = Pick<Standing, "user" | "corporation">;

/** What a challenge of an approval is made of: see `lib/approval/statement.ts`. */
type Made = { challenge: string; nonce: string };

/** A new challenge; an earlier one of this user's for the same purpose, not yet presented, is none any more. */
export function makeChallenge(work: Work, { user, corporation }: Owner, binding: Binding, made?: Made): string {
  const row = { ...freshChallenge(work), ...made, corporationId: corporation.id, ...binding };
  work.save("passkey_challenge", work.tx.insert(passkeyChallenges).values({ userId: user.id, ...row }).onConflictDoUpdate({
    target: [passkeyChallenges.userId, passkeyChallenges.purpose], targetWhere: isNull(passkeyChallenges.usedAt), set: row,
  }));
  return row.challenge;
}

export type Challenge = Pick<typeof passkeyChallenges.$inferSelect, "id" | "challenge" | "nonce" | "createdAt">;
const shown = { id: passkeyChallenges.id, challenge: passkeyChallenges.challenge, nonce: passkeyChallenges.nonce, createdAt: passkeyChallenges.createdAt };

/** Not presented before, not too old, and of this user, purpose and half-login or session. */
const openChallenge = (work: Work, { user, corporation }: Owner, binding: Binding) => and(
  eq(passkeyChallenges.corporationId, corporation.id), eq(passkeyChallenges.userId, user.id), eq(passkeyChallenges.purpose, binding.purpose),
  binding.purpose === "login" ? eq(passkeyChallenges.halfLoginHash, binding.halfLoginHash) : eq(passkeyChallenges.sessionId, binding.sessionId),
  isNull(passkeyChallenges.usedAt), gt(passkeyChallenges.expiresAt, work.now),
);

/** Uses up an open challenge before what answers it is looked at. Undefined where there is none. */
export async function takeChallenge(work: Work, owner: Owner, binding: Binding, challenge: string): Promise<Challenge | undefined> {
  const [taken] = await work.tx.update(passkeyChallenges).set({ usedAt: work.now })
    .where(and(eq(passkeyChallenges.challenge, challenge), openChallenge(work, owner, binding))).returning(shown);
  return taken;
}

/** The open challenge, for what does not name it: a code may be mistyped and typed again. */
export async function findOpenChallenge(work: Work, owner: Owner, binding: Binding): Promise<Challenge | undefined> {
  const [found] = await work.tx.select(shown).from(passkeyChallenges).where(openChallenge(work, owner, binding));
  return found;
}

/** Challenges that nobody may answer any more. */
export async function eraseChallenges(): Promise<void> {
  const { now } = await readClock(database());
  await database().delete(passkeyChallenges).where(lt(passkeyChallenges.expiresAt, now));
}

/** A user's registered ones, the oldest first. */
export const passkeysOf = (tx: Tx, { user, corporation }: Owner): Promise<Passkey[]> =>
  tx.select().from(passkeys).where(and(eq(passkeys.corporationId, corporation.id), eq(passkeys.userId, user.id), isNull(passkeys.removedAt))).orderBy(asc(passkeys.registeredAt), asc(passkeys.id));

/** Whoever's it is or was: a credential is one user's for ever. */
export async function findPasskey(tx: Tx, credentialId: string): Promise<Passkey | undefined> {
  const [found] = await tx.select().from(passkeys).where(eq(passkeys.credentialId, credentialId));
  return found;
}

/** The registered ones of several users of a company. */
export const passkeysOfUsers = (tx: Tx, corporationId: string, userIds: string[]): Promise<Pick<Passkey, "id" | "userId">[]> =>
  tx.select({ id: passkeys.id, userId: passkeys.userId }).from(passkeys).where(and(eq(passkeys.corporationId, corporationId), among(passkeys.userId, userIds), isNull(passkeys.removedAt))).orderBy(asc(passkeys.userId), asc(passkeys.registeredAt));
