import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { passkeys, sessions, tokens } from "@/drizzle/schema";
import { oneTimePasswordField } from "@/lib/login/fields";
import type { Standing } from "@/lib/login/standing";
import { attemptsLeft } from "@/lib/login/states";
import { sayingWhoCanRelease } from "@/lib/login/who-can-release";
import { acceptedTimeSteps } from "@/lib/otp/verifier";
import { type Assertion, assertionField } from "@/lib/passkey/fields";
import { isOfThisLife, judgeAssertion } from "@/lib/passkey/judge";
import { customersParty } from "@/lib/passkey/party";
import { type Challenge, findOpenChallenge, findPasskey, makeChallenge, type Passkey, passkeysOf, takeChallenge } from "@/lib/passkey/store";
import { assertionOptions, challengeIn } from "@/lib/passkey/webauthn";
import type { ProofAnswer } from "@/lib/platform/answer";
import { newSecret, sameText } from "@/lib/platform/keys";
import { done, refuse, type Result } from "@/lib/platform/result";
import { ours, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import { mostTargetsByCode, type Refusal } from "@/lib/refusals";
import { countFailure, forgetFailures } from "@/lib/suspension/count-failure";
import { tokenKey } from "@/lib/token/key";
import { present } from "@/lib/token/present";
import { tokenState } from "@/lib/token/states";
import { raiseStepFloor } from "@/lib/token/step-floor";
import { needsFreshProof, passkeysNeedFreshProof } from "./freshness";
import { approvalCode } from "./ocra";
import { approvalText, digestOf, type Statement } from "./statement";

/*
 * A fresh proof of who is there, asked for before an act. The first post of an act is refused with a request; the same post with the proof in it is the
 * second. The request is a row of this session; what is approved is put into words anew at the second post, and must give the number of the first.
 *
 * Rows are written at once and not with the rest of the transaction: the act itself may end the session, the token or the passkey that proved it.
 */

/**
 * What a form brings, normalised. One at a time: the passkey goes before the code, and the code before the one-time password. `approvalNonce` says which request
 * a code was made for, so that one of an earlier request is not taken for a wrong one of this; an assertion says so itself.
 */
export type Proof = { assertion?: Assertion; approvalCode?: string; approvalNonce?: string; oneTimePassword?: string };

const unlessBlank = <Field extends z.ZodType>(field: Field) => z.preprocess((value) => (value === "" ? undefined : value), field.optional());

/** For the form of any act: all of them optional; malformed ones are errors of the field and never count (R7). */
export const proofFields = {
  assertion: unlessBlank(assertionField),
  approvalCode: unlessBlank(oneTimePasswordField("承認番号")),
  approvalNonce: z.string().max(43).optional().catch(undefined),
  proofOneTimePassword: unlessBlank(oneTimePasswordField()),
};

export type ProofInput = Omit<Proof, "oneTimePassword"> & { proofOneTimePassword?: string };

export const proofIn = ({ assertion, approvalCode, approvalNonce, proofOneTimePassword }: ProofInput): Proof =>
  ({ assertion, approvalCode, approvalNonce, oneTimePassword: proofOneTimePassword });

/** `act` names it in the audit log: one of ours, or a bank's own. `bound`: the proof is for what the statement says, and for nothing else. */
export type Approved = { act: string; bound: boolean };

export type ProofRefusal = Refusal<
  | "proof_needed" | "approval_not_accepted" | "wrong_approval_code" | "too_much_for_a_code" | "nothing_to_prove_with"
  | "wrong_one_time_password" | "suspended" | "suspended_counter"
>;

type Token = NonNullable<Standing["inUse"]>;

/** By what this person can prove themselves now: `token` makes a code for a bound act, and an ordinary one-time password for any other. */
type Ways = { passkeys: Passkey[]; token: Token | undefined; tooMuch: boolean };

/** Version 25 of a QR code, with the least error correction: 117 modules a side, which a phone reads from a screen. */
const mostBytesOfQr = 1_273;

const bytesOfQr = (token: Token, statement: Statement): number =>
  Buffer.byteLength(approvalText({ tokenId: token.id, nonce: "n".repeat(43), statement }));

async function waysOf(work: Work, standing: Standing, statement: Statement, bound: boolean): Promise<Ways> {
  const token = tokenState(standing, work.now) === "in_use" ? standing.inUse! : undefined;
  const tooMuch = bound && token !== undefined && (bytesOfQr(token, statement) > mostBytesOfQr || targetsOf(statement) > mostTargetsByCode);
  return { passkeys: await passkeysOf(work.tx, standing), token: tooMuch ? undefined : token, tooMuch };
}

/** Everybody or everything that a line of its own names. */
export const targetLabel = "対象";
const targetsOf = ({ facts }: Statement): number => facts.filter(([label]) => label === targetLabel).length;

const bindingOf = ({ openSession }: Standing) => ({ purpose: "approval", sessionId: openSession!.id }) as const;

/** Makes the session's one open request: an earlier one, not yet answered, is none any more. */
async function requestApproval(work: Work, standing: Standing, statement: Statement, bound: boolean, ways: Ways): Promise<ProofAnswer> {
  const nonce = newSecret();
  const challenge = await digestOf(nonce, statement);
  makeChallenge(work, standing, bindingOf(standing), { challenge, nonce });
  return shown(ways, statement, bound, { challenge, nonce });
}

async function shown({ passkeys: registered, token }: Ways, statement: Statement, bound: boolean, { challenge, nonce }: { challenge: string; nonce: string }): Promise<ProofAnswer> {
  return {
    ...(bound && { statement }),
    ...(registered.length > 0 && { passkey: await assertionOptions(customersParty(), challenge, registered) }),
    ...(token && (bound ? { code: { qr: approvalText({ tokenId: token.id, nonce, statement }) } } : { oneTimePassword: true })),
  };
}

/** What one check of a proof looks at. */
type Check = { work: Work; standing: Standing; statement: Statement; ways: Ways } & Approved;

/**
 * Accepts a proof for what the statement says, or refuses with a request for one: to be asked again in the same words, by the same session. To be called in the
 * transaction of the act, and before it.
 */
export async function approve(work: Work, standing: Standing, statement: Statement, proof: Proof, { act, bound }: Approved): Promise<Result<void, ProofRefusal>> {
  const ways = await waysOf(work, standing, statement, bound);
  const check = { work, standing, statement, ways, act, bound };
  if (ways.passkeys.length === 0 && !ways.token) return refusedWith(check, ways.tooMuch ? "too_much_for_a_code" : "nothing_to_prove_with");
  if (standing.timeStepFloor === null) void raiseStepFloor();
  if (proof.assertion) return byPasskey(check, proof.assertion);
  if (proof.approvalCode === undefined && proof.oneTimePassword === undefined) {
    work.record({ name: "approval.requested", userId: standing.user.id, act, bound }); // whoever knows the password and goes no further has left this much
    return refuse({ reason: "proof_needed", proof: await requestApproval(work, standing, statement, bound, ways) });
  }

  const presented = bound ? proof.approvalCode : proof.oneTimePassword;
  if (presented === undefined || !ways.token) return asked(check, { reason: "method" }); // an ordinary one-time password says nothing about what it is for
  const open = await findOpenChallenge(work, standing, bindingOf(standing));
  const another = bound && proof.approvalNonce !== undefined && proof.approvalNonce !== open?.nonce;
  if (!open || another || !isOfThisLife(standing.timeStepFloor, open.createdAt)) return asked(check, { reason: "challenge" });
  if (!(await says(open, statement))) return asked(check, { reason: "statement" });
  return bound ? byCode(check, ways.token, open, presented) : byOneTimePassword(check, ways.token, open, presented);
}

/** `approve`, where this person's last proof is older than the contract's policy lets it be. */
export const requireFreshProof = async (
  work: Work, standing: Standing, { statement, ...approved }: Approved & { statement: Statement }, proof: Proof,
): Promise<Result<void, ProofRefusal>> =>
  needsFreshProof(standing, approved.bound, work.now) ? approve(work, standing, statement, proof, approved) : done(undefined);

const titlesOfPasskeys = { register_passkey: "パスキーの登録の承認", remove_passkey: "パスキーの削除の承認" };

/** `approve`, before the user's own passkeys are changed. */
export const requireFreshProofForPasskeys = async (work: Work, standing: Standing, act: keyof typeof titlesOfPasskeys, proof: Proof): Promise<Result<void, ProofRefusal>> =>
  passkeysNeedFreshProof(standing, work.now) ? approve(work, standing, { title: titlesOfPasskeys[act], facts: [] }, proof, { act, bound: false }) : done(undefined);

const says = async ({ challenge, nonce }: Challenge, statement: Statement): Promise<boolean> => nonce !== null && sameText(await digestOf(nonce, statement), challenge);

/** The challenge is used up first, whatever comes of it. What is not accepted is recorded and does not count, as at login: there is nothing to be guessed. */
async function byPasskey(check: Check, presented: Assertion): Promise<Result<void, ProofRefusal>> {
  const { work, standing, statement } = check;
  const taken = await takeChallenge(work, standing, bindingOf(standing), challengeIn(presented));
  const challengeId = taken && { challengeId: taken.id };
  if (!taken || !isOfThisLife(standing.timeStepFloor, taken.createdAt)) return asked(check, { reason: "challenge", ...challengeId });
  if (!(await says(taken, statement))) return asked(check, { reason: "statement", ...challengeId });
  const found = await findPasskey(work.tx, presented.id);
  const judged = await judgeAssertion(customersParty(), taken.challenge, presented, standing.user.id, found && { passkey: found, ownerId: found.userId });
  if ("reason" in judged) return asked(check, { ...challengeId, ...judged });
  const { passkey, counter } = judged;
  await work.tx.update(passkeys).set({ counter, lastUsedAt: work.now }).where(and(ours(work, passkeys), eq(passkeys.id, passkey.id)));
  return accepted(check, taken, { method: "passkey", passkeyId: passkey.id, counter });
}

/** A wrong 承認番号 is a wrong one-time password (R7): the same key, the same number of digits. The request stays open for the next try. */
async function byCode(check: Check, token: Token, open: Challenge, presented: string): Promise<Result<void, ProofRefusal>> {
  const { work, standing, act, bound } = check;
  const userId = standing.user.id;
  const timeStep = await timeStepOf(token, open, presented, work.now);
  if (timeStep === undefined) {
    const failures = await countFailure(work, standing);
    work.record({ name: "one_time_password.refused", userId, tokenId: token.id, screen: "step_up", reason: "wrong", failures });
    work.record({ name: "approval.refused", userId, act, bound, reason: "wrong_code" });
    return refuse(failures >= policy.failuresBeforeSuspension
      ? await sayingWhoCanRelease(work, standing, "suspended")
      : { reason: "wrong_approval_code", attemptsLeft: attemptsLeft(failures), proof: await sameAgain(check, open) });
  }
  await forgetFailures(work, standing);
  await takeChallenge(work, standing, bindingOf(standing), open.challenge);
  return accepted(check, open, { method: "code", tokenId: token.id, timeStep });
}

/** For which of the accepted time steps it is the code. Each is computed and compared in constant time, as in `lib/otp/verifier.ts`. */
async function timeStepOf(token: Token, { challenge }: Challenge, presented: string, now: Date): Promise<number | undefined> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(tokenKey(token)), { name: "HMAC", hash: token.algorithm }, false, ["sign"]);
  const shape = { algorithm: token.algorithm, digits: policy.digits, timeStepSeconds: policy.timeStepSeconds };
  const codes = await Promise.all(acceptedTimeSteps(now).map(async (timeStep) => ({ timeStep, code: await approvalCode(key, shape, challenge, timeStep) })));
  return codes.filter(({ code }) => sameText(code, presented))[0]?.timeStep;
}

