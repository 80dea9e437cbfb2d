import type { Authentication } from "@/lib/corporation/authentication";
import type { ListedUserAnswer } from "@/lib/corporation/user-list";
import type { UserFacts } from "@/lib/corporation/user-page";
import type { UserClass } from "@/lib/corporation/user-classes";
import type { SessionAnswer } from "@/lib/platform/answer";
import type { TokenState } from "@/lib/token/state-names";
import type { CaseKind } from "./case-kinds";
import type { ApprovalMethod, CaseState } from "./case-states";
import type { Duty } from "./duties";

/* What the console's state routes tell its pages. Moments are ISO 8601, dates are 2026-11-22. */

/** Who looks at a screen; every state route answers at least this. */
export type StaffViewer = { staff: { staffId: string; name: string; branch: string; duty: Duty }; session: SessionAnswer };

/** A case in a list. `company` is the name that a new contract is to have where there is none yet. */
export type CaseLine = {
  number: string; kind: CaseKind; state: CaseState; company: string; contractNumber: string; branch: string;
  enteredAt: string; enteredBy: string; decidedAt: string | null; decidedBy: string | null;
};

/** Cases that were entered on one day, by branch and kind, in the state they are in now. */
export type CountRow = { branch: string; kind: CaseKind; entered: number } & Record<CaseState, number>;

/** A mail that nobody knows to have arrived: it is not sent again by itself. */
export type UncertainMail = { id: string; at: string; company: string; contractNumber: string; title: string; state: "unknown" | "refused" };

/** GET /staff/state?day= */
export type HomeAnswer = StaffViewer & { day: string; counts: CountRow[]; waiting: CaseLine[]; more: number; mails: UncertainMail[] };

/** GET /staff/passkeys/state — `missing`: the bank requires one, and the viewer may do nothing else before. */
export type StaffPasskeysAnswer = StaffViewer & { passkeys: { id: string; name: string; registeredAt: string; lastUsedAt: string | null }[]; missing: boolean };

/** GET /staff/contracts/state?key= — `found` is null without a key, or with one too short: then `problem` says so. */
export type ContractSearchAnswer = StaffViewer & {
  key: string; problem: string | null;
  found: { contractNumber: string; name: string; serviceAppliesFrom: string | null; users: { id: string; loginId: string; name: string }[] }[] | null;
  more: boolean;
};

/** GET /staff/contracts/[number]/state?search=&page= */
export type ContractAnswer = StaffViewer & {
  contract: {
    contractNumber: string; name: string; serviceAppliesFrom: string | null; serviceApplies: boolean; registeredAt: string; authentication: Authentication;
    counts: { total: number; suspended: number; stopped: number; byTokenState: Record<TokenState, number> };
    /** R21: who of the company can lift, release and permit by themselves. */
    ableManagers: { loginId: string; name: string }[];
  };
  users: ListedUserAnswer[]; total: number; pages: number;
  cases: CaseLine[];
};

/** GET /staff/users/[id]/state */
export type StaffUserAnswer = StaffViewer & {
  contract: { contractNumber: string; name: string };
  shown: UserFacts;
  /** Others of the company who could lift, release and permit for this user. */
  couldHelp: string[];
  cases: CaseLine[];
};

/** GET /staff/cases/state */
export type CaseListAnswer = StaffViewer & { waiting: CaseLine[]; more: number };

export type NewContract = { contractNumber: string; name: string; master: { loginId: string; name: string; mailAddress: string } };

/** GET /staff/cases/new/state?contract=&user=&kind=&again= — what the form begins with; `again` is a returned case of the viewer's own. */
export type CaseFormAnswer = StaffViewer & {
  kinds: { kind: CaseKind; documents: string[] }[];
  today: string;
  begins: { number: string; kind: CaseKind | ""; contractNumber: string; loginIds: string[]; documents: string[]; reason: string; serviceAppliesFrom: string; allowReissue: boolean; authentication: Authentication | null };
  /** Why an earlier entry was sent back. */
  returnedBecause: string | null;
  again: boolean;
};

/** GET /staff/contracts/new/state?again= */
export type ContractFormAnswer = StaffViewer & {
  documents: string[]; again: boolean; returnedBecause: string | null;
  begins: NewContract & { number: string; documents: string[]; reason: string; serviceAppliesFrom: string };
};

/** A question of section 1 about a target, at entry and now. */
export type TargetState = { question: string; then: string; now: string };

export type CaseTarget = {
  userId: string; loginId: string; name: string; userClass: UserClass;
  /** Gone since the entry. */
  deleted: boolean;
  states: TargetState[];
  /** Something differs between the entry and now. */
  changed: boolean;
  /** Others of the company who could have helped. */
  couldHelp: string[];
  /** "手続きしました。", or why not; null before approval. */
  outcome: { done: boolean; words: string } | null;
  /** Whether temporary passwords wait to be shown, or when they were. */
  slip: "waiting" | "shown" | null;
  slipShownAt: string | null;
};

/** GET /staff/cases/[number]/state */
export type CaseAnswer = StaffViewer & {
  shown: {
    number: string; kind: CaseKind; state: CaseState; branch: string;
    contract: { contractNumber: string; name: string; registered: boolean };
    newContract: NewContract | null;
    serviceAppliesFrom: string | null; allowReissue: boolean;
    /** 認証方法の変更: what it is now, and is to be. */
    authentication: { now: Authentication; wanted: Authentication } | null;
    documents: string[]; reason: string;
    enteredAt: string; enteredBy: { staffId: string; name: string };
    decidedAt: string | null; decidedBy: { staffId: string; name: string } | null; decisionReason: string | null;
    /** Null where the login was proof enough. */
    approvalMethod: ApprovalMethod | null;
    targets: CaseTarget[];
    /** Sent back with an approval: what the approver looked at. */
    seen: string;
    /** What the viewer may do now. */
    acts: ("approve" | "return" | "withdraw" | "enter_again" | "show_slips" | "receipt")[];
    /** Why an approver may not approve. */
    own: boolean;
    /** R21: approval would leave the company without anybody who can lift, release and permit. */
    leavesNobody: boolean;
  };
};

/** One 交付票, answered once. */
export type Slip = { loginId: string; name: string; company: string; contractNumber: string; loginPassword?: string; confirmationPassword?: string };
/** POST /staff/cases/[number]/slips answers { go, slips, issuedAt }. */
export type SlipsAnswer = { slips: Slip[]; issuedAt: string };

/** GET /staff/cases/[number]/receipt/state */
export type ReceiptAnswer = StaffViewer & { shown: CaseAnswer["shown"]; seal: { number: number; hash: string } | null; printedAt: string };

export type AuditRow = {
  id: string; at: string; label: string; name: string; result: "done" | "refused"; code: string | null;
  by: string; to: string; company: string; network: string; browser: string; requestId: string; details: string;
};

/** GET /staff/audit/state?key=&from=&to=&cursor= */
export type AuditAnswer = StaffViewer & {
  key: string; problem: string | null; fields: Record<string, string>;
  rows: AuditRow[] | null; older: string | null; mayExport: boolean;
};

/** GET /staff/numbers/state */
export type NumbersAnswer = StaffViewer & { numbers: { name: string; value: number; unit: string; variable: string; source: string }[] };
