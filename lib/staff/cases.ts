import { randomUUID } from "node:crypto";
import { asc, desc, eq, sql } from "drizzle-orm";
import { auditSeals, cases, caseTargets, corporations, users } from "@/drizzle/schema";
import { type Corporation, applyService, endService, lockContract, permissionWindowEnds } from "@/lib/corporation/service";
import { type Standing, standingsOfUsers } from "@/lib/login/standing";
import { makeTemporaryPassword, type TemporaryPassword } from "@/lib/login/temporary-password";
import { days, later } from "@/lib/platform/clock";
import { database, type Tx, withinDeadline } from "@/lib/platform/database";
import { sortableDate } from "@/lib/platform/japan-time";
import { atTheBenchInTurn } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import type { NewContract } from "./answers";
import { carryOut, type Outcome } from "./carry-out";
import type { CaseEntry, ContractEntry } from "./case-fields";
import { isOfContract, makesSlips, needsApproval } from "./case-kinds";
import { afterEvent, type CaseEvent } from "./case-states";
import type { Duty, StaffAct } from "./duties";
import { type StaffSession, standingOfStaffSession } from "./guards";
import { registerContract, takenOf } from "./register-contract";
import { sealSlip, type SlipPasswords } from "./slips";
import type { StaffStanding } from "./standing";
import { seenFingerprint, type SeenStates, statesSeen, unseen } from "./target-states";

export type Case = typeof cases.$inferSelect;
type Target = Pick<typeof caseTargets.$inferSelect, "id" | "userId">;

/** A case and the member of staff who has it in hand, both locked. */
export type CaseInHand = { now: Date; standing: StaffStanding; number: string; found: Case | undefined };

/**
 * The same with everything that the case is about. Staff, case, contract and users are locked in this order, so that two never wait for each other
 * crosswise; users come last and in the order of their ids, as everywhere.
 */
export type OpenCase = CaseInHand & { targets: Target[]; standings: Standing[]; contract: { corporation: Corporation; userIds: string[] } | undefined };

const byNumber = (number: string) => eq(sql`lower(${cases.number})`, number.toLowerCase());

export const openCase = (session: StaffSession, act: StaffAct, number: string) => async (tx: Tx): Promise<CaseInHand> => {
  const { now, standing } = await standingOfStaffSession(session, act)(tx);
  const [found] = await tx.select().from(cases).where(byNumber(number)).for("update");
  return { now, standing, number, found };
};

/** For an approval: with the users it names, or the whole contract, while the case waits. */
export const openForApproval = (session: StaffSession, number: string) => async (tx: Tx): Promise<OpenCase> => {
  const inHand = await openCase(session, "decide_case", number)(tx);
  const { found } = inHand;
  if (!found || afterEvent(found.state, "approve") === undefined) return { ...inHand, targets: [], standings: [], contract: undefined };
  const targets = await tx.select({ id: caseTargets.id, userId: caseTargets.userId }).from(caseTargets).where(eq(caseTargets.caseId, found.id)).orderBy(asc(caseTargets.place));
  return {
    ...inHand, targets,
    contract: found.corporationId && isOfContract(found.kind) ? await lockContract(tx, found.corporationId) : undefined,
    standings: found.corporationId && targets.length > 0 ? await standingsOfUsers(found.corporationId, targets.map(({ userId }) => userId))(tx) : [],
  };
};

/** What an approver looks at, as it is now: compared with what they looked at when they pressed the button. */
export const seenNow = ({ found, targets, standings, contract, now }: Pick<OpenCase, "found" | "targets" | "standings" | "contract" | "now">): string =>
  seenFingerprint(
    found ? [found.kind, found.enteredAt, found.documents, found.reason, found.allowReissue, found.newContract, found.serviceAppliesFrom, contract?.corporation.serviceAppliesFrom] : [],
    targets.map(({ userId }) => {
      const target = standings.find(({ user }) => user.id === userId);
      return { userId, states: target && statesSeen(target, now) };
    }),
  );

type Decision = Extract<CaseEvent, "approve" | "return" | "withdraw">;
export type DecisionRefusal = Refusal<
  | "unknown_case" | "case_decided" | "own_case" | "not_own_case" | "case_changed" | "contract_taken" | "service_applied_already" | "service_not_applied" | "service_date_passed"
>;

/** What every decision asks first: the case is there, it waits, and it is this person's to decide (R22). */
function decidable(work: Work, { found, standing, number }: CaseInHand, event: Decision): Result<Case, DecisionRefusal> {
  const no = (reason: DecisionRefusal["reason"]) => refusedDecision(work, found?.number ?? number, event, reason);
  if (!found) return no("unknown_case");
  work.corporationId = found.corporationId ?? undefined;
  if (afterEvent(found.state, event) === undefined) return no("case_decided");
  const own = found.enteredBy === standing.staff.id;
  if (event === "withdraw") return mayWithdraw(found, standing.staff) ? done(found) : no("not_own_case");
  return own ? no("own_case") : done(found);
}

