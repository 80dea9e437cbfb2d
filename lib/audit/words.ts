import type { AuditEvent } from "./events";

/** 操作履歴 in words. No I/O: pages say the same. */
export const eventGroups = {
  login: "ログイン", one_time_password: "ワンタイムパスワード", token: "トークン", suspension: "利用停止・停止解除", users: "利用者管理", password: "パスワード", other: "その他",
} as const;
export type EventGroup = keyof typeof eventGroups;

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
} as const satisfies Record<AuditEvent["name"], Words>;

/** The words of a name in the log; a newer version of ours may have written one that this one does not know. */
export const wordsOf = (name: string): Words => (eventWords as Record<string, Words>)[name] ?? { label: "その他の操作", group: "other" };
