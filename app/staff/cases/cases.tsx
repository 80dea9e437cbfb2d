"use client";

import { type FormEvent, useState } from "react";
import { casePath, CaseTable } from "@/app/staff/ui/case-table";
import { EntryLinks } from "@/app/staff/ui/parts";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Button } from "@/app/ui/button";
import { FormContext } from "@/app/ui/form-state";
import { useStateRoute } from "@/app/ui/state-route";
import { TextField } from "@/app/ui/text-field";
import type { CaseListAnswer } from "@/lib/staff/answers";

export function Cases() {
  const answer = useStateRoute<CaseListAnswer>("/staff/cases/state");
  return (
    <StaffScreen title="受付票検索" here="/staff/cases" answer={answer}>
      {({ staff, waiting, more }) => (
        <>
          <Search />
          <EntryLinks duty={staff.duty} />
          <CaseTable name="承認待ち・差戻しの受付票" cases={waiting} more={more} empty="承認待ち・差戻しの受付票はありません。" />
        </>
      )}
    </StaffScreen>
  );
}

/** As lib/staff/case-fields.ts has it: a number is never one of our paths. */
const numbers = /^(?=.*\d)[A-Za-z0-9-]{1,30}$/;

/** A case has its address: the search is going there. */
function Search() {
  const [problem, setProblem] = useState<string>();
  function go(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("number") ?? "");
    const number = typed.normalize("NFKC").trim();
    if (numbers.test(number)) return location.assign(casePath(number));
    setProblem(number === "" ? "受付番号を入力してください。" : "受付番号は、数字を含む半角英数字とハイフンで入力してください。");
    document.getElementById("number")?.focus();
  }
  return (
    <FormContext value={{ errors: problem ? { number: problem } : {}, refused: false, sending: false, shown: false, show: () => undefined }}>
      <form onSubmit={go} noValidate className="flex flex-wrap items-end gap-4">
        <div className="w-full max-w-[24rem]">
          <TextField name="number" label="受付番号" maxLength={100} autoComplete="off" className="digits" />
        </div>
        <Button type="submit" kind="secondary" className="sm:min-w-32">
          検索
        </Button>
      </form>
    </FormContext>
  );
}
