import { randomInt } from "node:crypto";
import { passwordMatches } from "@/lib/platform/password";
import type { Standing } from "./standing";

// SP 800-63B 3.1.1.2: eight characters at the least beside a second factor, no composition rule, common ones refused.
const fewestCharacters = 8;
const weakestAccepted = 2; // zxcvbn: more than 10^6 guesses

/** Why a password will not do for a person, in words for its field; undefined if it will. `ownWords` are what everybody knows of that person. */
export async function problemOfPassword(label: string, password: string, ownWords: string[]): Promise<string | undefined> {
  if ([...password].length < fewestCharacters) return `${label}は${fewestCharacters}文字以上で入力してください。`;
  if ((await guessability(password, ownWords)) < weakestAccepted) return "推測されやすいパスワードです。別のパスワードを入力してください。";
  return undefined;
}

/** The same for a change: it differs from the present one and from the user's other password. */
export async function problemOfNewPassword(kind: "login" | "confirmation", password: string, { user, corporation }: Standing): Promise<string | undefined> {
  const [present, other] = kind === "login" ? [user.loginPasswordHash, user.confirmationPasswordHash] : [user.confirmationPasswordHash, user.loginPasswordHash];
  const label = kind === "login" ? "新しいパスワード" : "新しい確認用パスワード";
  const problem = await problemOfPassword(label, password, [user.loginId, user.name, corporation.name]);
  if (problem) return problem;
  if (await passwordMatches(present, password)) return "現在のパスワードと異なるものを入力してください。";
  // The last question: a guess at the other password that is wrong has changed this one, and the owner is mailed.
  if (await passwordMatches(other, password)) return `${kind === "login" ? "確認用パスワード" : "ログインパスワード"}と異なるものを入力してください。`;
  return undefined;
}

const letters = "abcdefghjkmnpqrstuvwxyz23456789"; // none that is taken for another on paper

/** 仮パスワード: 59 random bits in three groups, to be read from a screen or paper once. */
export const newTemporaryPassword = (): string =>
  Array.from({ length: 3 }, () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join("")).join("-");

const judgedCharacters = 32; // the time grows with the square, and what is weak so far is weak enough

/** 0 (first to be tried) to 4, with Japanese words. */
async function guessability(password: string, ownWords: string[]): Promise<number> {
  const { zxcvbn } = await (judge ??= loadJudge());
  return zxcvbn(password.slice(0, judgedCharacters), ownWords).score;
}

let judge: ReturnType<typeof loadJudge> | undefined;

/** The dictionaries are loaded when they are first needed. With all its substitutions a password of 100 characters took two seconds. */
async function loadJudge() {
  const [{ zxcvbn, zxcvbnOptions }, common, japanese] = await Promise.all([
    import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common"), import("@zxcvbn-ts/language-ja"),
  ]);
  zxcvbnOptions.setOptions({ dictionary: { ...common.dictionary, ...japanese.dictionary }, graphs: common.adjacencyGraphs, l33tMaxSubstitutions: 10 });
  return { zxcvbn };
}
