import { and, asc, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { auditEvents, cases, caseTargets, corporations, staff, users } from "@/drizzle/schema";
import { type Authentication, authenticationOf } from "@/lib/corporation/authentication";
import { ableManagers } from "@/lib/corporation/managers";
import { type Standing, standingsOfUsers } from "@/lib/login/standing";
import { appNow, hours, later } from "@/lib/platform/clock";
import { database, withinDeadline } from "@/lib/platform/database";
import { refusalLine } from "@/lib/platform/http";
import { documentsOf } from "@/lib/platform/institution";
import { sortableDate } from "@/lib/platform/japan-time";
import { type RefusalReason, refusals } from "@/lib/refusals";
import type { CaseAnswer, CaseFormAnswer, CaseTarget, ContractFormAnswer, NewContract, ReceiptAnswer } from "./answers";
import { mayWithdraw } from "./decide-case";
import { seenNow } from "./open-case";
import { caseKinds, isOfContract, needsApproval } from "./case-kinds";
import { afterEvent, type ApprovalMethod } from "./case-states";
import { contractByNumber } from "./contracts";
import { staffMay } from "./duties";
import type { StaffSession } from "./guards";
import { slipHours } from "./slips";
import { compareStates, isSame, type SeenStates, statesSeen } from "./target-states";

const entered = alias(staff, "entered");
const decided = alias(staff, "decided");
const ofTarget = and(eq(users.id, caseTargets.userId), eq(users.corporationId, caseTargets.corporationId));

/** A case by its number, with whom and what it is about. */
export async function findCase(number: string) {
  const [row] = await withinDeadline(database()
    .select({
      now: appNow, found: cases, corporation: corporations,
      enteredBy: { staffId: entered.staffId, name: entered.name }, decidedBy: { staffId: decided.staffId, name: decided.name },
    })
    .from(cases).leftJoin(corporations, eq(corporations.id, cases.corporationId))
    .innerJoin(entered, eq(entered.id, cases.enteredBy)).leftJoin(decided, eq(decided.id, cases.decidedBy))
    .where(eq(sql`lower(${cases.number})`, number.toLowerCase())));
  return row as (typeof row & { now: Date }) | undefined;
}

type Found = NonNullable<Awaited<ReturnType<typeof findCase>>>;

/** The company that a case is about; none while a new contract waits. */
export const companyOf = ({ found }: Found): string[] => (found.corporationId ? [found.corporationId] : []);

/** 受付票: what was entered, the targets as they were then and are now, and what the viewer may do. */
export async function casePage(viewer: StaffSession, { now, found, corporation, enteredBy, decidedBy }: Found): Promise<CaseAnswer["shown"]> {
  const rows = await withinDeadline(database()
    .select({ target: caseTargets, user: { id: users.id, loginId: users.loginId, name: users.name, userClass: users.userClass, deletedAt: users.deletedAt } })
    .from(caseTargets).innerJoin(users, ofTarget).where(eq(caseTargets.caseId, found.id)).orderBy(asc(caseTargets.place)));
  const standings = corporation && rows.length > 0 ? await withinDeadline(database().transaction(standingsOfUsers(corporation.id, rows.map(({ user }) => user.id)))) : [];
  const able = corporation ? await ableManagers(database(), corporation.id, now) : [];
  const targets = rows.map(({ target, user }) => shownTarget(target, user, standings.find((standing) => standing.user.id === user.id), now, able));
  const planned = found.newContract as NewContract | null;
  const ableIds = able.map(({ id }) => id);
  return {
    number: found.number, kind: found.kind, state: found.state, branch: found.branch,
    contract: {
      contractNumber: corporation?.contractNumber ?? planned!.contractNumber, name: corporation?.name ?? planned!.name,
      registered: corporation !== null,
    },
    newContract: planned, serviceAppliesFrom: found.serviceAppliesFrom, allowReissue: found.allowReissue, documents: found.documents as string[], reason: found.reason,
    authentication: found.authentication === null ? null : { now: authenticationOf(corporation!), wanted: found.authentication as Authentication },
    enteredAt: found.enteredAt.toISOString(), enteredBy, decidedAt: found.decidedAt?.toISOString() ?? null, decidedBy, decisionReason: found.decisionReason,
    approvalMethod: await approvalMethodOf(found),
    targets,
    seen: seenNow({ found, now, targets: rows.map(({ target }) => target), standings, contract: corporation && isOfContract(found.kind) ? { corporation, userIds: [] } : undefined }),
    acts: actsOf(viewer, found, targets, now),
    own: found.enteredBy === viewer.staff.id,
    leavesNobody: ["revoke_token", "emergency_stop"].includes(found.kind) && ableIds.length > 0 && ableIds.every((id) => targets.some(({ userId }) => userId === id)),
  };
}

async function approvalMethodOf({ number, state, decidedAt }: Found["found"]): Promise<ApprovalMethod | null> {
  if (state !== "done") return null;
  const [proof] = await withinDeadline(database().select({ method: sql<ApprovalMethod>`${auditEvents.details} ->> 'method'` }).from(auditEvents)
    .where(and(eq(sql`lower(${auditEvents.details} ->> 'caseNumber')`, number.toLowerCase()), eq(auditEvents.name, "staff.approval_accepted"), eq(auditEvents.at, decidedAt!))));
  return proof?.method ?? null;
}

type User = Pick<typeof users.$inferSelect, "id" | "loginId" | "name" | "userClass" | "deletedAt">;

function shownTarget(
  target: typeof caseTargets.$inferSelect, user: User, standing: Standing | undefined, now: Date, able: { id: string; name: string }[],
): CaseTarget {
  const then = target.seen as SeenStates;
  const seen = standing && statesSeen(standing, now);
  return {
    userId: user.id, loginId: user.loginId, name: user.name, userClass: user.userClass, deleted: user.deletedAt !== null,
    states: compareStates(then, seen), changed: !isSame(then, seen),
    couldHelp: able.filter(({ id }) => id !== user.id).map(({ name }) => name),
    outcome: target.outcome === null ? null : target.outcome === "done" ? { done: true, words: "手続きしました。" } : { done: false, words: wordsOf(target.outcome) },
    slip: target.sealedSlip ? "waiting" : target.slipShownAt ? "shown" : null, slipShownAt: target.slipShownAt?.toISOString() ?? null,
  };
}

const wordsOf = (outcome: string): string => (outcome in refusals ? refusalLine(outcome as RefusalReason) : outcome);

function actsOf({ staff: { id, duty } }: StaffSession, found: Found["found"], targets: CaseTarget[], now: Date): CaseAnswer["shown"]["acts"] {
  const own = found.enteredBy === id;
  const decides = staffMay("decide_case", duty) && !own;
  const withdraws = staffMay("withdraw_case", duty) && mayWithdraw(found, { id, duty });
  const slips = targets.some(({ slip }) => slip === "waiting") && later(found.decidedAt!, hours(slipHours)) > now;
  return [
    ...(decides && afterEvent(found.state, "approve") ? ["approve" as const] : []),
    ...(decides && afterEvent(found.state, "return") ? ["return" as const] : []),
    ...(withdraws && afterEvent(found.state, "withdraw") ? ["withdraw" as const] : []),
    ...(own && staffMay("enter_case", duty) && afterEvent(found.state, "enter_again") ? ["enter_again" as const] : []),
    ...(slips && staffMay("show_slips", duty) && (own || found.decidedBy === id) ? ["show_slips" as const] : []),
    ...(found.state === "done" ? ["receipt" as const] : []),
  ];
}

/** 受領書: what was done, and the head of the company's audit chain at that moment (the institution's, where the company is new). */
export async function receiptOf(viewer: StaffSession, row: Found): Promise<Omit<ReceiptAnswer, "staff" | "session">> {
  const { sealNumber, sealHash } = row.found;
  return { shown: await casePage(viewer, row), seal: sealNumber === null ? null : { number: sealNumber, hash: sealHash! }, printedAt: row.now.toISOString() };
}

type Asked = { contract: string; user: string; kind: string; again: string };

/** Only a case of one's own that was sent back can be entered again. */
const sentBack = async (viewer: StaffSession, number: string, newContract: boolean): Promise<Found | undefined> => {
  const row = number ? await findCase(number) : undefined;
  return row && row.found.enteredBy === viewer.staff.id && afterEvent(row.found.state, "enter_again") && (row.found.newContract !== null) === newContract ? row : undefined;
};

/** What the form of a case begins with; with a contract, its present state. Whatever was read is recorded by the caller. */
export async function caseForm(
  viewer: StaffSession, asked: Asked,
): Promise<Omit<CaseFormAnswer, "staff" | "session"> & { sentBack?: Found; contractRead?: { id: string; contractNumber: string } }> {
  const offered = caseKinds.filter((kind) => staffMay(needsApproval(kind) ? "enter_case" : "enter_emergency_stop", viewer.staff.duty));
  const kinds = offered.map((kind) => ({ kind, documents: documentsOf(kind) }));
  const today = sortableDate(viewer.now);
  const row = await sentBack(viewer, asked.again, false);
  if (!row) {
    const contract = asked.contract ? await contractByNumber(asked.contract) : undefined;
    const begins = {
      number: "", kind: offered.find((kind) => kind === asked.kind) ?? ("" as const), contractNumber: asked.contract, loginIds: asked.user ? [asked.user] : [],
      documents: [], reason: "", serviceAppliesFrom: today, allowReissue: true, authentication: contract ? authenticationOf(contract.corporation) : null,
    };
    return { contractRead: contract?.corporation, kinds, today, begins, returnedBecause: null, again: false };
  }
  const { found, corporation } = row;
  const targets = await withinDeadline(database().select({ loginId: users.loginId }).from(caseTargets).innerJoin(users, ofTarget)
    .where(eq(caseTargets.caseId, found.id)).orderBy(asc(caseTargets.place)));
  return {
    sentBack: row, kinds, today, again: true, returnedBecause: found.decisionReason,
    begins: {
      number: found.number, kind: found.kind, contractNumber: corporation!.contractNumber, loginIds: targets.map(({ loginId }) => loginId), documents: found.documents as string[],
      reason: found.reason, serviceAppliesFrom: found.serviceAppliesFrom ?? today, allowReissue: found.allowReissue,
      authentication: (found.authentication as Authentication | null) ?? authenticationOf(corporation!),
    },
  };
}

/** The same for a new contract. */
export async function contractForm(viewer: StaffSession, again: string): Promise<Omit<ContractFormAnswer, "staff" | "session"> & { sentBack?: Found }> {
  const documents = documentsOf("apply_service");
  const row = await sentBack(viewer, again, true);
  if (!row) {
    const begins = { contractNumber: "", name: "", master: { loginId: "", name: "", mailAddress: "" }, number: "", documents: [], reason: "", serviceAppliesFrom: sortableDate(viewer.now) };
    return { documents, again: false, returnedBecause: null, begins };
  }
  const { found } = row;
  return {
    documents, sentBack: row, again: true, returnedBecause: found.decisionReason,
    begins: { ...(found.newContract as NewContract), number: found.number, documents: found.documents as string[], reason: found.reason, serviceAppliesFrom: found.serviceAppliesFrom ?? "" },
  };
}
