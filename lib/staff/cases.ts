import { randomUUID } from "node:crypto";
import { asc, desc, eq, sql } from "drizzle-orm";
import { auditSeals, cases, caseTargets, corporations, users } from "@/drizzle/schema";
import { type Corporation, applyService, endService, lockContract } from "@/lib/corporation/service";
import { type Standing, standingsOfUsers } from "@/lib/login/standing";
import { makeTemporaryPassword, type TemporaryPassword } from "@/lib/login/temporary-password";
import { database, type Tx, withinDeadline } from "@/lib/platform/database";
import { atTheBenchInTurn } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import type { NewContract } from "./answers";
import { carryOut, type Outcome } from "./carry-out";
import type { CaseEntry, ContractEntry } from "./case-fields";
import { isOfContract, makesSlips, needsApproval } from "./case-kinds";
import { afterEvent, type CaseEvent } from "./case-states";
import type { StaffAct } from "./duties";
import { type StaffSession, standingOfStaffSession } from "./guards";
import { registerContract, takenOf } from "./register-contract";
import { sealSlip, type SlipPasswords } from "./slips";
import type { StaffStanding } from "./standing";
import { seenFingerprint, type SeenStates, statesSeen } from "./target-states";

export type Case = typeof cases.$inferSelect;
type Target = Pick<typeof caseTargets.$inferSelect, "id" | "userId">;

/**
 * A case in hand: the member of staff, the case, and everything it is about, all locked in this order, so that two of the
 * counter never wait for each other crosswise. Users come last and in the order of their ids, as everywhere.
 */
export type OpenCase = {
  now: Date; standing: StaffStanding; found: Case | undefined; targets: Target[]; standings: Standing[];
  contract: { corporation: Corporation; userIds: string[] } | undefined;
};

const byNumber = (number: string) => eq(sql`lower(${cases.number})`, number.toLowerCase());

