import { passwordMatches } from "@/lib/platform/password";
import type { Standing } from "./standing";

// SP 800-63B 3.1.1.2: eight characters at the least beside a second factor, no composition rule, common ones refused.
const fewestCharacters = 8;
const weakestAccepted = 2; // zxcvbn: more than 10^6 guesses

/** Why a new login password will not do, in words for its field; undefined if it will. */
export async function problemOfNewPassword(password: string, { user, corporation }: Standing): Promise<string | undefined> {
  if ([...password].length < fewestCharacters) return `新しいパスワードは${fewestCharacters}文字以上で入力してください。`;
  if (await passwordMatches(user.loginPasswordHash, password)) return "現在のパスワードと異なるものを入力してください。";
  if ((await guessability(password, [user.loginId, user.name, corporation.name])) < weakestAccepted)
    return "推測されやすいパスワードです。別のパスワードを入力してください。";
  // The last question: a guess at the confirmation password that is wrong has changed the login password, and the owner is mailed.
  if (await passwordMatches(user.confirmationPasswordHash, password)) return "確認用パスワードと異なるものを入力してください。";
  return undefined;
}

/** 0 (first to be tried) to 4, with Japanese words; the dictionaries are loaded when they are first needed. */
async function guessability(password: string, ownWords: string[]): Promise<number> {
  const [{ zxcvbn, zxcvbnOptions }, common, japanese] = await Promise.all([
    import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common"), import("@zxcvbn-ts/language-ja"),
  ]);
  zxcvbnOptions.setOptions({ dictionary: { ...common.dictionary, ...japanese.dictionary }, graphs: common.adjacencyGraphs });
  return zxcvbn(password.slice(0, 100), ownWords).score;
}
