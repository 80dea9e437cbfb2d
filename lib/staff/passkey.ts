import { and, eq, isNull } from "drizzle-orm";
import { staffPasskeys } from "@/drizzle/schema";
import { isFresh } from "@/lib/approval/freshness";
import type { Statement } from "@/lib/approval/statement";
import type { StaffApproval } from "@/lib/audit/events";
import type { Browser } from "@/lib/login/browser";
import type { Assertion, Attestation } from "@/lib/passkey/fields";
import { staffParty } from "@/lib/passkey/party";
import { assertionOptions, challengeIn, type Flaw, registrationOptions, verifyAttestation } from "@/lib/passkey/webauthn";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { judgeStaffAssertion } from "./judge-assertion";
import { isOwnStaffPassword, staffHalfLoginHolds, type StaffLogin } from "./login";
import { makeStaffChallenge, type StaffPasskey, staffPasskeysOf, takeStaffChallenge } from "./passkey-store";
import { needsProof, proveStaff, type StaffProof, type StaffProofRefusal } from "./prove";
import { openStaffSession } from "./session";
import type { StaffStanding } from "./standing";

type NotRegistered = Refusal<"too_many_passkeys" | "staff_passkey_not_registered">;

const ofSession = ({ openSession }: StaffStanding) => ({ purpose: "registration", sessionId: openSession!.id }) as const;
const ofHalfLogin = ({ halfLogin }: StaffStanding) => ({ purpose: "login", halfLoginHash: halfLogin!.secretHash }) as const;

/** From a session and behind the password: what the browser is to ask an authenticator for. The challenge is the session's alone, and says that the password was right. */
export async function beginStaffRegistration(
  work: Work, standing: StaffStanding, { password, proof }: { password: string; proof: StaffProof },
): Promise<Result<Awaited<ReturnType<typeof registrationOptions>>, NotRegistered | StaffProofRefusal | Refusal<"wrong_current_password">>> {
  const { id, staffId, name } = standing.staff;
  if (!(await isOwnStaffPassword(work, standing, password))) return notRegistered(work, { reason: "wrong_current_password" });
  const registered = await staffPasskeysOf(work.tx, id);
  if (registered.length >= policy.passkeysPerUser) return notRegistered(work, { reason: "too_many_passkeys" });
  const proved = await proveChange(work, standing, { act: "register_passkey" }, { title: "パスキーの登録の承認", facts: [["職員ID", staffId]] }, registered, proof);
  if (!proved.ok) return proved;
  const challenge = await makeStaffChallenge(work, id, ofSession(standing));
  return done(await registrationOptions(staffParty(), challenge, { id, loginId: staffId, name }, registered));
}

/**
 * Or whoever has a session and its password would make themselves what approvals are signed with, or do away with it. Where every approval is signed so is this,
 * but for the first passkey: the one-time password that opened the session is all that there is.
 */
async function proveChange(
  work: Work, standing: StaffStanding, what: StaffApproval, statement: Statement, registered: StaffPasskey[], proof: StaffProof,
): Promise<Result<void, StaffProofRefusal>> {
  const { provedAt } = standing.openSession!;
  const due = registered.length > 0 ? needsProof(provedAt, work.now) : !isFresh(provedAt, work.now);
  return due ? proveStaff(work, standing, what, statement, proof) : done(undefined);
}

/** Registers what the authenticator made for the session's own challenge. */
export async function registerStaffPasskey(
  work: Work, standing: StaffStanding, { name, presented }: { name: string; presented: Attestation },
): Promise<Result<void, NotRegistered>> {
  const { id: staffId } = standing.staff;
  const taken = await takeStaffChallenge(work, staffId, ofSession(standing), challengeIn(presented));
  if (!taken) return notRegistered(work, { reason: "staff_passkey_not_registered" }, { flaw: "challenge" });
  const challengeId = taken.id;
  if ((await staffPasskeysOf(work.tx, staffId)).length >= policy.passkeysPerUser) return notRegistered(work, { reason: "too_many_passkeys" }, { challengeId });
  const verified = await verifyAttestation(staffParty(), taken.challenge, presented);
  if ("flaw" in verified) return notRegistered(work, { reason: "staff_passkey_not_registered" }, { challengeId, flaw: verified.flaw });

  const { credential } = verified;
  const [registered] = await work.tx.insert(staffPasskeys)
    .values({ ...credential, publicKey: Buffer.from(credential.publicKey), staffId, name, registeredAt: work.now })
    .onConflictDoNothing({ target: staffPasskeys.credentialId }).returning({ id: staffPasskeys.id });
  if (!registered) return notRegistered(work, { reason: "staff_passkey_not_registered" }, { challengeId, flaw: "taken" });
  work.record({ name: "staff.passkey_registered", passkeyId: registered.id, challengeId });
  return done(undefined);
}

