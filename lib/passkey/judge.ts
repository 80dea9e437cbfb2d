import { timeStepAt } from "@/lib/otp/totp";
import { policy } from "@/lib/policy";
import type { Assertion } from "./fields";
import { type Credential, type Flaw, type RelyingParty, userHandleOf, verifyAssertion } from "./webauthn";

/* Whether what was presented is a passkey of this person's, for customers and staff. Rows are the caller's. */

/** A row of either kind; `ownerId` is whose it is. */
type Row = Credential & { id: string; removedAt: Date | null };

/** Why a passkey is not accepted; `statement`: what is to be approved is not what was signed. */
export type NotAccepted = Flaw | "challenge" | "unknown" | "of_another_user" | "removed" | "statement";

export type Judged<Passkey> = { passkey: Passkey; counter: number } | { passkeyId?: string; reason: NotAccepted };

export async function judgeAssertion<Passkey extends Row>(
  party: RelyingParty, challenge: string, presented: Assertion, personId: string, found: { passkey: Passkey; ownerId: string } | undefined,
): Promise<Judged<Passkey>> {
  if (!found) return { reason: "unknown" };
  const { passkey, ownerId } = found;
  const { userHandle } = presented.response;
  if (ownerId !== personId || (userHandle !== undefined && userHandle !== userHandleOf(personId))) return { reason: "of_another_user" };
  const passkeyId = passkey.id;
  if (passkey.removedAt) return { passkeyId, reason: "removed" };
  const verified = await verifyAssertion(party, challenge, passkey, presented);
  return "flaw" in verified ? { passkeyId, reason: verified.flaw } : { passkey, counter: verified.counter };
}

/** A database that was promoted or restored may have forgotten that a challenge was used: only those that it made since count, as with time steps. */
export const isOfThisLife = (timeStepFloor: number | null, madeAt: Date): boolean =>
  timeStepFloor !== null && timeStepAt(madeAt, policy.timeStepSeconds) > timeStepFloor;
