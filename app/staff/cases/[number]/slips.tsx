"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "@/app/ui/button";
import { Facts } from "@/app/ui/facts";
import { useInstitution } from "@/app/ui/institution";
import { dateAndTime } from "@/lib/platform/japan-time";
import type { Slip, SlipsAnswer } from "@/lib/staff/answers";

/** 交付票: the only time that anybody sees these passwords. On paper each is a page of its own, because each is somebody else's. */
export function Slips({ slips, issuedAt, onShown }: SlipsAnswer & { onShown: (shown: boolean) => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    onShown(true);
    return () => onShown(false);
  }, [onShown]);
  return (
    <section aria-labelledby="slips" className="flex flex-col gap-4">
      <h2 ref={heading} id="slips" tabIndex={-1} className="text-lg print:hidden">
        交付票
      </h2>
      <p className="print:hidden">
        仮パスワードを表示するのは、この一度だけです。印刷して、ご本人にお渡しください。この画面を離れると、もう表示できません。
      </p>
      <div className="print:hidden">
        <Button onClick={() => print()} className="sm:min-w-48">
          印刷
        </Button>
      </div>
      {slips.map((slip) => (
        <OneSlip key={slip.loginId} slip={slip} issuedAt={issuedAt} />
      ))}
    </section>
  );
}

const password = (words: string) => (
  <span data-temporary-password className="digits text-xl font-bold">
    {words}
  </span>
);

function OneSlip({ slip, issuedAt }: { slip: Slip; issuedAt: string }) {
  const institution = useInstitution();
  return (
    <article
      aria-label={`${slip.loginId}の交付票`}
      className="flex max-w-[40rem] break-inside-avoid flex-col gap-4 rounded-8 border-2 border-solid-gray-600 p-6 print:max-w-none print:not-last:break-after-page"
    >
      <p className="text-lg font-bold">仮パスワード交付票</p>
      <p>{institution?.name} 法人インターネットバンキング</p>
      <Facts
        facts={[
          ["会社名", slip.company],
          ["契約番号", <span key="contract" className="digits">{slip.contractNumber}</span>],
          ["利用者名", `${slip.name} 様`],
          ["ログインID", <span key="id" className="digits">{slip.loginId}</span>],
          ...(slip.loginPassword === undefined ? [] : [["仮ログインパスワード", password(slip.loginPassword)] as [string, ReactNode]]),
          ...(slip.confirmationPassword === undefined ? [] : [["仮確認用パスワード", password(slip.confirmationPassword)] as [string, ReactNode]]),
          ["発行日時", dateAndTime(new Date(issuedAt))],
        ]}
      />
      <ul className="list-disc pl-6">
        <li>仮パスワードは、初めてのログインのときに変更してください。</li>
        <li>この交付票の内容は、もう一度表示することができません。ほかの方に知られないよう、大切に保管してください。</li>
        <li>パスワードやワンタイムパスワードを電話やメールでお聞きすることはありません。</li>
      </ul>
    </article>
  );
}
