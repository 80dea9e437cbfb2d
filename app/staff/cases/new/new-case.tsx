"use client";

import { useState } from "react";
import { ReissueBox } from "@/app/(customer)/management/reissue-box";
import { Documents } from "@/app/staff/ui/documents";
import { useOwnState } from "@/app/staff/ui/own-state";
import { ReturnedBecause } from "@/app/staff/ui/parts";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Banner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { DateField } from "@/app/ui/date-field";
import { PostForm } from "@/app/ui/post-form";
import { SelectField } from "@/app/ui/select-field";
import { TextArea } from "@/app/ui/text-area";
import { TextField } from "@/app/ui/text-field";
import type { CaseFormAnswer } from "@/lib/staff/answers";
import { type CaseKind, caseKindNames, caseKindWords, isOfContract, needsApproval } from "@/lib/staff/case-kinds";
import { AuthenticationFields } from "./authentication-fields";

const trail = [{ path: "/staff/cases", words: "受付票検索" }];

export function NewCase() {
  const { answer } = useOwnState<CaseFormAnswer>();
  return (
    <StaffScreen title="受付票の作成" here="/staff/cases" trail={trail} answer={answer}>
      {(state) => (
        <>
          {state.again && <ReturnedBecause reason={state.returnedBecause} />}
          <CaseForm state={state} />
        </>
      )}
    </StaffScreen>
  );
}

function CaseForm({ state: { kinds, today, begins, again } }: { state: CaseFormAnswer }) {
  const [kind, setKind] = useState<CaseKind | "">(kinds.some(({ kind }) => kind === begins.kind) ? begins.kind : "");
  const [loginIds, setLoginIds] = useState(begins.loginIds.join("\n")); // kept while a kind without users is looked at
  const documents = (kinds.find((one) => one.kind === kind) ?? kinds[0])?.documents ?? []; // before a kind is chosen, so that boxes can be ticked in any order
  return (
    <section aria-label="受付の内容" className="max-w-[48rem] rounded-8 bg-solid-gray-50 p-4 sm:p-8">
      <PostForm action="/staff/cases/new/enter" className="flex flex-col gap-6">
        <TextField name="number" label="受付番号" defaultValue={begins.number} readOnly={again} maxLength={100} autoComplete="off" className={`digits ${again ? "bg-solid-gray-50" : ""}`} />
        <SelectField
          name="kind"
          label="種別"
          value={kind}
          onChange={(event) => setKind(event.target.value as CaseKind | "")}
          options={[{ value: "", words: "選択してください" }, ...kinds.map(({ kind }) => ({ value: kind, words: caseKindNames[kind] }))]}
        />
        <TextField name="contractNumber" label="契約番号" defaultValue={begins.contractNumber} maxLength={100} autoComplete="off" className="digits" />
        {(kind === "" || !isOfContract(kind)) && (
          <TextArea
            name="loginIds"
            label="対象ログインID"
            help="1行に1つずつ入力してください。"
            value={loginIds}
            onChange={(event) => setLoginIds(event.target.value)}
            rows={4}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="digits"
          />
        )}
        {kind === "apply_service" && <DateField name="serviceAppliesFrom" label="適用日" required defaultValue={begins.serviceAppliesFrom || today} className="max-w-64" />}
        {kind === "change_authentication" && <AuthenticationFields begins={begins.authentication} today={today} />}
        {kind === "revoke_token" && <ReissueBox defaultChecked={begins.allowReissue} />}
        <Documents names={documents} ticked={begins.documents} required={kind === "" || needsApproval(kind)} />
        <TextArea name="reason" label="理由" help="お客様のお申し出の内容と、確認したことを入力してください。" defaultValue={begins.reason} rows={4} />
        {kind !== "" && <WhatFollows kind={kind} />}
        <div>
          <Button type="submit" className="sm:min-w-48">
            受付
          </Button>
        </div>
      </PostForm>
    </section>
  );
}

function WhatFollows({ kind }: { kind: CaseKind }) {
  if (needsApproval(kind))
    return (
      <p>
        {caseKindWords[kind]}
        受付の後、別の役席者が承認するまでは何も行われません。
      </p>
    );
  return (
    <Banner kind="warning" title="「受付」を押すと、その場で停止します。承認はありません。">
      <p>{caseKindWords[kind]}停止の解除には、あらためて受付票の作成と承認が必要です。</p>
    </Banner>
  );
}
