/** What a member of staff is there for. No I/O: pages say the same words. */
export const duties = ["clerk", "approver", "auditor"] as const;
export type Duty = (typeof duties)[number];

export const dutyNames: Record<Duty, string> = { clerk: "担当者", approver: "役席者", auditor: "監査" };

export const staffActs = ["enter_case", "enter_emergency_stop", "withdraw_case", "decide_case", "show_slips", "read", "export_audit", "keep_passkeys"] as const;
export type StaffAct = (typeof staffActs)[number];

export const staffActNames: Record<StaffAct, string> = {
  enter_case: "受付票の作成", enter_emergency_stop: "緊急停止", withdraw_case: "取下げ", decide_case: "承認・差戻し", show_slips: "交付票の表示",
  read: "契約・利用者・受付票・監査ログの照会", export_audit: "監査ログの書出し", keep_passkeys: "ご自身のパスキーの登録・削除",
};

/** R22, R23: one enters, another approves; whoever audits changes nothing. An emergency stop is any one person's. That two are two is asked of the case's row. */
const mayByDuty: Record<StaffAct, readonly Duty[]> = {
  enter_case: ["clerk"],
  enter_emergency_stop: ["clerk", "approver"],
  withdraw_case: ["clerk", "approver"], // one's own; an approver what was sent back and lies there
  decide_case: ["approver"],
  show_slips: ["clerk", "approver"],
  read: duties,
  export_audit: ["approver", "auditor"],
  keep_passkeys: duties, // one's own
};

export const staffMay = (act: StaffAct, duty: Duty): boolean => mayByDuty[act].includes(duty);
