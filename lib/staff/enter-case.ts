import { eq, sql } from "drizzle-orm";
import { cases, caseTargets, corporations, users } from "@/drizzle/schema";
import { type Authentication, isSameAuthentication } from "@/lib/corporation/authentication";
import type { Corporation } from "@/lib/corporation/service";
import { standingsOfUsers } from "@/lib/login/standing";
import { days, later } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/database";
import { sortableDate } from "@/lib/platform/japan-time";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { NewContract } from "./answers";
import type { CaseEntry, ContractEntry } from "./case-fields";
import { needsApproval } from "./case-kinds";
import { afterEvent } from "./case-states";
import { carryOutCase, type DecisionRefusal } from "./decide-case";
import type { StaffAct } from "./duties";
import type { StaffSession } from "./guards";
import { openCase } from "./open-case";
import { takenOf } from "./register-contract";
import { type SeenStates, statesSeen } from "./target-states";

type EntryRefusal = { fields: Record<string, string> };

/** Opens an entry: the case that already has this number, if one has, and the users meant, locked. */
export const openEntry = (session: StaffSession, act: StaffAct, { number, contractNumber, loginIds }: { number: string; contractNumber: string; loginIds: string[] }) => async (tx: Tx) => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('case ' || lower(${number}), 0))`); // two who enter one number at once: one of them finds it used
  const inHand = await openCase(session, act, number)(tx);
  const [corporation] = await tx.select().from(corporations).where(eq(corporations.contractNumber, contractNumber));
  const wanted = JSON.stringify(loginIds.map((loginId) => loginId.toLowerCase()));
  const ids = corporation && loginIds.length > 0
    ? await tx.select({ id: users.id }).from(users).where(sql`${users.corporationId} = ${corporation.id} and ${users.deletedAt} is null
        and lower(${users.loginId}) in (select jsonb_array_elements_text(${wanted}::jsonb))`)
    : [];
  const named = corporation && ids.length > 0 ? await standingsOfUsers(corporation.id, ids.map(({ id }) => id))(tx) : [];
  return { ...inHand, corporation, named };
};

type Entry = Awaited<ReturnType<ReturnType<typeof openEntry>>>;

const serviceDaysAhead = 366;

/** What is wrong with a date from which something is to apply: it is today's or later, and not a slip of the hand. Dates sort as they are written. */
function problemOfDate(from: string | null, now: Date): string | undefined {
  if (!from) return "適用日を入力してください。";
  return from < sortableDate(now) || from > sortableDate(later(now, days(serviceDaysAhead))) ? "適用日は、本日から1年以内の日付を入力してください。" : undefined;
}

/** 認証方法の変更, field by field. What needs the service is not promised to a contract that has not applied for it. */
function problemsOfAuthentication(wanted: Authentication, corporation: Corporation, now: Date): Record<string, string> {
  const notApplied = corporation.serviceAppliesFrom === null;
  const date = wanted.passkeyPolicy === "required" && wanted.passkeyRequiredFrom !== corporation.passkeyRequiredFrom ? problemOfDate(wanted.passkeyRequiredFrom, now) : undefined;
  return {
    ...(notApplied && wanted.passkeyPolicy === "required" && { passkeyPolicy: "この契約のワンタイムパスワードサービスは、未申込です。パスキーを「必須とする」には、先に申込が必要です。" }),
    ...(notApplied && wanted.passkeyAlone && { passkeyAlone: "この契約のワンタイムパスワードサービスは、未申込です。パスキーだけでのログインには、先に申込が必要です。" }),
    ...(date && { passkeyRequiredFrom: date }),
    ...(isSameAuthentication(wanted, corporation) && { passkeyPolicy: "この契約の、現在の認証方法と同じ内容です。" }),
  };
}

const taken = "この受付番号は、すでに使われています。";

/** Whether this number may be entered by this person: it is nobody's yet, or their own case was sent back to them under it. */
const mayEnter = ({ found, standing }: Pick<Entry, "found" | "standing">, newContract: boolean): boolean =>
  !found || (afterEvent(found.state, "enter_again") !== undefined && found.enteredBy === standing.staff.id && (found.newContract !== null) === newContract);

function unfitEntry(work: Work, number: string, fields: Record<string, string>, asked?: string): Result<never, EntryRefusal> {
  work.record({ name: "case.enter_refused", caseNumber: number, reason: "unfit", ...(asked && { asked }) });
  return refuse({ fields });
}

/**
 * 受付 (R22): a case waits for another person's approval, but for an 緊急停止, which is carried out at once. A login ID that the contract does not have is
 * refused in the same words whether or not another company has it (ADM-03).
 */
export async function enterCase(work: Work, entry: Entry, fields: CaseEntry): Promise<Result<{ number: string }, EntryRefusal | DecisionRefusal>> {
  const { corporation, named, standing } = entry;
  const { number, kind, loginIds } = fields;
  work.corporationId = corporation?.id;
  if (!mayEnter(entry, false)) return unfitEntry(work, number, { number: taken });
  if (!corporation) return unfitEntry(work, number, { contractNumber: "契約番号が見つかりません。" }, fields.contractNumber);
  const ofLogin = new Map(named.map((target) => [target.user.loginId.toLowerCase(), target]));
  const strangers = loginIds.filter((loginId) => !ofLogin.has(loginId.toLowerCase()));
  if (strangers.length > 0) return unfitEntry(work, number, { loginIds: `この契約に登録されていないログインIDです：${strangers.join("、")}` }, strangers.join(" "));
  if (kind === "apply_service" && corporation.serviceAppliesFrom !== null) return unfitEntry(work, number, { kind: "この契約のワンタイムパスワードサービスは、申込済です。" });
  if (kind === "end_service" && corporation.serviceAppliesFrom === null) return unfitEntry(work, number, { kind: "この契約のワンタイムパスワードサービスは、未申込です。" });
  const problem = kind === "apply_service" ? problemOfDate(fields.serviceAppliesFrom, work.now) : undefined;
  if (problem) return unfitEntry(work, number, { serviceAppliesFrom: problem });
  const problems = fields.authentication ? problemsOfAuthentication(fields.authentication, corporation, work.now) : {};
  if (Object.keys(problems).length > 0) return unfitEntry(work, number, problems);

  const id = await writeCase(work, entry, fields, { corporationId: corporation.id, serviceAppliesFrom: kind === "apply_service" ? fields.serviceAppliesFrom : null, allowReissue: fields.allowReissue, authentication: fields.authentication });
  const targets = loginIds.map((loginId) => ofLogin.get(loginId.toLowerCase())!);
  const rows = targets.length === 0 ? [] : await work.tx.insert(caseTargets).values(targets.map((target, index) => ({
    caseId: id, corporationId: corporation.id, userId: target.user.id, place: index + 1, seen: statesSeen(target, work.now) satisfies SeenStates,
  }))).returning({ id: caseTargets.id, userId: caseTargets.userId });
  recordEntry(work, entry, fields);
  for (const { user } of targets) work.record({ name: "case.target_named", userId: user.id, caseNumber: number, kind });
  if (needsApproval(kind)) return done({ number });

  const [written] = await work.tx.select().from(cases).where(eq(cases.id, id));
  const carried = await carryOutCase(work, { now: entry.now, standing, number, found: written, targets: rows, standings: named, contract: undefined }, written!, [], "case.carried_out");
  return carried.ok ? done({ number }) : carried;
}

/** 契約登録: the application for a new contract, whose first master is registered once it is approved. */
export async function enterContract(work: Work, entry: Entry, fields: ContractEntry): Promise<Result<{ number: string }, EntryRefusal>> {
  const { number, contractNumber, name, master, serviceAppliesFrom } = fields;
  if (!mayEnter(entry, true)) return unfitEntry(work, number, { number: taken });
  const newContract: NewContract = { contractNumber, name, master };
  const problem = serviceAppliesFrom ? problemOfDate(serviceAppliesFrom, work.now) : undefined;
  if (problem) return unfitEntry(work, number, { serviceAppliesFrom: problem });
  const problems = (await takenOf(work.tx, newContract)).map((field) =>
    [field, field === "contractNumber" ? "この契約番号は、すでに登録されています。" : "このログインIDは、すでに使われています。"]);
  if (problems.length > 0) return unfitEntry(work, number, Object.fromEntries(problems) as Record<string, string>);
  await writeCase(work, entry, { ...fields, kind: "apply_service" }, { newContract, serviceAppliesFrom: serviceAppliesFrom || null });
  recordEntry(work, entry, { ...fields, kind: "apply_service", loginIds: [master.loginId] });
  return done({ number });
}

/** With everything that was entered: entering anew takes the row's place, and not the log's. */
function recordEntry(
  work: Work, { found }: Pick<Entry, "found">,
  { number, kind, contractNumber, loginIds, documents, serviceAppliesFrom, allowReissue, authentication }: Omit<CaseEntry, "allowReissue" | "authentication" | "reason"> & Partial<Pick<CaseEntry, "allowReissue" | "authentication">>,
): void {
  work.record({
    name: found ? "case.entered_again" : "case.entered", caseNumber: number, kind, contractNumber, loginIds, documents,
    ...(serviceAppliesFrom && kind === "apply_service" && { serviceAppliesFrom }), ...(kind === "revoke_token" && { allowReissue }), ...(authentication && { authentication }),
  });
}

type Written = Pick<CaseEntry, "number" | "kind" | "documents" | "reason">;

/** At once, and not with the other statements: its targets refer to it. */
async function writeCase(
  work: Work, { found, standing }: Pick<Entry, "found" | "standing">, { number, kind, documents, reason }: Written, more: Partial<typeof cases.$inferInsert>,
): Promise<string> {
  const values = { kind, documents, reason, branch: standing.staff.branch, enteredAt: work.now, ...more };
  if (found) {
    await work.tx.delete(caseTargets).where(eq(caseTargets.caseId, found.id));
    await work.tx.update(cases).set({ ...values, state: afterEvent(found.state, "enter_again"), decidedBy: null, decidedAt: null, decisionReason: null }).where(eq(cases.id, found.id));
    return found.id;
  }
  const [row] = await work.tx.insert(cases).values({ number, enteredBy: standing.staff.id, ...values }).returning({ id: cases.id });
  return row!.id;
}
