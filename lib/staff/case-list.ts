import { and, asc, desc, eq, inArray, sql, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { cases, caseTargets, corporations, mailIntents, staff } from "@/drizzle/schema";
import { days, later } from "@/lib/platform/clock";
import { toCsvHead, toCsvLine } from "@/lib/platform/csv";
import { database, withinDeadline } from "@/lib/platform/database";
import { startOfDay } from "@/lib/platform/japan-time";
import { titleOf } from "@/lib/mail/templates";
import type { MailContent } from "@/lib/mail/intents";
import type { CaseLine, CountRow, NewContract, UncertainMail } from "./answers";
import { caseKindNames, caseKinds } from "./case-kinds";
import { caseStateNames, caseStates } from "./case-states";

const entered = alias(staff, "entered");
const decided = alias(staff, "decided");
const mostCases = 200;

async function linesOf(where: SQL | undefined, order: SQL): Promise<CaseLine[]> {
  const rows = await withinDeadline(database()
    .select({
      number: cases.number, kind: cases.kind, state: cases.state, branch: cases.branch, enteredAt: cases.enteredAt, decidedAt: cases.decidedAt,
      company: corporations.name, contractNumber: corporations.contractNumber, newContract: cases.newContract,
      enteredBy: entered.name, decidedBy: decided.name,
    })
    .from(cases).leftJoin(corporations, eq(corporations.id, cases.corporationId))
    .innerJoin(entered, eq(entered.id, cases.enteredBy)).leftJoin(decided, eq(decided.id, cases.decidedBy))
    .where(where).orderBy(order).limit(mostCases));
  return rows.map(({ newContract, enteredAt, decidedAt, company, contractNumber, ...line }) => {
    const planned = newContract as NewContract | null;
    return {
      ...line, company: company ?? planned?.name ?? "", contractNumber: contractNumber ?? planned?.contractNumber ?? "",
      enteredAt: enteredAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null,
    };
  });
}

/** Cases that wait for approval, the oldest first, then those that were sent back; `more` are as many as there was no place for. */
export async function waitingCases(): Promise<{ waiting: CaseLine[]; more: number }> {
  const those = inArray(cases.state, ["waiting", "returned"]);
  const [waiting, [all]] = await Promise.all([
    linesOf(those, sql`${cases.state} = 'returned', ${asc(cases.enteredAt)}`),
    withinDeadline(database().select({ count: sql`count(*)`.mapWith(Number) }).from(cases).where(those)),
  ]);
  return { waiting, more: all!.count - waiting.length };
}

export const casesOfContract = (corporationId: string) => linesOf(eq(cases.corporationId, corporationId), desc(cases.enteredAt));

export const casesOfUser = (corporationId: string, userId: string) =>
  linesOf(and(eq(cases.corporationId, corporationId), sql`exists (select from ${caseTargets} where ${caseTargets.caseId} = ${cases.id} and ${caseTargets.userId} = ${userId})`), desc(cases.enteredAt));

/** The cases entered on one day, 2026-11-22 in Japan: how many of each kind a branch has, in the state they are in now. */
export async function countsOf(day: string): Promise<CountRow[]> {
  const begins = startOfDay(day);
  const rows = await withinDeadline(database()
    .select({ branch: cases.branch, kind: cases.kind, state: cases.state, count: sql`count(*)`.mapWith(Number) })
    .from(cases).where(sql`${cases.enteredAt} >= ${begins.toISOString()} and ${cases.enteredAt} < ${later(begins, days(1)).toISOString()}`)
    .groupBy(cases.branch, cases.kind, cases.state).orderBy(asc(cases.branch), asc(cases.kind)));
  const counts = new Map<string, CountRow>();
  for (const { branch, kind, state, count } of rows) {
    const key = `${branch}\n${kind}`;
    const row = counts.get(key) ?? { branch, kind, entered: 0, waiting: 0, returned: 0, withdrawn: 0, done: 0 };
    row[state] = count;
    row.entered += count;
    counts.set(key, row);
  }
  return [...counts.values()].sort((one, other) => one.branch.localeCompare(other.branch, "ja") || caseKinds.indexOf(one.kind) - caseKinds.indexOf(other.kind));
}

/** The same as a file. */
export function countsCsv(day: string, rows: CountRow[]): string {
  const headings = ["日付", "店舗", "種別", "受付", ...caseStates.map((state) => caseStateNames[state])];
  return toCsvHead(headings) + rows.map((row) =>
    toCsvLine([day, row.branch, caseKindNames[row.kind], String(row.entered), ...caseStates.map((state) => String(row[state]))])).join("");
}

const mostMails = 50;

/** The one mail whose content is erased: it held a link. */
const linkMail = (at: Date): MailContent => ({ kind: "issuance_link", link: "", validUntil: at.toISOString() });

/** Spec section 5: a mail that may or may not have arrived is not sent again; the counter is shown it, for as long as anybody may ask. */
export async function uncertainMails(now: Date): Promise<UncertainMail[]> {
  const rows = await withinDeadline(database()
    .select({ id: mailIntents.id, content: mailIntents.content, at: mailIntents.createdAt, state: mailIntents.state, company: corporations.name, contractNumber: corporations.contractNumber })
    .from(mailIntents).innerJoin(corporations, eq(corporations.id, mailIntents.corporationId))
    .where(and(inArray(mailIntents.state, ["unknown", "refused"]), sql`${mailIntents.createdAt} > ${later(now, -days(30)).toISOString()}`))
    .orderBy(desc(mailIntents.createdAt)).limit(mostMails));
  return rows.map(({ content, at, state, ...mail }) => ({
    ...mail, at: at.toISOString(), title: titleOf((content ?? linkMail(at)) as MailContent), state: state as UncertainMail["state"],
  }));
}
