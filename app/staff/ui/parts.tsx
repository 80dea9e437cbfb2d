"use client";

import { Banner } from "@/app/ui/banner";
import { Button, ButtonLink } from "@/app/ui/button";
import { Status } from "@/app/ui/status";
import { dateOnly, startOfDay } from "@/lib/platform/japan-time";
import { type Duty, staffMay } from "@/lib/staff/duties";

/** ワンタイムパスワードサービス of a contract, with the date it applies from. */
export function Service({ from }: { from: string | null }) {
  if (from === null) return <Status kind="none" words="未申込" />;
  return (
    <>
      <Status kind="good" words="申込済" />（{dateOnly(startOfDay(from))}から適用）
    </>
  );
}

/** An approver may enter an emergency stop, and nothing else. */
const mayOpenCaseForm = (duty: Duty) => staffMay("enter_case", duty) || staffMay("enter_emergency_stop", duty);

/** Where something new is entered, as far as the duty goes. */
export function EntryLinks({ duty }: { duty: Duty }) {
  if (!mayOpenCaseForm(duty)) return null;
  return (
    <div className="flex flex-wrap gap-4">
      <ButtonLink href="/staff/cases/new">受付票の作成</ButtonLink>
      {staffMay("enter_case", duty) && (
        <ButtonLink kind="secondary" href="/staff/contracts/new">
          契約登録
        </ButtonLink>
      )}
    </div>
  );
}

/** A real button: the form it leads to begins with what is known here. */
export function OpenCase({ duty, begins }: { duty: Duty; begins: Record<string, string> }) {
  if (!mayOpenCaseForm(duty)) return null;
  return (
    <form method="get" action="/staff/cases/new" className="print:hidden">
      {Object.entries(begins).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit">受付票を作成</Button>
    </form>
  );
}

/** Above the form of a case that was sent back. */
export function ReturnedBecause({ reason }: { reason: string | null }) {
  return (
    <Banner kind="warning" title="差し戻された受付票です。内容を修正して、もう一度受け付けてください。">
      <p className="whitespace-pre-wrap">差戻しの理由：{reason || "（記載はありません）"}</p>
    </Banner>
  );
}
