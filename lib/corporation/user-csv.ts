import { toCsvHead, toCsvLine } from "@/lib/platform/csv";
import { tokenStateNames } from "@/lib/token/state-names";
import { userClassNames } from "./user-classes";
import { everyUser, type ListedUser } from "./user-list";

const headings = ["ログインID", "利用者名", "利用者区分", "メールアドレス", "ワンタイムパスワード状態", "ワンタイムパスワード認証状態", "利用者状態", "パスキー"];

const lineOf = ({ loginId, name, userClass, mailAddress, tokenState, suspended, stopped, passkey }: ListedUser) =>
  toCsvLine([loginId, name, userClassNames[userClass], mailAddress, tokenStateNames[tokenState], suspended ? "利用停止" : "利用可能", stopped ? "停止中" : "有効", passkey ? "登録済" : "未登録"]);

/** 利用者一覧 as a file, in the states of that moment. */
export async function* usersCsv(corporationId: string, now: Date): AsyncGenerator<string, void, void> {
  yield toCsvHead(headings);
  for await (const users of everyUser(corporationId, now)) yield users.map(lineOf).join("");
}
