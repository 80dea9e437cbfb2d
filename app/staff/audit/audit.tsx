"use client";

import { DenseCell, DenseRow, DenseTable } from "@/app/staff/ui/dense-table";
import { GetForm } from "@/app/staff/ui/get-form";
import { useOwnState } from "@/app/staff/ui/own-state";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Button, ButtonLink } from "@/app/ui/button";
import { DateField } from "@/app/ui/date-field";
import { Status } from "@/app/ui/status";
import { TextField } from "@/app/ui/text-field";
import { resultNames } from "@/lib/audit/words";
import { dateAndTime } from "@/lib/platform/japan-time";
import type { AuditAnswer, AuditRow } from "@/lib/staff/answers";

type Asked = { key: string; from: string; to: string };

export function Audit() {
  const { query, answer } = useOwnState<AuditAnswer>();
  return (
    <StaffScreen title="監査ログ" here="/staff/audit" answer={answer}>
      {({ key, problem, fields, rows, older, mayExport }) => {
        const asked: Asked = { key, from: query.get("from") ?? "", to: query.get("to") ?? "" };
        return (
          <>
            <Filters asked={asked} problems={{ ...(problem !== null && { key: problem }), ...fields }} />
            {rows === null ? (
              <p>検索する言葉を入力してください。入力しないと、監査ログは表示されません。</p>
            ) : (
              <>
                <Events rows={rows} />
                <Paging asked={asked} older={older} first={!query.get("cursor")} />
                {mayExport && <Download asked={asked} />}
              </>
            )}
          </>
        );
      }}
    </StaffScreen>
  );
}

function Filters({ asked, problems }: { asked: Asked; problems: Record<string, string> }) {
  return (
    <GetForm action="/staff/audit" problems={problems} className="flex flex-wrap items-end gap-4 print:hidden">
      <div className="w-full max-w-[28rem]">
        <TextField name="key" label="契約番号・ログインID・職員ID・受付番号" defaultValue={asked.key} maxLength={100} autoComplete="off" />
      </div>
      <DateField name="from" label="開始日" defaultValue={asked.from} />
      <DateField name="to" label="終了日" defaultValue={asked.to} />
      <Button type="submit" className="sm:min-w-32">
        検索
      </Button>
    </GetForm>
  );
}

const columns = ["日時", "操作", "結果", "照会番号", "操作した方", "対象", "会社", "接続元", "要求番号"];

function Events({ rows }: { rows: AuditRow[] }) {
  return (
    <DenseTable
      name="監査ログ"
      count={rows.length > 0 ? `${rows.length}件を表示` : undefined}
      columns={columns}
      empty={rows.length === 0 ? "該当する記録はありません。検索する言葉と日付をご確認ください。" : undefined}
    >
      {rows.map((row) => (
        <DenseRow key={row.id} className="align-top">
          <DenseCell className="digits min-w-36">{dateAndTime(new Date(row.at))}</DenseCell>
          <DenseCell className="min-w-44">
            {row.label}
            <Small className="digits">{row.name}</Small>
            {row.details && <Small>{row.details}</Small>}
          </DenseCell>
          <DenseCell>
            <Status kind={row.result === "done" ? "good" : "stopped"} words={resultNames[row.result]} />
          </DenseCell>
          <DenseCell className="digits whitespace-nowrap">{row.code}</DenseCell>
          <DenseCell className="min-w-28">
            <bdi>{row.by}</bdi>
          </DenseCell>
          <DenseCell className="min-w-28">
            <bdi>{row.to}</bdi>
          </DenseCell>
          <DenseCell className="min-w-32">
            <bdi>{row.company}</bdi>
          </DenseCell>
          <DenseCell className="min-w-32">
            <span className="digits">{row.network || "―"}</span>
            {row.browser && <Small>{row.browser}</Small>}
          </DenseCell>
          <DenseCell className="digits whitespace-nowrap">{row.requestId.slice(0, 8)}</DenseCell>
        </DenseRow>
      ))}
    </DenseTable>
  );
}

const Small = ({ children, className = "" }: { children: string; className?: string }) => <span className={`block text-solid-gray-700 ${className}`}>{children}</span>;

function Paging({ asked, older, first }: { asked: Asked; older: string | null; first: boolean }) {
  if (first && older === null) return null;
  return (
    <nav aria-label="監査ログのページ" className="flex flex-wrap gap-4 print:hidden">
      {!first && (
        <ButtonLink kind="secondary" href={`/staff/audit?${new URLSearchParams(asked)}`}>
          最初のページ
        </ButtonLink>
      )}
      {older !== null && (
        <ButtonLink kind="secondary" href={`/staff/audit?${new URLSearchParams({ ...asked, cursor: older })}`}>
          次のページ
        </ButtonLink>
      )}
    </nav>
  );
}

/** A plain post, because taking the log away is recorded; the answer is a file, and the page stays. */
function Download({ asked }: { asked: Asked }) {
  return (
    <form method="post" action="/staff/audit/csv" className="border-t border-solid-gray-420 pt-4 print:hidden">
      {Object.entries(asked).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit" kind="secondary">
        CSVダウンロード
      </Button>
      <p className="mt-2 text-solid-gray-700">検索した条件のすべての記録を、CSVファイルに保存します。</p>
    </form>
  );
}