function notRegistered<No extends Refusal>(work: Work, refusal: No, more: { challengeId?: string; flaw?: Flaw | "challenge" | "taken" } = {}) {
  work.record({ name: "staff.passkey_register_refused", reason: refusal.reason, ...more });
  return refuse(refusal);
}

/** One's own, behind the password and, where one is due, a fresh proof. */
export async function removeStaffPasskey(
  work: Work, standing: StaffStanding, { passkeyId, password, proof }: { passkeyId: string; password: string; proof: StaffProof },
): Promise<Result<void, StaffProofRefusal | Refusal<"wrong_current_password" | "unknown_passkey">>> {
  const no = (reason: "wrong_current_password" | "unknown_passkey") => {
    work.record({ name: "staff.passkey_remove_refused", reason, asked: passkeyId });
    return refuse({ reason });
  };
  if (!(await isOwnStaffPassword(work, standing, password))) return no("wrong_current_password");
  const registered = await staffPasskeysOf(work.tx, standing.staff.id);
  const passkey = registered.find(({ id }) => id === passkeyId);
  if (!passkey) return no("unknown_passkey");
  const statement: Statement = { title: "パスキーの削除の承認", facts: [["職員ID", standing.staff.staffId], ["パスキーの名前", passkey.name]] };
  const proved = await proveChange(work, standing, { act: "remove_passkey" }, statement, registered, proof);
  if (!proved.ok) return proved;
  await remove(work, standing, [passkey], "removed");
  return done(undefined);
}

/** All of somebody's at once: the device is lost, or its owner does not work here any more. */
export const revokeStaffPasskeys = async (work: Work, standing: StaffStanding): Promise<void> =>
  remove(work, standing, await staffPasskeysOf(work.tx, standing.staff.id), "revoked");

async function remove(work: Work, { staff: { staffId } }: StaffStanding, passkeys: StaffPasskey[], because: "removed" | "revoked"): Promise<void> {
  for (const { id } of passkeys) {
    await work.tx.update(staffPasskeys).set({ removedAt: work.now, removedBecause: because }).where(and(eq(staffPasskeys.id, id), isNull(staffPasskeys.removedAt)));
    work.record({ name: "staff.passkey_removed", staffId, passkeyId: id, because });
  }
}

type NotAccepted = Refusal<"staff_half_login_expired" | "staff_suspended" | "no_staff_passkey" | "staff_passkey_not_accepted">;

/** Behind half a staff login that has a passkey to go on with. */
async function heldForPasskey(work: Work, found: StaffStanding | undefined): Promise<Result<StaffStanding, NotAccepted>> {
  const held = staffHalfLoginHolds(work, found);
  const answer = held.ok && (await staffPasskeysOf(work.tx, held.value.staff.id)).length === 0 ? refuse({ reason: "no_staff_passkey" as const }) : held;
  if (!answer.ok) work.record({ name: "staff.passkey_refused", reason: answer.refusal.reason });
  return answer;
}

/** What the browser is to ask an authenticator for. The challenge is this half-login's alone. */
export async function askForStaffPasskey(work: Work, found: StaffStanding | undefined): Promise<Result<Awaited<ReturnType<typeof assertionOptions>>, NotAccepted>> {
  const held = await heldForPasskey(work, found);
  if (!held.ok) return held;
  const { id } = held.value.staff;
  return done(await assertionOptions(staffParty(), await makeStaffChallenge(work, id, ofHalfLogin(held.value)), await staffPasskeysOf(work.tx, id)));
}

/** Step 2 (R24), by a passkey. What is not accepted is recorded, and does not count as a wrong one-time password. */
export async function presentStaffPasskey(
  work: Work, found: StaffStanding | undefined, presented: Assertion, browser: Browser,
): Promise<Result<StaffLogin, NotAccepted>> {
  const held = await heldForPasskey(work, found);
  if (!held.ok) return held;
  const standing = held.value;

  const judged = await judgeStaffAssertion(work, standing, ofHalfLogin(standing), presented);
  if ("reason" in judged) {
    work.record({ name: "staff.passkey_refused", ...judged });
    return refuse({ reason: "staff_passkey_not_accepted" });
  }
  work.record({ name: "staff.passkey_accepted", ...judged });
  const { secret } = await openStaffSession(work, standing, browser);
  return done({ secret, temporary: standing.staff.passwordTemporary });
}
