import { and, eq } from "drizzle-orm";
import { passkeys } from "@/drizzle/schema";
import type { Browser } from "@/lib/login/browser";
import { isStopped } from "@/lib/login/count-wrong-password";
import type { PasswordRefusal } from "@/lib/login/present-password";
import { openSession, type OpenedSession } from "@/lib/login/session";
import { type Standing, standingOfUser } from "@/lib/login/standing";
import { afterPassword } from "@/lib/login/states";
import { sayingWhyClosed } from "@/lib/login/who-can-release";
import { readClock } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/database";
import { done, refuse, type Result } from "@/lib/platform/result";
import { ours, type Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { raiseStepFloor } from "@/lib/token/step-floor";
import type { Assertion } from "./fields";
import { isOfThisLife, type Judged, judgeAssertion } from "./judge";
import { type LoginChallenge, makeLoginChallenge, takeLoginChallenge } from "./login-challenge";
import { customersParty } from "./party";
import { findPasskey, type Passkey } from "./store";
import { assertionOptions, challengeIn } from "./webauthn";

/* Login by a passkey alone: no login ID and no password. The passkey says whose it is, and its authenticator has verified who holds it. */

type PasskeyAloneRefusal = Exclude<PasswordRefusal, { reason: "wrong_id_or_password" }> | Refusal<"passkey_login_refused" | "passkey_alone_not_offered">;

/** What any browser is answered: the request names no passkey, so that it says nothing about anybody. */
export async function askForAnyPasskey(work: Work): Promise<{ secret: string; options: Awaited<ReturnType<typeof assertionOptions>> }> {
  const { secret, challenge } = makeLoginChallenge(work);
  return { secret, options: await assertionOptions(customersParty(), challenge, []) };
}

type Presented = { now: Date; taken: LoginChallenge | undefined; standing: Standing | undefined };

/** Takes this browser's challenge, and then the lock of the user whose passkey is named. Without a challenge nobody's passkey is looked for. */
export const standingOfPasskey = (secret: string | undefined, presented: Assertion, browserHash?: string) => async (tx: Tx): Promise<Presented> => {
  const taken = secret ? await takeLoginChallenge(tx, secret) : undefined;
  const named = taken && (await findPasskey(tx, presented.id));
  return { ...(named ? await standingOfUser(named.userId, browserHash)(tx) : { ...(await readClock(tx)), standing: undefined }), taken };
};

/**
 * Whatever is wrong with what was presented has one answer, and is recorded. Nothing about the user shows before the passkey is right; then the same decides as
 * after a right login password (R2), and the contract has to want it. 利用一時停止 of the login password closes this way as it does the other.
 */
export async function presentPasskeyAlone(
  work: Work, { taken, standing }: Pick<Presented, "taken" | "standing">, presented: Assertion, browser: Browser,
): Promise<Result<OpenedSession, PasskeyAloneRefusal>> {
  const subject = { screen: "passkey_alone", ...(taken && { challengeId: taken.id }), ...(standing && { userId: standing.user.id }) } as const;
  work.corporationId = standing?.corporation.id;
  if (standing && isStopped(standing, work.now)) {
    work.record({ name: "passkey.not_evaluated", ...subject, reason: "temporarily_stopped" });
    return refuse({ reason: "passkey_login_refused" });
  }
  if (standing?.timeStepFloor === null) void raiseStepFloor();
  const judged = await judge(work, taken, standing, presented);
  if ("reason" in judged) {
    work.record({ name: "passkey.refused", ...subject, ...judged });
    return refuse({ reason: "passkey_login_refused" });
  }

  const { user, corporation } = standing!;
  work.actor = { kind: "user", id: user.id, corporationId: corporation.id };
  work.save("passkey_used", work.tx.update(passkeys).set({ counter: judged.counter, lastUsedAt: work.now }).where(and(ours(work, passkeys), eq(passkeys.id, judged.passkey.id))));
  work.raiseRevision(user.id);
  const closed = await closedTo(work, standing!);
  if (closed) {
    work.record({ name: "login.refused", userId: user.id, reason: closed.reason });
    return refuse(closed);
  }
  work.record({ name: "passkey.accepted", userId: user.id, screen: "passkey_alone", challengeId: taken!.id, passkeyId: judged.passkey.id, counter: judged.counter });
  return done(openSession(work, standing!, browser, { by: "passkey_alone", loginPasswordGiven: false }));
}

async function judge(
  work: Work, taken: LoginChallenge | undefined, standing: Standing | undefined, presented: Assertion,
): Promise<Judged<Passkey> | { reason: "no_user_handle" }> {
  if (!taken || taken.expiresAt <= work.now || taken.challenge !== challengeIn(presented)) return { reason: "challenge" };
  if (!standing) return { reason: "unknown" };
  if (!isOfThisLife(standing.timeStepFloor, taken.createdAt)) return { reason: "challenge" };
  if (presented.response.userHandle === undefined) return { reason: "no_user_handle" }; // a discoverable credential always says whose it is
  const passkey = await findPasskey(work.tx, presented.id); // anew, under the lock
  return judgeAssertion(customersParty(), taken.challenge, presented, standing.user.id, passkey && { passkey, ownerId: passkey.userId });
}

/** Why a right passkey does not open a session by itself; undefined where it does. */
async function closedTo(work: Work, standing: Standing): Promise<PasskeyAloneRefusal | undefined> {
  const next = afterPassword(standing, work.now);
  if ("refused" in next) return sayingWhyClosed(work, standing, next);
  return next.step === "session" || !standing.corporation.passkeyAlone ? { reason: "passkey_alone_not_offered" } : undefined;
}
