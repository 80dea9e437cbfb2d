import type { NewUser } from "./user-fields";

/** The columns of a CSV file of users to be, in their order. No I/O: the page says the same words. */
export const fileColumns: Record<keyof NewUser, string> = {
  loginId: "ログインID", name: "利用者名", userClass: "利用者区分", mailAddress: "メールアドレス",
  loginPassword: "仮ログインパスワード", newConfirmationPassword: "仮確認用パスワード",
};

export type LineProblem = { line: number; column?: keyof NewUser; problem: string };

/** What a file would come to: how many users it holds, on how many lines something is wrong, and what. It repeats nothing that the file says. */
export type FileReport = { users: number; wrong: number; problems: LineProblem[] };
