import type { AuditEvent, StaffEvent } from "./events";

/** 操作履歴 in words. No I/O: pages say the same. */
export const eventGroups = {
  login: "ログイン", one_time_password: "ワンタイムパスワード", passkey: "パスキー", token: "トークン", suspension: "利用停止・停止解除", users: "利用者管理", password: "パスワード", other: "その他",
} as const;
type EventGroup = keyof typeof eventGroups;

export const resultNames = { done: "完了", refused: "拒否" } as const;
export type EventResult = keyof typeof resultNames;

export const eventsPerPage = 50;

type Words = { label: string; group: EventGroup };

/** What was done, whether it was let through or not: the result stands beside it. */
export const eventWords = {
  "login_password.accepted": { label: "ログインパスワードの入力", group: "login" },
  "login_password.refused": { label: "ログインパスワードの入力", group: "login" },
  "login.refused": { label: "ログイン", group: "login" },
  "session.opened": { label: "ログイン", group: "login" },
  "session.ended": { label: "ログアウト", group: "login" },

  "one_time_password.accepted": { label: "ワンタイムパスワードの入力", group: "one_time_password" },
  "one_time_password.refused": { label: "ワンタイムパスワードの入力", group: "one_time_password" },
  "one_time_password.replayed": { label: "使用済みワンタイムパスワードの入力", group: "one_time_password" },
  "one_time_password.not_evaluated": { label: "ワンタイムパスワードの入力（照合なし）", group: "one_time_password" },

  "passkey.accepted": { label: "パスキーによる認証", group: "passkey" },
  "passkey.refused": { label: "パスキーによる認証", group: "passkey" },
  "passkey.not_evaluated": { label: "パスキーによる認証（照合なし）", group: "passkey" },
  "passkey.registered": { label: "パスキーの登録", group: "passkey" },
  "passkey.register_refused": { label: "パスキーの登録", group: "passkey" },
  "passkey.removed": { label: "パスキーの削除", group: "passkey" },
  "passkey.remove_refused": { label: "パスキーの削除", group: "passkey" },

  "approval.requested": { label: "操作の前の本人確認の求め", group: "other" },
  "approval.accepted": { label: "操作の前の本人確認", group: "other" },
  "approval.refused": { label: "操作の前の本人確認", group: "other" },

  "token.issued": { label: "トークン発行", group: "token" },
  "token.issue_refused": { label: "トークン発行", group: "token" },
  "token.link_resent": { label: "トークン発行のメール再送", group: "token" },
  "token.resend_refused": { label: "トークン発行のメール再送", group: "token" },
  "token.set_up": { label: "スマートフォンの初期設定", group: "token" },
  "token.set_up_refused": { label: "スマートフォンの初期設定", group: "token" },
  "token.confirmed": { label: "ワンタイムパスワード認証確認", group: "token" },
  "token.revoked": { label: "トークンの失効", group: "token" },
  "token.revoke_refused": { label: "トークンの失効", group: "token" },
  "token.ended": { label: "トークンの終了", group: "token" },
  "issuance_permission.opened": { label: "発行許可", group: "token" },
  "issuance_permission.closed": { label: "発行許可の終了", group: "token" },

  "user.suspended": { label: "ワンタイムパスワードの利用停止", group: "suspension" },
  "suspension.lifted": { label: "ワンタイムパスワードの利用停止解除", group: "suspension" },
  "suspension.lift_refused": { label: "ワンタイムパスワードの利用停止解除", group: "suspension" },
  "login_password.temporarily_stopped": { label: "ログインパスワードの利用一時停止", group: "suspension" },
  "login_password.suspended": { label: "ログインパスワードの利用停止", group: "suspension" },
  "login_password.lifted": { label: "ログインパスワードの利用停止解除", group: "suspension" },
  "confirmation_password.suspended": { label: "確認用パスワードの利用停止", group: "suspension" },
  "confirmation_password.lifted": { label: "確認用パスワードの利用停止解除", group: "suspension" },

  "user.registered": { label: "利用者登録", group: "users" },
  "user.register_refused": { label: "利用者登録", group: "users" },
  "user.changed": { label: "利用者の変更", group: "users" },
  "user.stopped": { label: "利用者の停止", group: "users" },
  "user.stop_released": { label: "利用者の停止の解除", group: "users" },
  "user.deleted": { label: "利用者の削除", group: "users" },
  "user.act_refused": { label: "利用者に対する操作", group: "users" },
  "users.exported": { label: "利用者一覧のCSVダウンロード", group: "users" },

  "login_password.changed": { label: "ログインパスワードの変更", group: "password" },
  "login_password.change_refused": { label: "ログインパスワードの変更", group: "password" },
  "login_password.issued": { label: "仮ログインパスワードの発行", group: "password" },
  "confirmation_password.refused": { label: "確認用パスワードの入力", group: "password" },
  "confirmation_password.changed": { label: "確認用パスワードの変更", group: "password" },
  "confirmation_password.change_refused": { label: "確認用パスワードの変更", group: "password" },
  "confirmation_password.issued": { label: "仮確認用パスワードの発行", group: "password" },

  "history.exported": { label: "操作履歴のCSVダウンロード", group: "other" },
  "access.refused": { label: "権限のない操作", group: "other" },
  "step_floor.raised": { label: "ワンタイムパスワードの受付下限の更新", group: "other" },
  "contract.registered": { label: "契約の登録", group: "other" },
  "contract.authentication_changed": { label: "認証方法の変更", group: "other" },
  "service.applied": { label: "ワンタイムパスワードサービスの申込", group: "other" },
  "service.ended": { label: "ワンタイムパスワードサービスの解約", group: "other" },
} as const satisfies Record<Exclude<AuditEvent["name"], StaffEvent["name"]>, Words>;

