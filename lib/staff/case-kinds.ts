/** 種別 of a case. No I/O: pages say the same words. */
export const caseKinds = [
  "lift_suspension", "revoke_token", "open_permission", "issue_login_password", "issue_confirmation_password", "release_stop", "emergency_stop",
  "apply_service", "end_service", "change_authentication",
] as const;
export type CaseKind = (typeof caseKinds)[number];

export const caseKindNames: Record<CaseKind, string> = {
  lift_suspension: "利用解除", revoke_token: "失効", open_permission: "発行許可", issue_login_password: "ログインパスワード再登録",
  issue_confirmation_password: "確認用パスワード初期化", release_stop: "停止解除（利用者）", emergency_stop: "緊急停止", apply_service: "申込", end_service: "解約", change_authentication: "認証方法の変更",
};

/** A new contract is entered as what it is for. */
export const kindWords = ({ kind, newContract }: { kind: CaseKind; newContract: unknown }): string => (newContract ? `${caseKindNames[kind]}（契約登録）` : caseKindNames[kind]);

/** What approval comes to, in a sentence above the button. */
export const caseKindWords: Record<CaseKind, string> = {
  lift_suspension: "対象の利用者の利用停止（ワンタイムパスワード、ログインパスワード、確認用パスワード）を、すべて解除します。",
  revoke_token: "対象の利用者のトークンを失効させ、パスキーをすべて削除します。ログイン中の場合はログアウトします。",
  open_permission: "対象の利用者がトークンを発行できるようにします。",
  issue_login_password: "対象の利用者に仮ログインパスワードを発行します。これまでのログインパスワードは使えなくなり、ログインパスワードの利用停止は解除されます。",
  issue_confirmation_password: "対象の利用者に仮確認用パスワードを発行します。これまでの確認用パスワードは使えなくなり、確認用パスワードの利用停止は解除されます。",
  release_stop: "停止中の利用者を、ログインできるようにします。",
  emergency_stop: "対象の利用者を、承認を待たずに直ちに停止します。ログイン中の場合はログアウトします。",
  apply_service: "ワンタイムパスワードサービスを申込済にします。利用者全員がログアウトし、適用日から発行許可が開きます。",
  end_service: "ワンタイムパスワードサービスを解約します。利用者全員のトークンとパスキーが終了し、ログアウトします。「必須とする」などのパスキーの扱いは、「案内する」に戻ります。",
  change_authentication: "この契約の認証方法を変更します。ログイン中の利用者は、次回のログインから変更後の認証方法になります。",
};

/** Whether a case is about a contract as a whole: then no login ID is asked for. */
export const isOfContract = (kind: CaseKind): boolean => kind === "apply_service" || kind === "end_service" || kind === "change_authentication";

/** Whether approval makes temporary passwords, to be handed over on a 交付票. */
export const makesSlips = (kind: CaseKind): boolean => kind === "issue_login_password" || kind === "issue_confirmation_password";

/** R22: done by one person, at once. */
export const needsApproval = (kind: CaseKind): boolean => kind !== "emergency_stop";
