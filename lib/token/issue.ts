import { randomInt, randomUUID } from "node:crypto";
import { and, eq, gt, sql } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import type { Standing } from "@/lib/login/standing";
import { sayingWhoCanRelease } from "@/lib/login/who-can-release";
import { days, hours, later } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";
import { hashPassword } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import { afterSaved, ours, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { endTokens } from "./end";
import { linkCodeMacs, newLinkCode } from "./link-code";
import { permits } from "./permission";
import { present } from "./present";
import { after, isLive, renewableFrom, tokenState } from "./states";

/** 手順B. Both are already checked and normalised. */
export type Application = { mailAddress: string; activationPassword: string };

type IssueRefusal = Refusal<
  | "no_issuance_permission" | "no_issuance_permission_counter" | "not_issuable" | "too_many_issuances"
  | "not_renewable_yet" | "wrong_one_time_password" | "suspended" | "suspended_counter"
>;

/** Issues a token to a user without one in use: behind a half-login, while a 発行許可 is open (R13). An earlier issuance dies with its link, IDs and password. */
export async function issue(work: Work, standing: Standing, application: Application): Promise<Result<void, IssueRefusal>> {
  if (after(tokenState(standing, work.now), "issue") === undefined) return refused(work, standing, { reason: "not_issuable" });
  if (!permits(standing.permission, work.now)) return refused(work, standing, await sayingWhoCanRelease(work, standing, "no_issuance_permission"));
  const full = await tooManyIssuances(work, standing);
  if (full) return refused(work, standing, full);
  return write(work, standing, application, false);
}

/**
 * R14: issues the next token from a full session, with a fresh one-time password of the one in use, which stays in use until the new one is confirmed.
 * Neither a wait nor a 発行許可 is asked for.
 */
export async function renew(
  work: Work, standing: Standing, application: Application, presented: string,
): Promise<Result<void, IssueRefusal>> {
  const { inUse } = standing;
  if (!inUse || tokenState(standing, work.now) !== "in_use") return refused(work, standing, { reason: "not_issuable" });
  if (renewableFrom(inUse.expiresAt!) > work.now) return refused(work, standing, { reason: "not_renewable_yet" });
  if (standing.suspendedAt) return refused(work, standing, await sayingWhoCanRelease(work, standing, "suspended"));
  const full = await tooManyIssuances(work, standing);
  if (full) return refused(work, standing, full); // before the one-time password, which would be spent for nothing

  const result = await present(work, standing, inUse, presented, "renewal");
  if (!result.ok) return result;
  work.save("token_accepted", work.tx.update(tokens).set(result.value).where(and(ours(work, tokens), eq(tokens.id, inUse.id))));
  return write(work, standing, application, true);
}

async function write(work: Work, standing: Standing, { mailAddress, activationPassword }: Application, renewal: boolean): Promise<Result<void, never>> {
  const { user, corporation, issuance } = standing;
  const id = randomUUID();
  const code = newLinkCode();
  const lapsesAt = later(work.now, hours(policy.issuanceValidityHours));
  if (issuance) {
    const because = isLive(issuance, work.now) ? "reissued" : "lapsed";
    endTokens(work, [issuance.id], because);
    work.record({ name: "token.ended", userId: user.id, tokenId: issuance.id, because });
  }
  const values = sql`${id}::uuid, ${corporation.id}::uuid, ${user.id}::uuid, ${renewal}::boolean, ${work.now.toISOString()}::timestamptz, ${lapsesAt.toISOString()}::timestamptz,
    ${mailAddress}, ${newUserNumber()}, ${await hashPassword(activationPassword)}, ${linkCodeMacs(code)[0]}, ${work.now.toISOString()}::timestamptz`;
  const afterEarlier = issuance ? sql`where ${afterSaved("tokens_ended")}` : sql``;
  work.save("token_issued", sql`(insert into ${tokens} (id, corporation_id, user_id, renewal, issued_at, lapses_at,
    mail_address, user_number, activation_password_hash, link_code_mac, last_mail_at) select ${values} ${afterEarlier} returning id)`);
  work.raiseRevision(user.id);
  work.record({ name: "token.issued", userId: user.id, tokenId: id, renewal });
  mailLink(work, { id, corporationId: corporation.id, userId: user.id, mailAddress, lapsesAt }, code);
  return done(undefined);
}

/** The link carries its code in the fragment, which no server, log or Referer sees (R10). */
export function mailLink(work: Work, token: { id: string; corporationId: string; userId: string; mailAddress: string; lapsesAt: Date }, code: string): void {
  work.mail({
    corporationId: token.corporationId, userId: token.userId, tokenId: token.id, recipient: token.mailAddress,
    content: { kind: "issuance_link", link: `${env().PUBLIC_ORIGIN}/authenticator/start#${code}`, validUntil: token.lapsesAt.toISOString() },
  });
}

/** ユーザID: 12 random digits per issuance (R9). */
const newUserNumber = () => Array.from({ length: 12 }, () => randomInt(10)).join("");

/** Undefined while the day's limit lets another issuance through. */
async function tooManyIssuances(work: Work, { user }: Standing): Promise<Refusal<"too_many_issuances"> | undefined> {
  const [today] = await work.tx
    .select({ issuances: sql`count(*)`.mapWith(Number), first: sql`min(${tokens.issuedAt})`.mapWith(tokens.issuedAt) })
    .from(tokens)
    .where(and(eq(tokens.userId, user.id), gt(tokens.issuedAt, later(work.now, -days(1)))));
  return today && today.issuances >= policy.issuancesPerDay ? { reason: "too_many_issuances", until: later(today.first as Date, days(1)), now: work.now } : undefined;
}

function refused(work: Work, { user }: Standing, refusal: IssueRefusal): Result<never, IssueRefusal> {
  work.record({ name: "token.issue_refused", userId: user.id, reason: refusal.reason });
  return refuse(refusal);
}
