import { eq, sql } from "drizzle-orm";
import { staffPasskeys } from "@/drizzle/schema";
import type { Assertion } from "@/lib/passkey/fields";
import { isOfThisLife, type Judged, judgeAssertion, type NotAccepted } from "@/lib/passkey/judge";
import { staffParty } from "@/lib/passkey/party";
import type { Binding } from "@/lib/passkey/store";
import { challengeIn } from "@/lib/passkey/webauthn";
import type { Work } from "@/lib/platform/transaction";
import { knownFloor } from "@/lib/token/step-floor";
import { findStaffPasskey, type StaffPasskey, takeStaffChallenge } from "./passkey-store";
import type { StaffStanding } from "./standing";

type Taken = NonNullable<Awaited<ReturnType<typeof takeStaffChallenge>>>;
type StaffAssertion =
  | { passkeyId: string; challengeId: string; counter: number }
  | { passkeyId?: string; challengeId?: string; reason: NotAccepted };

/**
 * Whether it is a passkey of theirs that signed, wherever it is asked for. The challenge is used up first, whatever comes of it. `signed` is what should
 * have been signed, where a challenge stands for something.
 */
export async function judgeStaffAssertion(
  work: Work, standing: StaffStanding, binding: Binding, presented: Assertion, signed = async ({ challenge }: Taken): Promise<string> => challenge,
): Promise<StaffAssertion> {
  const taken = await takeStaffChallenge(work, standing.staff.id, binding, challengeIn(presented));
  const [life] = await work.tx.select({ floor: knownFloor }).from(sql`(select 1) as one`);
  const challengeId = taken && { challengeId: taken.id };
  if (!taken || !isOfThisLife(life!.floor, taken.createdAt)) return { ...challengeId, reason: "challenge" };
  if ((await signed(taken)) !== taken.challenge) return { ...challengeId, reason: "statement" };
  const judged = await judge(work, standing, taken.challenge, presented);
  if ("reason" in judged) return { ...challengeId, ...judged };
  const { passkey, counter } = judged;
  await work.tx.update(staffPasskeys).set({ counter, lastUsedAt: work.now }).where(eq(staffPasskeys.id, passkey.id));
  return { passkeyId: passkey.id, challengeId: taken.id, counter };
}

async function judge(work: Work, { staff: { id } }: StaffStanding, challenge: string, presented: Assertion): Promise<Judged<StaffPasskey>> {
  const passkey = await findStaffPasskey(work.tx, presented.id);
  return judgeAssertion(staffParty(), challenge, presented, id, passkey && { passkey, ownerId: passkey.staffId });
}
