import { and, asc, eq, gt, isNull, lt } from "drizzle-orm";
import { staffPasskeyChallenges, staffPasskeys } from "@/drizzle/schema";
import { digestOf, type Statement } from "@/lib/approval/statement";
import { type Binding, freshChallenge } from "@/lib/passkey/store";
import { readClock } from "@/lib/platform/clock";
import { asStaff, database, type Tx } from "@/lib/platform/database";
import { env } from "@/lib/platform/env";
import type { Work } from "@/lib/platform/transaction";

/* As `lib/passkey/store.ts`, of the staff's own tables: the two database roles have none of them in common. */

export type StaffPasskey = typeof staffPasskeys.$inferSelect;

/** A new challenge; an earlier one of this member of staff's for the same purpose, not yet presented, is none any more. */
export async function makeStaffChallenge(work: Work, staffId: string, binding: Binding): Promise<string> {
  return keepStaffChallenge(work, staffId, { ...freshChallenge(work), ...binding });
}

/** Of what is to be approved: the challenge stands for the statement, under a nonce of its own. */
export async function makeStaffApprovalChallenge(work: Work, staffId: string, sessionId: string, statement: Statement): Promise<string> {
  const fresh = freshChallenge(work);
  return keepStaffChallenge(work, staffId, { ...fresh, purpose: "approval", sessionId, nonce: fresh.challenge, challenge: await digestOf(fresh.challenge, statement) });
}

async function keepStaffChallenge(work: Work, staffId: string, row: Omit<typeof staffPasskeyChallenges.$inferInsert, "staffId">): Promise<string> {
  await work.tx.insert(staffPasskeyChallenges).values({ staffId, ...row }).onConflictDoUpdate({
    target: [staffPasskeyChallenges.staffId, staffPasskeyChallenges.purpose], targetWhere: isNull(staffPasskeyChallenges.usedAt), set: row,
  });
  return row.challenge;
}

/** Uses up a challenge before what answers it is looked at. Undefined where there is none of this member of staff, purpose and half-login or session, in time and not presented before. */
export async function takeStaffChallenge(work: Work, staffId: string, binding: Binding, challenge: string) {
  const bound = binding.purpose === "login" ? eq(staffPasskeyChallenges.halfLoginHash, binding.halfLoginHash) : eq(staffPasskeyChallenges.sessionId, binding.sessionId);
  const [taken] = await work.tx.update(staffPasskeyChallenges).set({ usedAt: work.now })
    .where(and(
      eq(staffPasskeyChallenges.challenge, challenge), eq(staffPasskeyChallenges.staffId, staffId), eq(staffPasskeyChallenges.purpose, binding.purpose), bound,
      isNull(staffPasskeyChallenges.usedAt), gt(staffPasskeyChallenges.expiresAt, work.now),
    ))
    .returning({ id: staffPasskeyChallenges.id, challenge: staffPasskeyChallenges.challenge, nonce: staffPasskeyChallenges.nonce, createdAt: staffPasskeyChallenges.createdAt });
  return taken;
}

/** Challenges that nobody may answer any more. */
export const eraseStaffChallenges = (): Promise<void> =>
  asStaff(async () => {
    const { now } = await readClock(database());
    await database().delete(staffPasskeyChallenges).where(lt(staffPasskeyChallenges.expiresAt, now));
  });

/** Somebody's registered ones, the oldest first. */
export const staffPasskeysOf = (tx: Pick<Tx, "select">, staffId: string): Promise<StaffPasskey[]> =>
  tx.select().from(staffPasskeys).where(and(eq(staffPasskeys.staffId, staffId), isNull(staffPasskeys.removedAt))).orderBy(asc(staffPasskeys.registeredAt), asc(staffPasskeys.id));

/** What somebody may go on with behind the password: one rule, for the page and the door. */
export async function secondStepsOf(tx: Pick<Tx, "select">, staffId: string): Promise<{ passkey: boolean; oneTimePassword: boolean }> {
  const passkey = (await staffPasskeysOf(tx, staffId)).length > 0;
  return { passkey, oneTimePassword: !passkey || !passkeysAreRequired() };
}

export const passkeysAreRequired = (): boolean => env().STAFF_PASSKEY === "required";

/** Whoever's it is or was. */
export async function findStaffPasskey(tx: Tx, credentialId: string): Promise<StaffPasskey | undefined> {
  const [found] = await tx.select().from(staffPasskeys).where(eq(staffPasskeys.credentialId, credentialId));
  return found;
}
