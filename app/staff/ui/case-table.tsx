"use client";

import { Status, type StatusKind } from "@/app/ui/status";
import { dateAndTime } from "@/lib/platform/japan-time";
import type { CaseLine } from "@/lib/staff/answers";
import { caseKindNames } from "@/lib/staff/case-kinds";
import { type CaseState, caseStateNames } from "@/lib/staff/case-states";
import { DenseCell, DenseRow, DenseTable } from "./dense-table";

const kinds: Record<CaseState, StatusKind> = { waiting: "waiting", returned: "stopped", withdrawn: "none", done: "good" };

export const CaseStatus = ({ state }: { state: CaseState }) => <Status kind={kinds[state]} words={caseStateNames[state]} />;

export const casePath = (number: string) => `/staff/cases/${encodeURIComponent(number)}`;
export const contractPath = (contractNumber: string) => `/staff/contracts/${encodeURIComponent(contractNumber)}`;

/** Cases, each by its number. `more`: as many as there was no place for. */
export function CaseTable({ name, cases, empty, more = 0 }: { name: string; cases: CaseLine[]; empty: string; more?: number }) {
  return (
    <DenseTable
      name={name}
      count={cases.length > 0 ? `${cases.length + more}件${more > 0 ? `（うち${cases.length}件を表示）` : ""}` : undefined}
      columns={["受付番号", "種別", "状態", "契約", "店舗", "受付", "承認・差戻し・取下げ"]}
      empty={cases.length === 0 ? empty : undefined}
    >
      {cases.map((line) => (
        <DenseRow key={line.number}>
          <DenseCell className="digits whitespace-nowrap">
            <a href={casePath(line.number)}>{line.number}</a>
          </DenseCell>
          <DenseCell className="whitespace-nowrap">{caseKindNames[line.kind]}</DenseCell>
          <DenseCell>
            <CaseStatus state={line.state} />
          </DenseCell>
          <DenseCell>
            <span className="digits">{line.contractNumber}</span> {line.company}
          </DenseCell>
          <DenseCell className="whitespace-nowrap">{line.branch}</DenseCell>
          <DenseCell className="whitespace-nowrap">
            {dateAndTime(new Date(line.enteredAt))} {line.enteredBy}
          </DenseCell>
          <DenseCell className="whitespace-nowrap">{line.decidedAt && `${dateAndTime(new Date(line.decidedAt))} ${line.decidedBy}`}</DenseCell>
        </DenseRow>
      ))}
    </DenseTable>
  );
}