/** Whoever entered it; and where it was sent back to somebody who is no clerk any more, an approver. */
export const mayWithdraw = ({ enteredBy, state }: Pick<Case, "enteredBy" | "state">, { id, duty }: { id: string; duty: Duty }): boolean =>
  duty === "approver" ? state === "returned" && enteredBy !== id : enteredBy === id;

function refusedDecision(work: Work, caseNumber: string, act: string, reason: DecisionRefusal["reason"]): Result<never, DecisionRefusal> {
  work.record({ name: "case.act_refused", caseNumber: caseNumber.slice(0, 40), act, reason });
  return refuse({ reason });
}

function decided(work: Work, { found, standing }: CaseInHand, event: Decision, more: Partial<typeof cases.$inferInsert> = {}): void {
  work.save("case_decided", work.tx.update(cases)
    .set({ state: afterEvent(found!.state, event)!, decidedBy: standing.staff.id, decidedAt: work.now, ...more }).where(eq(cases.id, found!.id)));
}

/** 差戻し: back to who entered it, with a reason if there is one. */
export function returnCase(work: Work, open: CaseInHand, decisionReason: string): Result<void, DecisionRefusal> {
  const held = decidable(work, open, "return");
  if (!held.ok) return held;
  decided(work, open, "return", { decisionReason: decisionReason || null });
  work.record({ name: "case.returned", caseNumber: held.value.number });
  return done(undefined);
}

/** 取下げ: the case stays as it is for ever. */
export function withdrawCase(work: Work, open: CaseInHand): Result<void, DecisionRefusal> {
  const held = decidable(work, open, "withdraw");
  if (!held.ok) return held;
  decided(work, open, "withdraw");
  work.record({ name: "case.withdrawn", caseNumber: held.value.number });
  return done(undefined);
}

/**
 * 承認 (R22), and in the same transaction what was approved: nothing happens before it, each target happens once, and a crash in between leaves the
 * case waiting. `seen` is what the approver looked at: where it is not so any more they are asked again.
 */
export async function approveCase(work: Work, open: OpenCase, seen: string, temporaries: TemporaryPassword[]): Promise<Result<void, DecisionRefusal>> {
  const held = decidable(work, open, "approve");
  if (!held.ok) return held;
  const slips = held.value.newContract ? 2 : makesSlips(held.value.kind) ? open.targets.length : 0;
  if (seen !== seenNow(open) || temporaries.length < slips) return refusedDecision(work, held.value.number, "approve", "case_changed");
  return carryOutCase(work, open, held.value, temporaries, "case.approved");
}

async function carryOutCase(
  work: Work, open: OpenCase, found: Case, temporaries: TemporaryPassword[], event: "case.approved" | "case.carried_out",
): Promise<Result<void, DecisionRefusal>> {
  const { targets, standings, contract } = open;
  let outcomes: Outcome[] = [];
  let corporationId = found.corporationId;
  if (found.serviceAppliesFrom && permissionWindowEnds(found.serviceAppliesFrom) <= work.now) return refusedDecision(work, found.number, "approve", "service_date_passed");
  if (found.newContract) {
    const [login, confirmation] = temporaries as [TemporaryPassword, TemporaryPassword];
    const registered = await registerContract(work, found.newContract as NewContract, found.serviceAppliesFrom, [login, confirmation]);
    if (!registered.ok) return refusedDecision(work, found.number, "approve", registered.refusal.reason);
    corporationId = registered.value.corporationId;
    await keepFirstMaster(work, found, registered.value, { loginPassword: login.password, confirmationPassword: confirmation.password });
  } else if (contract) {
    const reason = await changeService(work, found, contract);
    if (reason) return refusedDecision(work, found.number, "approve", reason);
  } else {
    outcomes = await carryOut(work, found.kind as Parameters<typeof carryOut>[1], {
      userIds: targets.map(({ userId }) => userId), standings, allowReissue: found.allowReissue, temporaries,
    });
    saveOutcomes(work, found, targets, outcomes);
    for (const { userId, outcome } of outcomes) {
      const of = { userId, caseNumber: found.number, kind: found.kind };
      work.record(outcome === "done" ? { name: "case.target_done", ...of } : { name: "case.target_refused", ...of, reason: outcome });
    }
  }
  const [head] = await work.tx.select({ sealNumber: auditSeals.number, sealHash: auditSeals.hash }).from(auditSeals).orderBy(desc(auditSeals.number)).limit(1);
  decided(work, open, "approve", { corporationId, ...head });
  const count = outcomes.filter(({ outcome }) => outcome === "done").length;
  work.record({ name: event, caseNumber: found.number, kind: found.kind, done: count, refused: outcomes.length - count });
  return done(undefined);
}

