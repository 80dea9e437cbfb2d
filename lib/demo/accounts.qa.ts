import { and, inArray, isNull } from "drizzle-orm";
import { staff, tokens, users } from "@/drizzle/schema";
import { userClassNames } from "@/lib/corporation/user-classes";
import { type Standing, standingOfUser } from "@/lib/login/standing";
import { oneTimePassword, timeStepAt } from "@/lib/otp/totp";
import { appNow, days, later } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { dateAndTime } from "@/lib/platform/japan-time";
import { env } from "@/lib/platform/env";
import { institution } from "@/lib/platform/institution";
import { policy } from "@/lib/policy";
import { dutyNames } from "@/lib/staff/duties";
import { staffKey } from "@/lib/staff/key";
import { tokenKey } from "@/lib/token/key";
import { isLive, reissuableAt, tokenState } from "@/lib/token/states";
import { tokenStateNames } from "@/lib/token/state-names";
import { confirmationPassword, dataShoji, loginPassword, mihonKogyo, staffCast } from "./cast.qa";

type Account = {
  loginId: string; name: string; company: string; userClass: string; loginPassword: string; confirmationPassword: string | null; mailAddress: string | null; state: string;
  /** Where this account logs in. */
  path: "/login" | "/staff/login";
};

const castIds = [...dataShoji.cast, ...mihonKogyo.cast].map((part) => part.loginId);

async function standingsOf(loginIds: string[]): Promise<Standing[]> {
  const rows = await database().select({ id: users.id }).from(users).where(inArray(users.loginId, loginIds)).orderBy(users.loginId);
  const opened = await Promise.all(rows.map(({ id }) => database().transaction(standingOfUser(id))));
  return opened.flatMap(({ standing }) => standing ?? []);
}

/** The demo's accounts, each with its present state in words. */
export async function accounts(): Promise<Account[]> {
  const standings = await standingsOf(castIds);
  const customers = standings.map((standing): Account => ({
    loginId: standing.user.loginId, name: standing.user.name, company: standing.corporation.name, userClass: userClassNames[standing.user.userClass],
    loginPassword, confirmationPassword, mailAddress: standing.user.mailAddress, state: stateInWords(standing), path: "/login",
  }));
  const ours = (await staffOf(staffCast.map(({ staffId }) => staffId))).map(({ row }): Account => ({
    loginId: row.staffId, name: row.name, company: row.branch, userClass: `職員・${dutyNames[row.duty]}`, loginPassword, confirmationPassword: null, mailAddress: null,
    state: row.suspendedAt ? "利用停止" : "利用可能", path: "/staff/login",
  }));
  return [...customers, ...ours];
}

const staffOf = async (staffIds: string[]) =>
  (await database().select({ now: appNow, row: staff }).from(staff).where(and(inArray(staff.staffId, staffIds), isNull(staff.endedAt))).orderBy(staff.staffId)) as { now: Date; row: typeof staff.$inferSelect }[];

function stateInWords(standing: Standing): string {
  if (!standing.corporation.serviceAppliesFrom) return "未申込";
  const state = tokenState(standing, standing.now);
  const until = state === "revoked" ? `（${dateAndTime(reissuableAt(standing.revokedAt!))}まで）` : "";
  return `${tokenStateNames[state]}${until}${standing.suspendedAt ? "・利用停止" : ""}`;
}

const liveToken = ({ inUse, issuance, now }: Standing) => inUse ?? (issuance && isLive(issuance, now) && issuance.setUpAt ? issuance : null);

/** The password that a user's phone shows now. `usableNow` is false once it has been accepted: the next one begins in `secondsLeft`. */
export async function shownPasswordOf(loginId: string) {
  const [standing] = await standingsOf([loginId]);
  const [ours] = standing ? [] : await staffOf([loginId]);
  const token = standing ? liveToken(standing) : ours?.row;
  if (!token) return undefined;
  const { now } = (standing ?? ours)!;
  const key = "userId" in token ? tokenKey(token) : staffKey(token);
  const timeStep = timeStepAt(now, policy.timeStepSeconds);
  return {
    loginId,
    oneTimePassword: oneTimePassword(key, timeStep, token.algorithm, policy.digits),
    secondsLeft: policy.timeStepSeconds - (Math.floor(now.getTime() / 1_000) % policy.timeStepSeconds),
    usableNow: token.lastTimeStep === null || token.lastTimeStep < timeStep,
  };
}

/** The phones of the cast's tokens in use, for `/qa`'s phone to hold. */
export async function seededPhones() {
  const common = {
    institution: institution().name, host: new URL(env().PUBLIC_ORIGIN).host, serviceId: institution().serviceId,
    timeStepSeconds: policy.timeStepSeconds, digits: policy.digits,
  };
  const base64url = (key: Uint8Array) => Buffer.from(key).toString("base64url");
  const customers = (await standingsOf(castIds)).flatMap(({ inUse, user, corporation }) => (inUse === null ? [] : [{
    token: { ...common, id: inUse.id, company: corporation.name, loginId: user.loginId, expiresAt: inUse.expiresAt, userId: inUse.userNumber ?? "", algorithm: inUse.algorithm },
    key: base64url(tokenKey(inUse)),
  }]));
  const ours = (await staffOf(staffCast.map(({ staffId }) => staffId))).map(({ now, row }) => ({
    token: { ...common, id: row.id, company: "営業店コンソール", loginId: row.staffId, expiresAt: later(now, days(policy.tokenLifeDays)), userId: "", algorithm: row.algorithm },
    key: base64url(staffKey(row)),
  }));
  return [...customers, ...ours];
}

/** Which of these tokens exist, in whatever state: a phone is not told of a revocation, but a scenario leaves no trace of what was before. */
export async function tokensStillThere(ids: string[]): Promise<string[]> {
  const rows = await database().select({ id: tokens.id }).from(tokens).where(inArray(tokens.id, ids));
  const ours = await database().select({ id: staff.id }).from(staff).where(inArray(staff.id, ids));
  return [...rows, ...ours].map((row) => row.id);
}