export const openCase = (session: StaffSession, act: StaffAct, number: string) => async (tx: Tx): Promise<OpenCase> => {
  const { now, standing } = await standingOfStaffSession(session, act)(tx);
  const [found] = await tx.select().from(cases).where(byNumber(number)).for("update");
  const targets = found ? await tx.select({ id: caseTargets.id, userId: caseTargets.userId }).from(caseTargets).where(eq(caseTargets.caseId, found.id)).orderBy(asc(caseTargets.place)) : [];
  const ofContract = found?.corporationId && isOfContract(found.kind);
  return {
    now, standing, found, targets,
    contract: ofContract ? await lockContract(tx, found.corporationId!) : undefined,
    standings: found?.corporationId && targets.length > 0 ? await standingsOfUsers(found.corporationId, targets.map(({ userId }) => userId))(tx) : [],
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
  "unknown_case" | "case_decided" | "own_case" | "not_own_case" | "case_changed" | "contract_taken" | "service_applied_already" | "service_not_applied"
>;

/** What every decision asks first: the case is there, it waits, and it is this person's to decide (R22). */
function decidable(work: Work, { found, standing }: OpenCase, event: Decision): Result<Case, DecisionRefusal> {
  const no = (reason: DecisionRefusal["reason"]) => refusedDecision(work, found, event, reason);
  if (!found) return refuse({ reason: "unknown_case" });
  work.corporationId = found.corporationId ?? undefined;
  if (afterEvent(found.state, event) === undefined) return no("case_decided");
  const own = found.enteredBy === standing.staff.id;
  if (event === "withdraw") return own ? done(found) : no("not_own_case");
  return own ? no("own_case") : done(found);
}

function refusedDecision(work: Work, found: Case | undefined, act: string, reason: DecisionRefusal["reason"]): Result<never, DecisionRefusal> {
  work.record({ name: "case.act_refused", caseNumber: found?.number ?? "", act, reason });
  return refuse({ reason });
}

function decided(work: Work, { found, standing }: OpenCase, event: Decision, more: Partial<typeof cases.$inferInsert> = {}): void {
  work.save("case_decided", work.tx.update(cases)
    .set({ state: afterEvent(found!.state, event)!, decidedBy: standing.staff.id, decidedAt: work.now, ...more }).where(eq(cases.id, found!.id)));
}

/** 差戻し: back to who entered it, with a reason if there is one. */
export function returnCase(work: Work, open: OpenCase, decisionReason: string): Result<void, DecisionRefusal> {
  const held = decidable(work, open, "return");
  if (!held.ok) return held;
  decided(work, open, "return", { decisionReason: decisionReason || null });
  work.record({ name: "case.returned", caseNumber: held.value.number });
  return done(undefined);
}

/** 取下げ, by who entered it. */
export function withdrawCase(work: Work, open: OpenCase): Result<void, DecisionRefusal> {
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
  if (seen !== seenNow(open) || temporaries.length < slips) return refusedDecision(work, open.found, "approve", "case_changed");
  return carryOutCase(work, open, held.value, temporaries, "case.approved");
}

async function carryOutCase(
  work: Work, open: OpenCase, found: Case, temporaries: TemporaryPassword[], event: "case.approved" | "case.carried_out",
): Promise<Result<void, DecisionRefusal>> {
  const { targets, standings, contract } = open;
  let outcomes: Outcome[] = [];
  let corporationId = found.corporationId;
  if (found.newContract) {
    const [login, confirmation] = temporaries as [TemporaryPassword, TemporaryPassword];
    const registered = await registerContract(work, found.newContract as NewContract, found.serviceAppliesFrom, [login, confirmation]);
    if (!registered.ok) return refusedDecision(work, found, "approve", registered.refusal.reason);
    corporationId = registered.value.corporationId;
    await keepFirstMaster(work, found, registered.value, { loginPassword: login.password, confirmationPassword: confirmation.password });
  } else if (contract) {
    const reason = await changeService(work, found, contract);
    if (reason) return refusedDecision(work, found, "approve", reason);
  } else {
    outcomes = await carryOut(work, found.kind as Parameters<typeof carryOut>[1], {
      userIds: targets.map(({ userId }) => userId), standings, allowReissue: found.allowReissue, temporaries,
    });
    saveOutcomes(work, found, targets, outcomes);
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
  await work.tx.insert(caseTargets).values({ id, caseId: found.id, corporationId, userId, place: 1, seen: {}, outcome: "done", sealedSlip: sealSlip(id, passwords) });
}

/** The temporary passwords that approving a case will hand out, made and hashed before anything is locked. More than are used are thrown away. */
export async function temporariesFor(number: string): Promise<TemporaryPassword[]> {
  const [found] = await withinDeadline(database().select({ id: cases.id, kind: cases.kind, newContract: cases.newContract }).from(cases).where(byNumber(number)));
  if (!found || !(makesSlips(found.kind) || found.newContract)) return [];
  const [targets] = found.newContract ? [{ count: 2 }] : await withinDeadline(database().select({ count: sql`count(*)`.mapWith(Number) }).from(caseTargets).where(eq(caseTargets.caseId, found.id)));
  const made: TemporaryPassword[] = [];
  for (let i = 0; i < targets!.count; i += 1) made.push(await atTheBenchInTurn("counter", makeTemporaryPassword));
  return made;
}

export type EntryRefusal = Refusal<"unknown_contract"> | { fields: Record<string, string> };

/** Opens an entry: the case that already has this number, if one has, and the users meant, locked. */
export const openEntry = (session: StaffSession, act: StaffAct, { number, contractNumber, loginIds }: { number: string; contractNumber: string; loginIds: string[] }) => async (tx: Tx) => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('case ' || lower(${number}), 0))`); // two who enter one number at once: one of them finds it used
  const open = await openCase(session, act, number)(tx);
  const [corporation] = await tx.select().from(corporations).where(eq(corporations.contractNumber, contractNumber));
  const wanted = JSON.stringify(loginIds.map((loginId) => loginId.toLowerCase()));
  const ids = corporation && loginIds.length > 0
    ? await tx.select({ id: users.id }).from(users).where(sql`${users.corporationId} = ${corporation.id} and ${users.deletedAt} is null
        and lower(${users.loginId}) in (select jsonb_array_elements_text(${wanted}::jsonb))`)
    : [];
  const named = corporation && ids.length > 0 ? await standingsOfUsers(corporation.id, ids.map(({ id }) => id))(tx) : [];
  return { ...open, corporation, named };
};

type Entry = Awaited<ReturnType<ReturnType<typeof openEntry>>>;

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
  const { corporation, named, standing, found } = entry;
  const { number, kind, loginIds } = fields;
  work.corporationId = corporation?.id;
  if (!mayEnter(entry, false)) return unfitEntry(work, number, { number: taken });
  if (!corporation) return unfitEntry(work, number, { contractNumber: "契約番号が見つかりません。" }, fields.contractNumber);
  const ofLogin = new Map(named.map((target) => [target.user.loginId.toLowerCase(), target]));
  const strangers = loginIds.filter((loginId) => !ofLogin.has(loginId.toLowerCase()));
  if (strangers.length > 0) return unfitEntry(work, number, { loginIds: `この契約に登録されていないログインIDです：${strangers.join("、")}` }, strangers.join(" "));
  if (kind === "apply_service" && corporation.serviceAppliesFrom !== null) return unfitEntry(work, number, { kind: "この契約は、ワンタイムパスワードサービスの申込済です。" });
  if (kind === "end_service" && corporation.serviceAppliesFrom === null) return unfitEntry(work, number, { kind: "この契約は、ワンタイムパスワードサービスの未申込です。" });
  if (kind === "apply_service" && !fields.serviceAppliesFrom) return unfitEntry(work, number, { serviceAppliesFrom: "適用日を入力してください。" });

  const id = await writeCase(work, entry, fields, { corporationId: corporation.id, serviceAppliesFrom: kind === "apply_service" ? fields.serviceAppliesFrom : null, allowReissue: fields.allowReissue });
  const targets = loginIds.map((loginId) => ofLogin.get(loginId.toLowerCase())!);
  const rows = targets.length === 0 ? [] : await work.tx.insert(caseTargets).values(targets.map((target, index) => ({
    caseId: id, corporationId: corporation.id, userId: target.user.id, place: index + 1, seen: statesSeen(target, work.now) satisfies SeenStates,
  }))).returning({ id: caseTargets.id, userId: caseTargets.userId });
  work.record({ name: found ? "case.entered_again" : "case.entered", caseNumber: number, kind, users: targets.length });
  if (needsApproval(kind)) return done({ number });

  const [written] = await work.tx.select().from(cases).where(eq(cases.id, id));
  const carried = await carryOutCase(work, { now: entry.now, standing, found: written, targets: rows, standings: named, contract: undefined }, written!, [], "case.carried_out");
  return carried.ok ? done({ number }) : carried;
}

/** 契約登録: the application for a new contract, whose first master is registered once it is approved. */
export async function enterContract(work: Work, entry: Entry, fields: ContractEntry): Promise<Result<{ number: string }, EntryRefusal>> {
  const { number, contractNumber, name, master, serviceAppliesFrom } = fields;
  if (!mayEnter(entry, true)) return unfitEntry(work, number, { number: taken });
  const newContract: NewContract = { contractNumber, name, master };
  const problems = (await takenOf(work.tx, newContract)).map((field) =>
    [field, field === "contractNumber" ? "この契約番号は、すでに登録されています。" : "このログインIDは、すでに使われています。"]);
  if (problems.length > 0) return unfitEntry(work, number, Object.fromEntries(problems) as Record<string, string>);
  await writeCase(work, entry, { ...fields, kind: "apply_service" }, { newContract, serviceAppliesFrom: serviceAppliesFrom || null });
  work.record({ name: entry.found ? "case.entered_again" : "case.entered", caseNumber: number, kind: "apply_service", users: 1 });
  return done({ number });
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