async function changeService(work: Work, { kind, serviceAppliesFrom }: Case, contract: NonNullable<OpenCase["contract"]>): Promise<"service_applied_already" | "service_not_applied" | undefined> {
  const applied = contract.corporation.serviceAppliesFrom !== null;
  if (kind === "end_service") {
    if (!applied) return "service_not_applied";
    await endService(work, contract);
  } else {
    if (applied) return "service_applied_already";
    await applyService(work, contract, serviceAppliesFrom!);
  }
  return undefined;
}

const slipOf = (kind: Case["kind"], { password }: TemporaryPassword): SlipPasswords =>
  kind === "issue_login_password" ? { loginPassword: password } : { confirmationPassword: password };

function saveOutcomes(work: Work, { kind }: Case, targets: Target[], outcomes: Outcome[]): void {
  const rows = targets.map(({ id, userId }) => {
    const { outcome, temporary } = outcomes.find((of) => of.userId === userId)!;
    return { id, outcome, slip: outcome === "done" && temporary ? sealSlip(id, slipOf(kind, temporary)) : null };
  });
  work.save("targets_done", sql`(update ${caseTargets} set outcome = result.outcome, sealed_slip = result.slip
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as result(id uuid, outcome text, slip text) where ${caseTargets.id} = result.id)`);
}

async function keepFirstMaster(work: Work, found: Case, { corporationId, userId }: { corporationId: string; userId: string }, passwords: SlipPasswords): Promise<void> {
  const id = randomUUID();
  await work.tx.insert(caseTargets).values({ id, caseId: found.id, corporationId, userId, place: 1, seen: unseen, outcome: "done", sealedSlip: sealSlip(id, passwords) });
}

/**
 * The temporary passwords that approving a case will hand out, made and hashed before anything is locked. None where this person cannot approve it as it is:
 * the answer is a refusal then, and hashing is dear. More than are used are thrown away.
 */
export async function temporariesFor({ staff }: StaffSession, number: string): Promise<TemporaryPassword[]> {
  const [found] = await withinDeadline(database().select().from(cases).where(byNumber(number)));
  if (!found || !(makesSlips(found.kind) || found.newContract)) return [];
  if (afterEvent(found.state, "approve") === undefined || found.enteredBy === staff.id) return [];
  const [targets] = found.newContract ? [{ count: 2 }] : await withinDeadline(database().select({ count: sql`count(*)`.mapWith(Number) }).from(caseTargets).where(eq(caseTargets.caseId, found.id)));
  const made: TemporaryPassword[] = [];
  for (let i = 0; i < targets!.count; i += 1) made.push(await atTheBenchInTurn("counter", makeTemporaryPassword));
  return made;
}

export type EntryRefusal = { fields: Record<string, string> };

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

/** What is wrong with a date from which the service is to apply: it is today's or later, and not a slip of the hand. Dates sort as they are written. */
function problemOfServiceDate(from: string, now: Date): string | undefined {
  if (!from) return "適用日を入力してください。";
  return from < sortableDate(now) || from > sortableDate(later(now, days(serviceDaysAhead))) ? "適用日は、本日から1年以内の日付を入力してください。" : undefined;
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
  if (kind === "apply_service" && corporation.serviceAppliesFrom !== null) return unfitEntry(work, number, { kind: "この契約は、ワンタイムパスワードサービスの申込済です。" });
  if (kind === "end_service" && corporation.serviceAppliesFrom === null) return unfitEntry(work, number, { kind: "この契約は、ワンタイムパスワードサービスの未申込です。" });
  const problem = kind === "apply_service" ? problemOfServiceDate(fields.serviceAppliesFrom, work.now) : undefined;
  if (problem) return unfitEntry(work, number, { serviceAppliesFrom: problem });

  const id = await writeCase(work, entry, fields, { corporationId: corporation.id, serviceAppliesFrom: kind === "apply_service" ? fields.serviceAppliesFrom : null, allowReissue: fields.allowReissue });
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
  const problem = serviceAppliesFrom ? problemOfServiceDate(serviceAppliesFrom, work.now) : undefined;
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
  { number, kind, contractNumber, loginIds, documents, serviceAppliesFrom, allowReissue }: Omit<CaseEntry, "allowReissue" | "reason"> & { allowReissue?: boolean },
): void {
  work.record({
    name: found ? "case.entered_again" : "case.entered", caseNumber: number, kind, contractNumber, loginIds, documents,
    ...(serviceAppliesFrom && isOfContract(kind) && { serviceAppliesFrom }), ...(kind === "revoke_token" && { allowReissue }),
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

