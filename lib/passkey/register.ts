import { passkeys } from "@/drizzle/schema";
import { type Proof, type ProofRefusal, requireFreshProofForPasskeys } from "@/lib/approval/prove";
import { tellUserAndManagers } from "@/lib/corporation/tell";
import { confirmPassword, type ConfirmationRefusal } from "@/lib/login/confirm-password";
import type { Browser } from "@/lib/login/browser";
import { openSession, type OpenedSession } from "@/lib/login/session";
import type { Standing } from "@/lib/login/standing";
import { serviceApplies } from "@/lib/login/states";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import type { Attestation } from "./fields";
import { customersParty } from "./party";
import { makeChallenge, passkeysOf, takeChallenge } from "./store";
import { challengeIn, type Flaw, registrationOptions, verifyAttestation } from "./webauthn";

type NotNow = Refusal<"passkeys_need_service" | "too_many_passkeys">;

/** From a full session, or one that waits for this, and behind the confirmation password: what the browser is to ask an authenticator for. The challenge is the session's alone, and says that the password was right. */
export async function beginRegistration(
  work: Work, standing: Standing, { confirmationPassword, proof }: { confirmationPassword: string; proof: Proof },
): Promise<Result<Awaited<ReturnType<typeof registrationOptions>>, ConfirmationRefusal | ProofRefusal | NotNow>> {
  const confirmed = await confirmPassword(work, standing, confirmationPassword);
  if (!confirmed.ok) return confirmed;
  const registered = await passkeysOf(work.tx, standing);
  const no = notNow(work, standing, registered.length);
  if (no) return refused(work, standing, no);
  const proved = await requireFreshProofForPasskeys(work, standing, "register_passkey", proof);
  if (!proved.ok) return proved;
  const challenge = makeChallenge(work, standing, { purpose: "registration", sessionId: standing.openSession!.id });
  return done(await registrationOptions(customersParty(), challenge, standing.user, registered));
}

/**
 * Registers what the authenticator made for the session's own challenge. User and managers are mailed, so that a thief with both passwords cannot do it unseen.
 * A session that waited for it is replaced by a full one, with a new secret; the others stay.
 */
export async function registerPasskey(
  work: Work, standing: Standing, { name, presented }: { name: string; presented: Attestation }, browser: Browser,
): Promise<Result<OpenedSession | undefined, NotNow | Refusal<"passkey_not_registered">>> {
  const { user, corporation } = standing;
  const taken = await takeChallenge(work, standing, { purpose: "registration", sessionId: standing.openSession!.id }, challengeIn(presented));
  if (!taken) return refused(work, standing, { reason: "passkey_not_registered" }, { flaw: "challenge" });
  const challengeId = taken.id;
  const no = notNow(work, standing, (await passkeysOf(work.tx, standing)).length);
  if (no) return refused(work, standing, no, { challengeId });
  const verified = await verifyAttestation(customersParty(), taken.challenge, presented);
  if ("flaw" in verified) return refused(work, standing, { reason: "passkey_not_registered" }, { challengeId, flaw: verified.flaw });

  const { credential } = verified;
  const [registered] = await work.tx.insert(passkeys)
    .values({ ...credential, publicKey: Buffer.from(credential.publicKey), corporationId: corporation.id, userId: user.id, name, registeredAt: work.now })
    .onConflictDoNothing({ target: passkeys.credentialId }).returning({ id: passkeys.id });
  if (!registered) return refused(work, standing, { reason: "passkey_not_registered" }, { challengeId, flaw: "taken" });
  work.raiseRevision(user.id);
  work.record({ name: "passkey.registered", userId: user.id, passkeyId: registered.id, challengeId });
  await tellUserAndManagers(work, standing, () => ({ kind: "passkey_registered", userName: user.name, passkeyName: name, at: work.now.toISOString(), network: work.caller.network }));
  const waited = standing.openSession!.level === "passkey_registration";
  return done(waited ? openSession(work, { ...standing, passkeySince: work.now }, browser, { by: "passkey_registration", told: true, loginPasswordGiven: false }) : undefined);
}

/** Before the service applies a session is worth a password and no more, and so would be a passkey that it registered. */
function notNow(work: Work, { corporation }: Standing, registered: number): NotNow | undefined {
  if (!serviceApplies(corporation.serviceAppliesFrom, work.now)) return { reason: "passkeys_need_service" };
  return registered >= policy.passkeysPerUser ? { reason: "too_many_passkeys" } : undefined;
}

function refused<No extends Refusal>(work: Work, { user }: Standing, refusal: No, more: { challengeId?: string; flaw?: Flaw | "challenge" | "taken" } = {}) {
  work.record({ name: "passkey.register_refused", userId: user.id, reason: refusal.reason, ...more });
  return refuse(refusal);
}
