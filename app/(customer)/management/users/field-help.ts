/** What is said under a field, and beside a file's column, where both take the same. */
export const fieldHelp = {
  loginId: "半角英数字と . _ - を使い、4〜30文字。大文字と小文字は区別しません。",
  name: "60文字以内。",
  mailAddress: "例：name@example.jp",
  newConfirmationPassword: "8文字以上。仮ログインパスワードと異なるもの。",
} as const;
