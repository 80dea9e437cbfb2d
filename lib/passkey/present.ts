import { and, eq } from "drizzle-orm";
import { passkeys } from "@/drizzle/schema";
import type { Browser } from "@/lib/login/browser";
import { halfLoginHolds, type OneTimePasswordRefusal } from "@/lib/login/present-one-time-password";
import { openSession, type OpenedSession } from "@/lib/login/session";
import type { Standing } from "@/lib/login/standing";
import { done, refuse, type Result } from "@/lib/platform/result";
import { ours, type Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { raiseStepFloor } from "@/lib/token/step-floor";
import type { Assertion } from "./fields";
import { isOfThisLife, type Judged, judgeAssertion } from "./judge";
import { customersParty } from "./party";
import { findPasskey, makeChallenge, type Passkey, passkeysOf, takeChallenge } from "./store";
import { assertionOptions, challengeIn } from "./webauthn";

type PasskeyRefusal = OneTimePasswordRefusal | Refusal<"passkey_not_accepted">;

/** Behind a half-login: what the browser is to ask an authenticator for. The challenge is this half-login's alone. */
export async function askForPasskey(work: Work, found: Standing | undefined): Promise<Result<Awaited<ReturnType<typeof assertionOptions>>, PasskeyRefusal>> {
  const held = await heldForPasskey(work, found);
  if (!held.ok) return held;
  const standing = held.value;
  const challenge = makeChallenge(work, standing, bindingOf(standing));
  return done(await assertionOptions(customersParty(), challenge, await passkeysOf(work.tx, standing)));
}

/**
 * Step 2 of login, by a passkey. The challenge is used up first, whatever comes of it. What is not accepted is recorded, and does not count as a wrong
 * one-time password: there is nothing to be guessed, and each try needs a new challenge of a half-login that ends.
 */
export async function presentPasskey(
  work: Work, found: Standing | undefined, presented: Assertion, browser: Browser,
): Promise<Result<OpenedSession, PasskeyRefusal>> {
  const held = await heldForPasskey(work, found);
  if (!held.ok) return held;
  const standing = held.value;
  const { user } = standing;

  const taken = await takeChallenge(work, standing, bindingOf(standing), challengeIn(presented));
  const subject = { userId: user.id, screen: "login", ...(taken && { challengeId: taken.id }) } as const;
  if (standing.timeStepFloor === null) void raiseStepFloor();
  const judged: Judged<Passkey> = taken && isOfThisLife(standing.timeStepFloor, taken.createdAt) ? await judge(work, standing, taken.challenge, presented) : { reason: "challenge" };
  if ("reason" in judged) {
    work.record({ name: "passkey.refused", ...subject, ...judged });
    return refuse({ reason: "passkey_not_accepted" });
  }
  const { passkey, counter } = judged;
  work.save("passkey_used", work.tx.update(passkeys).set({ counter, lastUsedAt: work.now }).where(and(ours(work, passkeys), eq(passkeys.id, passkey.id))));
  work.record({ name: "passkey.accepted", ...subject, challengeId: taken!.id, passkeyId: passkey.id, counter });
  return done(openSession(work, standing, browser, { by: "passkey" }));
}

async function heldForPasskey(work: Work, found: Standing | undefined) {
  const held = await halfLoginHolds(work, found, "passkey");
  if (!held.ok) work.record({ name: "passkey.not_evaluated", userId: found?.user.id, screen: "login", reason: held.refusal.reason });
  return held;
}

const bindingOf = ({ halfLogin }: Standing) => ({ purpose: "login", halfLoginHash: halfLogin!.secretHash }) as const;

async function judge(work: Work, { user }: Standing, challenge: string, presented: Assertion): Promise<Judged<Passkey>> {
  const passkey = await findPasskey(work.tx, presented.id);
  return judgeAssertion(customersParty(), challenge, presented, user.id, passkey && { passkey, ownerId: passkey.userId });
}
