import { z } from "zod";
import { type Authentication, passkeyPolicies, stepUpPolicies } from "@/lib/corporation/authentication";
import { loginIdField, userNameField } from "@/lib/corporation/user-fields";
import { mailAddressField, oneLineField } from "@/lib/login/fields";
import { documentsOf } from "@/lib/platform/institution";
import { type CaseKind, caseKinds, isOfContract, needsApproval } from "./case-kinds";

/* What the forms of a case say, with the words for what is wrong. */

const plain = (text: string) => text.normalize("NFKC").trim();

/** 受付番号. With a digit in it, so that no case is called as one of our paths is. */
const caseNumberField = z.string({ error: "受付番号を入力してください。" }).transform(plain).pipe(
  z.string().min(1, "受付番号を入力してください。").regex(/^(?=.*\d)[A-Za-z0-9][A-Za-z0-9-]{0,29}$/, "受付番号は、数字を含む30文字以内の半角英数字とハイフンで入力してください。"));

const contractNumberField = z.string({ error: "契約番号を入力してください。" }).transform(plain).pipe(
  z.string().min(1, "契約番号を入力してください。").regex(/^\d{4,12}$/, "契約番号は4〜12桁の数字で入力してください。"));

/** Lines in reading order: what could forge the text around a reason is refused, not removed. */
const paragraph = (label: string, required: boolean) =>
  z.string().default("")
    .transform((text) => text.normalize("NFC").replaceAll("\r\n", "\n").trim()).pipe(
      z.string().min(required ? 1 : 0, `${label}を入力してください。`).refine((text) => [...text].length <= 500, `${label}は500文字以内で入力してください。`)
        .regex(/^(?:\n|[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufffd])*$/u, `${label}に使えない文字が含まれています。`));

const reasonField = paragraph("理由", true);
export const decisionReasonField = paragraph("差戻しの理由", false);

const dayField = z.literal("").or(z.iso.date("適用日は、年月日を正しく入力してください。")).default("");

/** At most this many users in one case: more is a company's decision, and each temporary password is hashed. */
export const mostTargets = 50;

/** 対象ログインID, one per line. */
const loginIdsField = z.string().default("").transform((text, context) => {
  const ids = [...new Map(text.split(/[\r\n,、]+/).map(plain).filter(Boolean).map((id) => [id.toLowerCase(), id])).values()];
  if (ids.length > mostTargets) context.addIssue({ code: "custom", message: `対象ログインIDは、一度に${mostTargets}件までです。` });
  if (ids.some((id) => !/^[A-Za-z0-9._-]{1,60}$/.test(id))) context.addIssue({ code: "custom", message: "対象ログインIDは、半角英数字（記号は . _ -）で、1行に1件ずつ入力してください。" });
  return ids;
});

/** The documents ticked: a box each, named `document:` and the document's name. Only those that the institution asks for at this kind. */
const ticked = (form: Record<string, unknown>, kind: CaseKind): string[] => documentsOf(kind).filter((name) => form[`document:${name}`] !== undefined);

const noDocument = "確認した書類を選択してください。";

/** What depends on several fields is asked also where one of them is wrong: a person is told everything at once. */
const always = { when: ({ value }: { value: unknown }) => typeof value === "object" && value !== null };

const kindOf = ({ kind }: { kind?: unknown }): CaseKind | undefined => caseKinds.find((one) => one === kind);
const hasLoginIds = ({ loginIds }: { loginIds?: unknown }): boolean => Array.isArray(loginIds) && loginIds.length > 0;

const changesAuthentication = (form: { kind?: unknown }): boolean => kindOf(form) === "change_authentication";
const isOneOf = <Value extends string>(values: readonly Value[], value: unknown): value is Value => values.some((one) => one === value);

/** Its two choices are known to be ones of ours. A date says something only where passkeys are required. */
function authenticationIn({ passkeyPolicy, passkeyRequiredFrom, passkeyAlone, stepUpPolicy }: Record<string, unknown>): Authentication {
  const required = passkeyPolicy === "required";
  return { passkeyPolicy, passkeyRequiredFrom: required ? passkeyRequiredFrom : null, passkeyAlone: passkeyAlone !== undefined, stepUpPolicy } as Authentication;
}

export type CaseEntry = {
  number: string; kind: CaseKind; contractNumber: string; loginIds: string[]; documents: string[]; reason: string; serviceAppliesFrom: string; allowReissue: boolean;
  /** 認証方法の変更: what is to be. */
  authentication: Authentication | null;
};

export const caseFields = z.looseObject({
  number: caseNumberField,
  kind: z.enum(caseKinds, { error: "種別を選択してください。" }),
  contractNumber: contractNumberField,
  loginIds: loginIdsField,
  reason: reasonField,
  serviceAppliesFrom: dayField,
  allowReissue: z.string().optional(),
  passkeyPolicy: z.string().optional(), passkeyRequiredFrom: dayField, passkeyAlone: z.string().optional(), stepUpPolicy: z.string().optional(),
}).refine((form) => {
  const kind = kindOf(form) ?? "lift_suspension";
  return !needsApproval(kind) || ticked(form, kind).length > 0;
}, { path: ["documents"], error: noDocument, ...always })
  .refine((form) => {
    const kind = kindOf(form);
    return (kind && isOfContract(kind)) || hasLoginIds(form);
  }, { path: ["loginIds"], error: "対象ログインIDを入力してください。", ...always })
  .refine((form) => {
    const kind = kindOf(form);
    return !(kind && isOfContract(kind) && hasLoginIds(form));
  }, { path: ["loginIds"], error: "申込、解約と認証方法の変更は、契約に対する手続きです。対象ログインIDは入力しないでください。", ...always })
  .refine((form) => !changesAuthentication(form) || isOneOf(passkeyPolicies, form.passkeyPolicy), { path: ["passkeyPolicy"], error: "パスキーの扱いを選択してください。", ...always })
  .refine((form) => !changesAuthentication(form) || isOneOf(stepUpPolicies, form.stepUpPolicy), { path: ["stepUpPolicy"], error: "操作時の再認証を選択してください。", ...always })
  .transform(({ number, kind, contractNumber, loginIds, reason, serviceAppliesFrom, allowReissue, ...form }): CaseEntry => ({
    number, kind, contractNumber, loginIds, documents: ticked(form, kind), reason, serviceAppliesFrom, allowReissue: kind === "revoke_token" && allowReissue !== undefined,
    authentication: kind === "change_authentication" ? authenticationIn(form) : null,
  }));

export type ContractEntry = {
  number: string; contractNumber: string; name: string; master: { loginId: string; name: string; mailAddress: string };
  documents: string[]; reason: string; serviceAppliesFrom: string;
};

/** 契約登録: the contract and its first master. */
export const contractFields = z.looseObject({
  number: caseNumberField, contractNumber: contractNumberField, name: oneLineField("会社名", 80),
  masterLoginId: loginIdField, masterName: userNameField, masterMailAddress: mailAddressField(),
  reason: reasonField, serviceAppliesFrom: dayField,
}).refine((form) => ticked(form, "apply_service").length > 0, { path: ["documents"], error: noDocument, ...always }).transform((form): ContractEntry => {
  const documents = ticked(form, "apply_service");
  const { number, contractNumber, name, masterLoginId: loginId, masterName, masterMailAddress: mailAddress, reason, serviceAppliesFrom } = form;
  return { number, contractNumber, name, master: { loginId, name: masterName, mailAddress }, documents, reason, serviceAppliesFrom };
});
