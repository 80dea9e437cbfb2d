import { and, eq, isNull } from "drizzle-orm";
import { passkeys } from "@/drizzle/schema";
import { type Proof, type ProofRefusal, requireFreshProofForPasskeys } from "@/lib/approval/prove";
import { tellUserAndManagers } from "@/lib/corporation/tell";
import { confirmPassword, type ConfirmationRefusal } from "@/lib/login/confirm-password";
import type { Standing } from "@/lib/login/standing";
import { among } from "@/lib/platform/database";
import { done, refuse, type Result } from "@/lib/platform/result";
import { actingUser, ours, type Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { type Passkey, passkeysOf, passkeysOfUsers } from "./store";

type PasskeyEnd = NonNullable<Passkey["removedBecause"]>;

const removal = (work: Work, because: PasskeyEnd) => ({ removedAt: work.now, removedBecause: because, removedBy: actingUser(work) });

/** One's own, behind the confirmation password and, where one is due, a fresh proof. User and managers are mailed. */
export async function removePasskey(
  work: Work, standing: Standing, { passkeyId, confirmationPassword, proof }: { passkeyId: string; confirmationPassword: string; proof: Proof },
): Promise<Result<void, ConfirmationRefusal | ProofRefusal | Refusal<"unknown_passkey">>> {
  const { user } = standing;
  const confirmed = await confirmPassword(work, standing, confirmationPassword);
  if (!confirmed.ok) return confirmed;
  const passkey = (await passkeysOf(work.tx, standing)).find(({ id }) => id === passkeyId);
  if (!passkey) {
    work.record({ name: "passkey.remove_refused", userId: user.id, reason: "unknown_passkey", asked: passkeyId });
    return refuse({ reason: "unknown_passkey" });
  }
  const proved = await requireFreshProofForPasskeys(work, standing, "remove_passkey", proof);
  if (!proved.ok) return proved;
  work.save("passkeys_removed", work.tx.update(passkeys).set(removal(work, "removed")).where(and(ours(work, passkeys), eq(passkeys.id, passkey.id))));
  work.raiseRevision(user.id);
  work.record({ name: "passkey.removed", userId: user.id, passkeyId: passkey.id, because: "removed" });
  await tellUserAndManagers(work, standing, () => ({ kind: "passkey_removed", userNames: [user.name], passkeyName: passkey.name, at: work.now.toISOString() }));
  return done(undefined);
}

/** All of these users' of one company at once: the device is lost, or the user is gone. Answers whose there were; telling them is the caller's. */
export async function removePasskeys(work: Work, standings: Standing[], because: "revoked" | "user_deleted"): Promise<Standing[]> {
  const having = standings.filter(({ passkeySince }) => passkeySince !== null);
  const [first] = having;
  if (!first) return [];
  const found = await passkeysOfUsers(work.tx, first.corporation.id, having.map(({ user }) => user.id));
  work.save("passkeys_removed", work.tx.update(passkeys).set(removal(work, because)).where(and(ours(work, passkeys), among(passkeys.id, found.map(({ id }) => id)))));
  for (const { user } of having) work.raiseRevision(user.id);
  for (const { id, userId } of found) work.record({ name: "passkey.removed", userId, passkeyId: id, because });
  return having;
}

/** A company's: the service they were the second step of has ended. Answers how many. */
export async function endPasskeys(work: Work, corporationId: string): Promise<number> {
  const found = await work.tx.select({ id: passkeys.id }).from(passkeys).where(and(eq(passkeys.corporationId, corporationId), isNull(passkeys.removedAt)));
  if (found.length > 0) work.save("passkeys_removed", work.tx.update(passkeys).set(removal(work, "service_ended")).where(and(ours(work, passkeys), isNull(passkeys.removedAt))));
  return found.length;
}
