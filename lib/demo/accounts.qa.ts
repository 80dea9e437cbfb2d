import { inArray } from "drizzle-orm";
import { tokens, users } from "@/drizzle/schema";
import { userClassNames } from "@/lib/corporation/user-classes";
import { type Standing, standingOfUser } from "@/lib/login/standing";
import { oneTimePassword, timeStepAt } from "@/lib/otp/totp";
import { database } from "@/lib/platform/database";
import { dateAndTime } from "@/lib/platform/japan-time";
import { env } from "@/lib/platform/env";
import { institution } from "@/lib/platform/institution";
import { policy } from "@/lib/policy";
import { tokenKey } from "@/lib/token/key";
import { isLive, reissuableAt, tokenState } from "@/lib/token/states";
import { tokenStateNames } from "@/lib/token/state-names";
import { confirmationPassword, dataShoji, loginPassword, mihonKogyo } from "./cast.qa";

const castIds = [...dataShoji.cast, ...mihonKogyo.cast].map((part) => part.loginId);

async function standingsOf(loginIds: string[]): Promise<Standing[]> {
  const rows = await database().select({ id: users.id }).from(users).where(inArray(users.loginId, loginIds)).orderBy(users.loginId);
  const opened = await Promise.all(rows.map(({ id }) => database().transaction(standingOfUser(id))));
  return opened.flatMap(({ standing }) => standing ?? []);
}

/** The demo's accounts, each with its present state in words. */
export async function accounts() {
  const standings = await standingsOf(castIds);
  return standings.map((standing) => ({
    loginId: standing.user.loginId, name: standing.user.name, company: standing.corporation.name, userClass: userClassNames[standing.user.userClass],
    loginPassword, confirmationPassword, mailAddress: standing.user.mailAddress, state: stateInWords(standing),
  }));
}

function stateInWords(standing: Standing): string {
  if (!standing.corporation.serviceAppliesFrom) return "未申込";
  const state = tokenState(standing, standing.now);
  const until = state === "revoked" ? `（${dateAndTime(reissuableAt(standing.revokedAt!))}まで）` : "";
  return `${tokenStateNames[state]}${until}${standing.suspendedAt ? "・利用停止" : ""}`;
}

const liveToken = ({ inUse, issuance, now }: Standing) => inUse ?? (issuance && isLive(issuance, now) && issuance.setUpAt ? issuance : null);

/** The password that a user's phone shows now. `usableNow` is false once it has been accepted: the next one begins in `secondsLeft`. */
export async function presentPasswordOf(loginId: string) {
  const [standing] = await standingsOf([loginId]);
  const token = standing && liveToken(standing);
  if (!token) return undefined;
  const timeStep = timeStepAt(standing.now, policy.timeStepSeconds);
  return {
    loginId,
    oneTimePassword: oneTimePassword(tokenKey(token), timeStep, token.algorithm, policy.digits),
    secondsLeft: policy.timeStepSeconds - (Math.floor(standing.now.getTime() / 1_000) % policy.timeStepSeconds),
    usableNow: token.lastTimeStep === null || token.lastTimeStep < timeStep,
  };
}

/** The phones of the cast's tokens in use, for `/qa`'s phone to hold. */
export async function seededPhones() {
  const standings = await standingsOf(castIds);
  return standings.flatMap(({ inUse, user, corporation }) => (inUse === null ? [] : [{
    token: {
      id: inUse.id, institution: institution().name, company: corporation.name, loginId: user.loginId, expiresAt: inUse.expiresAt,
      host: new URL(env().PUBLIC_ORIGIN).host, serviceId: institution().serviceId, userId: inUse.userNumber ?? "", algorithm: inUse.algorithm,
      timeStepSeconds: policy.timeStepSeconds, digits: policy.digits,
    },
    key: Buffer.from(tokenKey(inUse)).toString("base64url"),
  }]));
}

/** Which of these tokens exist, in whatever state: a phone is not told of a revocation, but a scenario leaves no trace of what was before. */
export async function tokensStillThere(ids: string[]): Promise<string[]> {
  const rows = await database().select({ id: tokens.id }).from(tokens).where(inArray(tokens.id, ids));
  return rows.map((row) => row.id);
}
