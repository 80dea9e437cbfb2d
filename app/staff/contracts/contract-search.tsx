"use client";

import { contractPath } from "@/app/staff/ui/case-table";
import { DenseCell, DenseRow, DenseRowHeader, DenseTable } from "@/app/staff/ui/dense-table";
import { GetForm } from "@/app/staff/ui/get-form";
import { useOwnState } from "@/app/staff/ui/own-state";
import { Service } from "@/app/staff/ui/parts";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Button, ButtonLink } from "@/app/ui/button";
import { TextField } from "@/app/ui/text-field";
import type { ContractSearchAnswer } from "@/lib/staff/answers";
import { staffMay } from "@/lib/staff/duties";

export function ContractSearch() {
  const { answer } = useOwnState<ContractSearchAnswer>();
  return (
    <StaffScreen title="契約検索" here="/staff/contracts" answer={answer}>
      {({ staff, key, problem, found, more }) => (
        <>
          <GetForm action="/staff/contracts" problems={problem === null ? {} : { key: problem }} className="flex flex-wrap items-end gap-4">
            <div className="w-full max-w-[32rem]">
              <TextField name="key" label="契約番号・会社名・ログインID" defaultValue={key} maxLength={100} autoComplete="off" />
            </div>
            <Button type="submit" className="sm:min-w-32">
              検索
            </Button>
          </GetForm>
          {found === null ? <p>検索する言葉を入力してください。入力しないと、契約の一覧は表示されません。</p> : <Results found={found} more={more} />}
          {staffMay("enter_case", staff.duty) && (
            <div>
              <ButtonLink kind="secondary" href="/staff/contracts/new">
                契約登録
              </ButtonLink>
            </div>
          )}
        </>
      )}
    </StaffScreen>
  );
}

function Results({ found, more }: { found: NonNullable<ContractSearchAnswer["found"]>; more: boolean }) {
  return (
    <div className="flex flex-col gap-2">
      <DenseTable
        name="検索結果"
        count={found.length > 0 ? `${found.length}件${more ? "を表示" : ""}` : undefined}
        columns={["契約番号", "会社名", "ワンタイムパスワードサービス", "該当する利用者"]}
        empty={found.length === 0 ? "該当する契約はありません。検索する言葉をご確認ください。" : undefined}
      >
        {found.map(({ contractNumber, name, serviceAppliesFrom, users }) => (
          <DenseRow key={contractNumber}>
            <DenseRowHeader className="digits">
              <a href={contractPath(contractNumber)}>{contractNumber}</a>
            </DenseRowHeader>
            <DenseCell>{name}</DenseCell>
            <DenseCell>
              <Service from={serviceAppliesFrom} />
            </DenseCell>
            <DenseCell>
              <ul>
                {users.map((user) => (
                  <li key={user.id} className="py-0.5">
                    <a href={`/staff/users/${user.id}`} className="digits">
                      {user.loginId}
                    </a>{" "}
                    {user.name}
                  </li>
                ))}
              </ul>
            </DenseCell>
          </DenseRow>
        ))}
      </DenseTable>
      {more && <p>ほかにも該当する契約があります。検索する言葉を長くして、もう一度検索してください。</p>}
    </div>
  );
}
