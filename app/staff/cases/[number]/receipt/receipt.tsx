"use client";

import { authenticationChange } from "@/app/staff/ui/case-facts";
import { casePath } from "@/app/staff/ui/case-table";
import { DenseCell, DenseRow, DenseRowHeader, DenseTable } from "@/app/staff/ui/dense-table";
import { useOwnState } from "@/app/staff/ui/own-state";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Button, ButtonLink } from "@/app/ui/button";
import { Facts } from "@/app/ui/facts";
import { useInstitution } from "@/app/ui/institution";
import { userClassNames } from "@/lib/corporation/user-classes";
import { dateAndTime, dateOnly, startOfDay } from "@/lib/platform/japan-time";
import type { ReceiptAnswer } from "@/lib/staff/answers";
import { approvalMethodNames } from "@/lib/staff/case-states";
import { kindWords } from "@/lib/staff/case-kinds";

/** 受領書: one page of A4 that says what was done, when, by whom, and where the audit log stood. */
export function Receipt() {
  const { answer } = useOwnState<ReceiptAnswer>();
  const institution = useInstitution();
  const number = answer.state?.shown.number;
  const trail = [
    { path: "/staff/cases", words: "受付票検索" },
    ...(number === undefined ? [] : [{ path: casePath(number), words: `受付票 ${number}` }]),
  ];
  return (
    <StaffScreen title="受領書" here="/staff/cases" trail={trail} answer={answer}>
      {({ shown, seal, printedAt }) => (
        <>
          <p className="text-base font-bold">
            {institution?.name} {shown.branch}
          </p>
          <WhatWasDone shown={shown} />
          {shown.targets.length > 0 && <Targets targets={shown.targets} />}
          <Evidence shown={shown} seal={seal} printedAt={printedAt} />
          <div className="flex flex-wrap gap-4 print:hidden">
            <Button onClick={() => print()} className="sm:min-w-48">
              印刷
            </Button>
            <ButtonLink kind="secondary" href={casePath(shown.number)}>
              受付票に戻る
            </ButtonLink>
          </div>
        </>
      )}
    </StaffScreen>
  );
}

type Shown = ReceiptAnswer["shown"];

const person = ({ name, staffId }: { name: string; staffId: string }) => `${name}（${staffId}）`;
const at = (moment: string) => dateAndTime(new Date(moment));

function WhatWasDone({ shown }: { shown: Shown }) {
  return (
    <Facts
      facts={[
        ["受付番号", <span key="number" className="digits">{shown.number}</span>],
        ["種別", kindWords(shown)],
        ["契約", <><span className="digits">{shown.contract.contractNumber}</span> {shown.contract.name}</>],
        ...(shown.serviceAppliesFrom === null ? [] : [["適用日", dateOnly(startOfDay(shown.serviceAppliesFrom))] as [string, string]]),
        ...authenticationChange(shown),
        ["確認書類", shown.documents.join("、") || "なし"],
      ]}
    />
  );
}

function Targets({ targets }: Pick<Shown, "targets">) {
  return (
    <DenseTable name="対象利用者" count={`${targets.length}名`} columns={["ログインID", "利用者名", "利用者区分", "結果"]}>
      {targets.map(({ userId, loginId, name, userClass, outcome }) => (
        <DenseRow key={userId}>
          <DenseRowHeader className="digits">{loginId}</DenseRowHeader>
          <DenseCell>{name}</DenseCell>
          <DenseCell className="whitespace-nowrap">{userClassNames[userClass]}</DenseCell>
          <DenseCell>{outcome?.words}</DenseCell>
        </DenseRow>
      ))}
    </DenseTable>
  );
}

function Evidence({ shown, seal, printedAt }: Pick<ReceiptAnswer, "shown" | "seal" | "printedAt">) {
  return (
    <Facts
      facts={[
        ["受付", `${at(shown.enteredAt)} ${person(shown.enteredBy)}`],
        ...(shown.decidedAt && shown.decidedBy ? [[shown.kind === "emergency_stop" ? "実施" : "承認", `${at(shown.decidedAt)} ${person(shown.decidedBy)}`] as [string, string]] : []),
        ...(shown.approvalMethod === null ? [] : [["承認方法", approvalMethodNames[shown.approvalMethod]] as [string, string]]),
        ["監査ログの封印番号", seal ? <span key="seal" className="digits">{seal.number}</span> : "（まだありません）"],
        ["監査ログの封印値", seal ? <span key="hash" className="digits break-all">{seal.hash}</span> : "（まだありません）"],
        ["印刷日時", at(printedAt)],
      ]}
    />
  );
}
