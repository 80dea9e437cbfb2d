export const caseStates = ["waiting", "returned", "withdrawn", "done"] as const;
export type CaseState = (typeof caseStates)[number];

export const caseEvents = ["approve", "return", "withdraw", "enter_again"] as const;
export type CaseEvent = (typeof caseEvents)[number];

export const caseStateNames: Record<CaseState, string> = { waiting: "承認待ち", returned: "差戻し", withdrawn: "取下げ", done: "手続済" };
export const caseEventNames: Record<CaseEvent, string> = { approve: "承認", return: "差戻し", withdraw: "取下げ", enter_again: "再受付" };

/** How who approved proved themselves, where they were asked. */
export const approvalMethodNames = { passkey: "パスキー（承認内容への署名）", one_time_password: "ワンタイムパスワード" } as const;
export type ApprovalMethod = keyof typeof approvalMethodNames;

const transitions: Record<CaseState, Partial<Record<CaseEvent, CaseState>>> = {
  waiting: { approve: "done", return: "returned", withdraw: "withdrawn" },
  returned: { enter_again: "waiting", withdraw: "withdrawn" },
  withdrawn: {},
  done: {},
};

/** The state that follows, or undefined: then the event is a refusal. */
export const afterEvent = (state: CaseState, event: CaseEvent): CaseState | undefined => transitions[state][event];
