import { z } from "zod";
import { mailAddressField, oneLineField, passwordField } from "@/lib/login/fields";
import type { UserClass } from "./user-classes";
import { userClassNames } from "./user-classes";

/** What a form or a line of a CSV file says of a user, with the words for what is wrong. */

const plain = (text: string) => text.normalize("NFKC").trim();

export const loginIdField = z.string({ error: "ログインIDを入力してください。" }).transform(plain).pipe(
  z.string().min(1, "ログインIDを入力してください。").regex(/^[A-Za-z0-9][A-Za-z0-9._-]{3,29}$/, "ログインIDは4〜30文字の半角英数字（記号は . _ -）で入力してください。"));

export const userNameField = oneLineField("利用者名", 60);

const classes = Object.keys(userClassNames) as [UserClass, ...UserClass[]];
export const userClassField = z.enum(classes, { error: "利用者区分を選択してください。" });

/** What no keyboard types would be a password that nobody can present. */
const temporaryPasswordField = (label: string) => passwordField(label).regex(/^\P{Cc}+$/u, `${label}に使えない文字が含まれています。`);

export const newUserFields = z.object({
  loginId: loginIdField, name: userNameField, userClass: userClassField, mailAddress: mailAddressField(),
  loginPassword: temporaryPasswordField("仮ログインパスワード"), newConfirmationPassword: temporaryPasswordField("仮確認用パスワード"),
});

/** A user to be. `newConfirmationPassword` is theirs; a form's `confirmationPassword` is the operator's. */
export type NewUser = z.output<typeof newUserFields>;

/** A form without a chosen file sends an empty one without a name. */
export const fileField = z.instanceof(File, { error: "CSVファイルを選択してください。" })
  .refine(({ name, size }) => name !== "" || size > 0, "CSVファイルを選択してください。")
  .transform(async (file) => new Uint8Array(await file.arrayBuffer()));