/** An ordinary one: counted, spent and suspending as on any other screen (R6, R7). */
async function byOneTimePassword(check: Check, token: Token, open: Challenge, presented: string): Promise<Result<void, ProofRefusal>> {
  const { work, standing, act, bound } = check;
  const result = await present(work, standing, token, presented, "step_up");
  if (!result.ok) {
    work.record({ name: "approval.refused", userId: standing.user.id, act, bound, reason: result.refusal.reason });
    return refuse(result.refusal.reason === "wrong_one_time_password" ? { ...result.refusal, proof: await sameAgain(check, open) } : result.refusal);
  }
  await work.tx.update(tokens).set(result.value).where(and(ours(work, tokens), eq(tokens.id, token.id)));
  await takeChallenge(work, standing, bindingOf(standing), open.challenge);
  return accepted(check, open, { method: "one_time_password", tokenId: token.id });
}

type Method = { method: "passkey"; passkeyId: string; counter: number } | { method: "code"; tokenId: string; timeStep: number } | { method: "one_time_password"; tokenId: string };

async function accepted({ work, standing, act, bound }: Check, challenge: Challenge, method: Method): Promise<Result<void, ProofRefusal>> {
  await work.tx.update(sessions).set({ provedAgainAt: work.now })
    .where(and(ours(work, sessions), eq(sessions.id, standing.openSession!.id), isNull(sessions.endedAt)));
  work.raiseRevision(standing.user.id); // whoever waits must see the session as proved
  work.record({ name: "approval.accepted", userId: standing.user.id, act, bound, challengeId: challenge.id, ...method });
  return done(undefined);
}

type Why = { reason: Extract<Parameters<Work["record"]>[0], { name: "approval.refused" }>["reason"]; challengeId?: string; passkeyId?: string };

/** Refused, recorded, and asked anew. */
async function asked({ work, standing, statement, ways, act, bound }: Check, why: Why): Promise<Result<void, ProofRefusal>> {
  work.record({ name: "approval.refused", userId: standing.user.id, act, bound, ...why });
  return refuse({ reason: "approval_not_accepted", proof: await requestApproval(work, standing, statement, bound, ways) });
}

function refusedWith({ work, standing, act, bound }: Check, reason: "too_much_for_a_code" | "nothing_to_prove_with"): Result<void, ProofRefusal> {
  work.record({ name: "approval.refused", userId: standing.user.id, act, bound, reason });
  return refuse({ reason });
}

const sameAgain = ({ ways, statement, bound }: Check, { challenge, nonce }: Challenge): Promise<ProofAnswer> => shown(ways, statement, bound, { challenge, nonce: nonce! });
