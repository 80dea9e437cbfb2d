"use client";

import { Documents } from "@/app/staff/ui/documents";
import { useOwnState } from "@/app/staff/ui/own-state";
import { ReturnedBecause } from "@/app/staff/ui/parts";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Button } from "@/app/ui/button";
import { DateField } from "@/app/ui/date-field";
import { PostForm } from "@/app/ui/post-form";
import { TextArea } from "@/app/ui/text-area";
import { TextField } from "@/app/ui/text-field";
import type { ContractFormAnswer } from "@/lib/staff/answers";

const trail = [{ path: "/staff/contracts", words: "契約検索" }];

export function NewContractForm() {
  const { answer } = useOwnState<ContractFormAnswer>();
  return (
    <StaffScreen title="契約登録" here="/staff/contracts" trail={trail} answer={answer}>
      {(state) => (
        <>
          {state.again && <ReturnedBecause reason={state.returnedBecause} />}
          <ContractForm state={state} />
        </>
      )}
    </StaffScreen>
  );
}

function ContractForm({ state: { documents, begins, again } }: { state: ContractFormAnswer }) {
  const { master } = begins;
  return (
    <section aria-label="契約の内容" className="max-w-[48rem] rounded-8 bg-solid-gray-50 p-4 sm:p-8">
      <PostForm action="/staff/contracts/new/enter" className="flex flex-col gap-6">
        <TextField name="number" label="受付番号" defaultValue={begins.number} readOnly={again} maxLength={100} autoComplete="off" className={`digits ${again ? "bg-solid-gray-50" : ""}`} />
        <TextField name="contractNumber" label="契約番号" defaultValue={begins.contractNumber} maxLength={100} autoComplete="off" className="digits" />
        <TextField name="name" label="会社名" defaultValue={begins.name} autoComplete="off" />
        <TextField name="masterLoginId" label="マスターユーザのログインID" defaultValue={master.loginId} autoComplete="off" className="digits" />
        <TextField name="masterName" label="マスターユーザの利用者名" defaultValue={master.name} autoComplete="off" />
        <TextField name="masterMailAddress" label="マスターユーザのメールアドレス" defaultValue={master.mailAddress} autoComplete="off" inputMode="email" />
        <DateField
          name="serviceAppliesFrom"
          label="適用日"
          help="ワンタイムパスワードサービスを適用する日です。空欄の場合は、サービスを未申込として登録します。"
          defaultValue={begins.serviceAppliesFrom}
          className="max-w-64"
        />
        <Documents names={documents} ticked={begins.documents} required />
        <TextArea name="reason" label="理由" help="お客様のお申し出の内容と、確認したことを入力してください。" defaultValue={begins.reason} rows={4} />
        <p>
          契約は、受付の後、別の役席者が承認したときに登録されます。マスターユーザの仮ログインパスワードと仮確認用パスワードは、承認の後に交付票で一度だけ表示します。
        </p>
        <div>
          <Button type="submit" className="sm:min-w-48">
            受付
          </Button>
        </div>
      </PostForm>
    </section>
  );
}
