"use client";

import { CaseTable, contractPath } from "@/app/staff/ui/case-table";
import { DenseCell, DenseRow, DenseRowHeader, DenseTable } from "@/app/staff/ui/dense-table";
import { GetForm } from "@/app/staff/ui/get-form";
import { useOwnState } from "@/app/staff/ui/own-state";
import { EntryLinks } from "@/app/staff/ui/parts";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Button } from "@/app/ui/button";
import { DateField } from "@/app/ui/date-field";
import { Status } from "@/app/ui/status";
import { dateAndTime, dateOnly, startOfDay } from "@/lib/platform/japan-time";
import type { CountRow, HomeAnswer, UncertainMail } from "@/lib/staff/answers";
import { caseKindNames } from "@/lib/staff/case-kinds";
import { caseStateNames, caseStates } from "@/lib/staff/case-states";

export function Home() {
  const { answer } = useOwnState<HomeAnswer>();
  return (
    <StaffScreen title="営業店コンソール" here="/staff" answer={answer}>
      {({ staff, day, counts, waiting, more, mails }) => (
        <>
          <EntryLinks duty={staff.duty} />
          <CaseTable name="承認待ち・差戻しの受付票" cases={waiting} more={more} empty="承認待ち・差戻しの受付票はありません。" />
          <Counts day={day} counts={counts} />
          <Mails mails={mails} />
        </>
      )}
    </StaffScreen>
  );
}

const counted = ["entered", ...caseStates] as const;

function Counts({ day, counts }: { day: string; counts: CountRow[] }) {
  const total = (name: (typeof counted)[number]) => counts.reduce((sum, row) => sum + row[name], 0);
  return (
    <div className="flex flex-col gap-3">
      <DenseTable
        name="受付件数"
        count={dateOnly(startOfDay(day))}
        columns={["店舗", "種別", "受付", ...caseStates.map((state) => caseStateNames[state])]}
        empty={counts.length === 0 ? "この日の受付はありません。" : undefined}
      >
        {counts.map((row) => (
          <DenseRow key={`${row.branch} ${row.kind}`}>
            <DenseRowHeader className="whitespace-nowrap">{row.branch}</DenseRowHeader>
            <DenseCell className="whitespace-nowrap">{caseKindNames[row.kind]}</DenseCell>
            {counted.map((name) => (
              <DenseCell key={name} className="digits">
                {row[name]}
              </DenseCell>
            ))}
          </DenseRow>
        ))}
        <DenseRow className="font-bold">
          <DenseRowHeader>合計</DenseRowHeader>
          <DenseCell>すべて</DenseCell>
          {counted.map((name) => (
            <DenseCell key={name} className="digits">
              {total(name)}
            </DenseCell>
          ))}
        </DenseRow>
      </DenseTable>
      <div className="flex flex-wrap items-end gap-4 print:hidden">
        <GetForm action="/staff" problems={{}} className="flex flex-wrap items-end gap-4">
          <DateField name="day" label="日付" defaultValue={day} />
          <Button type="submit" kind="secondary">
            表示
          </Button>
        </GetForm>
        {/* A plain form, because taking the counts away is recorded; the answer is a file, and the page stays. */}
        <form method="post" action="/staff/counts/csv">
          <input type="hidden" name="day" value={day} />
          <Button type="submit" kind="secondary">
            CSVダウンロード
          </Button>
        </form>
      </div>
    </div>
  );
}

const mailStates: Record<UncertainMail["state"], string> = { unknown: "送信の結果が不明", refused: "送信先が受付を拒否" };

function Mails({ mails }: { mails: UncertainMail[] }) {
  return (
    <div className="flex flex-col gap-2">
      <DenseTable
        name="到達を確認できないメール"
        count={mails.length > 0 ? `${mails.length}件` : undefined}
        columns={["日時", "契約", "メール", "状態"]}
        empty={mails.length === 0 ? "到達を確認できないメールはありません。" : undefined}
      >
        {mails.map(({ id, at, company, contractNumber, title, state }) => (
          <DenseRow key={id}>
            <DenseCell className="digits whitespace-nowrap">{dateAndTime(new Date(at))}</DenseCell>
            <DenseCell>
              <a href={contractPath(contractNumber)} className="digits">
                {contractNumber}
              </a>{" "}
              {company}
            </DenseCell>
            <DenseCell>{title}</DenseCell>
            <DenseCell>
              <Status kind={state === "refused" ? "stopped" : "waiting"} words={mailStates[state]} />
            </DenseCell>
          </DenseRow>
        ))}
      </DenseTable>
      {mails.length > 0 && <p>これらのメールが自動で再送されることはありません。届いているかを、お客様にご確認ください。</p>}
    </div>
  );
}
