import { and, asc, desc, eq, isNull, lt, lte, or, sql, type SQL } from "drizzle-orm";
import { mailIntents, tokens } from "@/drizzle/schema";
import { database, type Tx, withinDeadline } from "@/lib/platform/database";
import { unseal } from "@/lib/platform/keys";
import { mailBinding, type MailContent } from "./intents";

/** A worker that says nothing for this long is dead, and its mail another's. */
const leaseSeconds = 30;

/** How long Resend remembers an idempotency key; a lost outcome is asked for again no longer. */
const keyLifeHours = 24;

const secondsFromNow = (seconds: number): SQL<Date> => sql`app_now() + make_interval(secs => ${seconds}::double precision)`;

export type LeasedMail = {
  id: string; kind: string; recipient: string; attempts: number;
  content: unknown; sealedContent: string | null;
  /** No earlier attempt may have been accepted. */
  surelyNew: boolean;
  /** An earlier attempt may have been accepted, too long ago to be asked for again. */
  outcomeIsLost: boolean;
  /** Its link opens nothing any more: the issuance has ended, or a newer mail holds its present code. */
  linkIsDead: boolean;
};

/** Takes mails that are due, for this worker alone. `attemptSeconds` is how long an attempt may last. */
export async function leaseDue(limit: number, attemptSeconds: number): Promise<LeasedMail[]> {
  const db = database();
  const due = db.$with("due").as(
    db.select({ dueId: sql<string>`${mailIntents.id}`.as("due_id"), uncertainSince: sql<Date | null>`${mailIntents.firstAttemptAt}`.as("uncertain_since") })
      .from(mailIntents)
      .where(and(
        eq(mailIntents.state, "waiting"), lte(mailIntents.dueAt, sql`app_now()`),
        or(isNull(mailIntents.leasedUntil), lt(mailIntents.leasedUntil, sql`app_now()`)),
      ))
      .orderBy(asc(mailIntents.dueAt)).limit(limit).for("update", { skipLocked: true }),
  );
  const openIssuance = sql`select from ${tokens} where ${tokens.id} = ${mailIntents.tokenId}
    and ${tokens.endedAt} is null and ${tokens.confirmedAt} is null and ${tokens.lapsesAt} > app_now()`;
  const newerLink = sql`select from ${mailIntents} as newer where newer.token_id = ${mailIntents.tokenId}
    and newer.kind = 'issuance_link' and newer.created_at > ${mailIntents.createdAt}`;

  return withinDeadline(db.with(due).update(mailIntents)
    .set({
      leasedUntil: secondsFromNow(leaseSeconds),
      attempts: sql`${mailIntents.attempts} + 1`,
      firstAttemptAt: sql`coalesce(${mailIntents.firstAttemptAt}, app_now())`, // before the attempt: it may end with this process
    })
    .from(due).where(eq(mailIntents.id, due.dueId))
    .returning({
      id: mailIntents.id, kind: mailIntents.kind, recipient: mailIntents.recipient, attempts: mailIntents.attempts,
      content: mailIntents.content, sealedContent: mailIntents.sealedContent,
      surelyNew: sql<boolean>`${due.uncertainSince} is null`,
      outcomeIsLost: sql<boolean>`coalesce(${due.uncertainSince} + make_interval(hours => ${keyLifeHours}::int) <= ${secondsFromNow(attemptSeconds)}, false)`,
      linkIsDead: sql<boolean>`(${mailIntents.kind} = 'issuance_link' and (not exists (${openIssuance}) or exists (${newerLink})))`,
    }));
}

/** What the mail says. Throws where KEY_RING has lost the key. */
export function contentOf({ id, content, sealedContent }: LeasedMail): MailContent {
  return (sealedContent === null ? content : JSON.parse(unseal(sealedContent, mailBinding(id)).toString())) as MailContent;
}

const waiting = (mail: LeasedMail) => and(eq(mailIntents.id, mail.id), eq(mailIntents.state, "waiting"));

/** Only while nobody else has taken the mail since. */
const stillMine = (mail: LeasedMail) => and(waiting(mail), eq(mailIntents.attempts, mail.attempts));

const over = (state: "sent" | "refused" | "unknown" | "withdrawn", lastProblem: string | null) =>
  ({ state, lastProblem, endedAt: sql`app_now()`, sealedContent: null, leasedUntil: null });

/** The provider has it. True whoever holds the mail by now. */
export const markSent = async (mail: LeasedMail): Promise<void> =>
  void await withinDeadline(database().update(mailIntents).set(over("sent", null)).where(waiting(mail)));

export const giveUp = async (mail: LeasedMail, state: "refused" | "unknown" | "withdrawn", problem: string): Promise<void> =>
  void await withinDeadline(database().update(mailIntents).set(over(state, problem)).where(stillMine(mail)));

/** To be tried again. `certainlyNotSent` says of this attempt that it was not accepted: then the key's 24 hours have not begun with it. */
export const postpone = async (mail: LeasedMail, seconds: number, problem: string, certainlyNotSent: boolean): Promise<void> =>
  void await withinDeadline(database().update(mailIntents)
    .set({ dueAt: secondsFromNow(seconds), leasedUntil: null, lastProblem: problem, ...(certainlyNotSent && mail.surelyNew && { firstAttemptAt: null }) })
    .where(stillMine(mail)));

/** Whether a token's link has left, for the page that waits for it: `delayed` when the provider has not taken it at the first attempt. */
export async function linkState(tx: Tx, tokenId: string): Promise<"waiting" | "sent" | "delayed"> {
  const [mail] = await tx.select({ state: mailIntents.state, problem: mailIntents.lastProblem })
    .from(mailIntents).where(eq(mailIntents.tokenId, tokenId)).orderBy(desc(mailIntents.createdAt)).limit(1);
  if (!mail || mail.state === "sent") return "sent";
  return mail.state === "waiting" && !mail.problem ? "waiting" : "delayed";
}