/** The counter console's own events, which customers are not shown. */
export const staffEventLabels: Record<StaffEvent["name"], string> = {
  "staff.created": "職員の登録", "staff.changed": "職員の変更",
  "staff.password_accepted": "職員のパスワードの入力", "staff.password_refused": "職員のパスワードの入力",
  "staff.password_stopped": "職員のパスワードの利用一時停止", "staff.login_refused": "職員のログイン", "staff.password_changed": "職員のパスワードの変更", "staff.password_change_refused": "職員のパスワードの変更",
  "staff.one_time_password_accepted": "職員のワンタイムパスワードの入力", "staff.one_time_password_refused": "職員のワンタイムパスワードの入力",
  "staff.passkey_accepted": "職員のパスキーによる認証", "staff.passkey_refused": "職員のパスキーによる認証",
  "staff.passkey_registered": "職員のパスキーの登録", "staff.passkey_register_refused": "職員のパスキーの登録",
  "staff.passkey_removed": "職員のパスキーの削除", "staff.passkey_remove_refused": "職員のパスキーの削除",
  "staff.approval_requested": "職員の操作の前の本人確認の求め", "staff.approval_accepted": "職員の操作の前の本人確認", "staff.approval_refused": "職員の操作の前の本人確認",
  "staff.suspended": "職員のワンタイムパスワードの利用停止", "staff.session_opened": "職員のログイン", "staff.session_ended": "職員のログアウト",
  "staff.access_refused": "職員の権限のない操作", "staff.cases_listed": "受付票一覧の照会", "staff.searched": "契約の検索", "staff.contract_read": "契約の照会", "staff.user_read": "利用者の照会",
  "staff.case_read": "受付票の照会", "staff.receipt_read": "受領書の表示", "staff.audit_read": "監査ログの照会", "staff.audit_exported": "監査ログの書出し",
  "staff.counts_exported": "受付件数の書出し",
  "case.target_named": "受付票の対象", "case.target_done": "受付票による手続き", "case.target_refused": "受付票による手続き",
  "case.entered": "受付票の作成", "case.entered_again": "受付票の再受付", "case.enter_refused": "受付票の作成", "case.approved": "受付票の承認",
  "case.carried_out": "緊急停止", "case.returned": "受付票の差戻し", "case.withdrawn": "受付票の取下げ", "case.slips_shown": "交付票の表示",
  "case.slips_erased": "交付票の消去（期限切れ）", "keys.rotated": "暗号鍵の切替", "case.act_refused": "受付票に対する操作",
};

/** The words of a name in the log; a newer version of ours may have written one that this one does not know. */
export const wordsOf = (name: string): Words => (eventWords as Record<string, Words>)[name] ?? { label: "その他の操作", group: "other" };
