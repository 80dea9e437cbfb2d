import type { UserClass } from "./user-classes";

/** What a manager may do to a user. Registration is decided by the class the new user gets. */
export const acts = [
  "lift_suspension", "revoke_token", "open_permission", "stop", "release_stop", "issue_login_password", "issue_confirmation_password",
  "suspend_login_password", "lift_login_password", "lift_confirmation_password", "change", "change_user_class", "delete", "register",
] as const;
export type Act = (typeof acts)[number];

export const actNames: Record<Act, string> = {
  lift_suspension: "停止解除", revoke_token: "失効", open_permission: "発行許可", stop: "停止", release_stop: "停止を解除",
  issue_login_password: "仮パスワードを発行（ログインパスワード）", issue_confirmation_password: "仮パスワードを発行（確認用パスワード）",
  suspend_login_password: "ログインパスワードを利用停止", lift_login_password: "ログインパスワードの利用停止を解除",
  lift_confirmation_password: "確認用パスワードの利用停止を解除", change: "変更", change_user_class: "利用者区分の変更", delete: "削除", register: "登録",
};

/** Where the other stands, seen from the one who acts. */
export type Relation = "self" | "lower" | "same" | "higher";

type Allowed = Record<"master" | "administrator", readonly Relation[]>;

const anyoneElse: Allowed = { master: ["lower", "same"], administrator: ["lower", "same", "higher"] };
const notAbove: Allowed = { master: ["lower", "same"], administrator: ["lower", "same"] };
const neverAMaster: Allowed = { master: ["lower"], administrator: ["lower", "same"] };

/**
 * Who may do what: acts × user classes × relations (R15–R18). General users may do nothing here, and nobody anything to another company's user.
 * A master is stopped and deleted by nobody of the company, and has passwords, address and class changed by another master only.
 */
export const mayByClass: Record<Act, Allowed> = {
  lift_suspension: anyoneElse, // R15: a master's included, never one's own
  revoke_token: { master: ["self", "lower", "same"], administrator: ["self", "lower", "same", "higher"] }, // R16
  open_permission: anyoneElse, // R13: never for oneself
  stop: neverAMaster,
  release_stop: anyoneElse,
  issue_login_password: notAbove, // R18
  issue_confirmation_password: notAbove, // R18
  suspend_login_password: neverAMaster, // it closes the way in as a stop does
  lift_login_password: anyoneElse,
  lift_confirmation_password: anyoneElse, // R18: another manager
  change: notAbove,
  change_user_class: notAbove,
  delete: neverAMaster,
  register: notAbove,
};

const ranks: Record<UserClass, number> = { general: 0, administrator: 1, master: 2 };

export type Person = { id: string; userClass: UserClass };

export function relationOf(actor: Person, target: Person): Relation {
  if (actor.id === target.id) return "self";
  const step = ranks[target.userClass] - ranks[actor.userClass];
  return step === 0 ? "same" : step > 0 ? "higher" : "lower";
}

/** Whether one user of a company may do this to another of the same company. */
export const may = (act: Act, actor: Person, target: Person): boolean =>
  actor.userClass !== "general" && mayByClass[act][actor.userClass].includes(relationOf(actor, target));

/** The classes that somebody may give to another: none above one's own. */
export const assignableClasses = (actor: Person): UserClass[] =>
  (["general", "administrator", "master"] as const).filter((userClass) => may("register", actor, { id: "", userClass }));
