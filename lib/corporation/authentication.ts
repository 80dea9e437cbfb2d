import { dateOnly, startOfDay } from "@/lib/platform/japan-time";

/* 認証方法 of a contract: what is asked of whom, in words. No I/O: pages say the same. */

export const passkeyPolicyNames = {
  offered: "案内する", asked_of_managers: "マスターユーザ・管理者ユーザに登録をお願いする", required: "必須とする",
} as const;
export type PasskeyPolicy = keyof typeof passkeyPolicyNames;
export const passkeyPolicies = Object.keys(passkeyPolicyNames) as PasskeyPolicy[];

export const stepUpPolicyNames = {
  off: "求めない", managers_with_passkey: "パスキーを登録したマスターユーザ・管理者ユーザに求める", everyone: "全員に求める", each_act: "操作のたびに全員に求める",
} as const;
export type StepUpPolicy = keyof typeof stepUpPolicyNames;
export const stepUpPolicies = Object.keys(stepUpPolicyNames) as StepUpPolicy[];

/** `passkeyRequiredFrom`, 2026-12-01, is there where the policy is `required`, and nowhere else. */
export type Authentication = { passkeyPolicy: PasskeyPolicy; passkeyRequiredFrom: string | null; passkeyAlone: boolean; stepUpPolicy: StepUpPolicy };

/** What a contract begins with, and has again once its service has ended, but for the step-up. */
export const noPasskeyNeeded = { passkeyPolicy: "offered", passkeyRequiredFrom: null, passkeyAlone: false } as const satisfies Partial<Authentication>;

/** Of a row that has more. */
export const authenticationOf = ({ passkeyPolicy, passkeyRequiredFrom, passkeyAlone, stepUpPolicy }: Authentication): Authentication =>
  ({ passkeyPolicy, passkeyRequiredFrom, passkeyAlone, stepUpPolicy });

export const isSameAuthentication = (one: Authentication, other: Authentication): boolean =>
  JSON.stringify(authenticationOf(one)) === JSON.stringify(authenticationOf(other));

/** Whether what is asked makes no sense without the one-time password service, whose second step a passkey is. */
export const needsService = ({ passkeyPolicy, passkeyAlone }: Pick<Authentication, "passkeyPolicy" | "passkeyAlone">): boolean => passkeyPolicy === "required" || passkeyAlone;

/** A line for each question. */
export const authenticationFacts = ({ passkeyPolicy, passkeyRequiredFrom, passkeyAlone, stepUpPolicy }: Authentication): [question: string, words: string][] => [
  ["パスキーの扱い", passkeyPolicyNames[passkeyPolicy] + (passkeyRequiredFrom ? `（${dateOnly(startOfDay(passkeyRequiredFrom))}から）` : "")],
  ["ID・パスワードの代わりにパスキーでログイン", passkeyAlone ? "利用する" : "利用しない"],
  ["操作時の再認証", stepUpPolicyNames[stepUpPolicy]],
];
