"use client";

import type { ReactNode } from "react";
import { useRevocationTimes } from "@/app/(customer)/management/reissue-box";
import { Facts } from "@/app/ui/facts";
import { authenticationFacts } from "@/lib/corporation/authentication";
import { dateAndTime, dateOnly, startOfDay } from "@/lib/platform/japan-time";
import type { CaseAnswer } from "@/lib/staff/answers";
import { kindWords } from "@/lib/staff/case-kinds";
import { approvalMethodNames, type CaseState } from "@/lib/staff/case-states";
import { CaseStatus, contractPath } from "./case-table";

type Shown = CaseAnswer["shown"];

const decisionNames: Record<CaseState, string> = { waiting: "承認", done: "承認", returned: "差戻し", withdrawn: "取下げ" };

/** 「2026年11月22日(日) 14:32 窓口花子（clerk）」 */
const doneBy = (at: string, { name, staffId }: { name: string; staffId: string }) => `${dateAndTime(new Date(at))} ${name}（${staffId}）`;

/** What is to be, beside what is as long as nobody has decided; afterwards what was asked for. */
export function authenticationChange({ authentication, state }: Pick<Shown, "authentication" | "state">): [string, ReactNode][] {
  if (!authentication) return [];
  const undecided = state === "waiting" || state === "returned";
  const now = new Map(authenticationFacts(authentication.now));
  return authenticationFacts(authentication.wanted).map(([question, wanted]) => {
    const before = now.get(question)!;
    if (!undecided) return [question, wanted];
    return [question, before === wanted ? `${wanted}（変更なし）` : <strong key={question}>{`現在：${before} → 変更後：${wanted}`}</strong>];
  });
}

/** A case as it was entered, and what became of it. */
export function CaseFacts({ shown }: { shown: Shown }) {
  const { days } = useRevocationTimes();
  const { contract, newContract, decidedAt, decidedBy } = shown;
  const words = `${contract.contractNumber} ${contract.name}`;
  const decided = shown.kind === "emergency_stop" && shown.state === "done" ? "実施" : decisionNames[shown.state];
  const facts: ([string, ReactNode] | false)[] = [
    ["受付番号", <span key="number" className="digits">{shown.number}</span>],
    ["種別", kindWords(shown)],
    ["状態", <CaseStatus key="state" state={shown.state} />],
    ["店舗", shown.branch],
    [newContract && !contract.registered ? "登録する契約" : "契約", contract.registered ? <a key="contract" href={contractPath(contract.contractNumber)}>{words}</a> : words],
    newContract !== null && ["マスターユーザ", `${newContract.master.name}（${newContract.master.loginId}） ${newContract.master.mailAddress}`],
    shown.serviceAppliesFrom !== null && ["適用日", dateOnly(startOfDay(shown.serviceAppliesFrom))],
    shown.kind === "revoke_token" && ["失効後の再発行", shown.allowReissue ? `失効後${days}日間、許可する` : "許可しない"],
    ...authenticationChange(shown),
    ["確認書類", shown.documents.join("、") || "なし"],
    ["理由", <span key="reason" className="whitespace-pre-wrap">{shown.reason}</span>],
    ["受付", doneBy(shown.enteredAt, shown.enteredBy)],
    decidedAt !== null && decidedBy !== null && [decided, doneBy(decidedAt, decidedBy)],
    shown.approvalMethod !== null && ["承認方法", approvalMethodNames[shown.approvalMethod]],
    shown.state === "returned" && ["差戻しの理由", <span key="because" className="whitespace-pre-wrap">{shown.decisionReason || "（記載はありません）"}</span>],
  ];
  return <Facts facts={facts.filter((fact) => fact !== false)} />;
}
