"use client";

import { CaseTable, contractPath } from "@/app/staff/ui/case-table";
import { useOwnState } from "@/app/staff/ui/own-state";
import { OpenCase } from "@/app/staff/ui/parts";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { Banner } from "@/app/ui/banner";
import { Facts } from "@/app/ui/facts";
import { UserStates, Verdict } from "@/app/ui/user-states";
import { userClassNames } from "@/lib/corporation/user-classes";
import type { StaffUserAnswer } from "@/lib/staff/answers";

/** As management shows a user, and without any act: what the counter does, it does by a case. */
export function StaffUserDetail() {
  const { answer } = useOwnState<StaffUserAnswer>();
  const contract = answer.state?.contract;
  const trail = [
    { path: "/staff/contracts", words: "契約検索" },
    ...(contract ? [{ path: contractPath(contract.contractNumber), words: contract.name }] : []),
  ];
  return (
    <StaffScreen title="利用者詳細" here="/staff/contracts" trail={trail} answer={answer}>
      {({ staff, contract, shown, couldHelp, cases }) => (
        <>
          <Facts
            facts={[
              ["契約", <><span className="digits">{contract.contractNumber}</span> {contract.name}</>],
              ["ログインID", <span key="id" className="digits">{shown.loginId}</span>],
              ["利用者名", shown.name],
              ["利用者区分", userClassNames[shown.userClass]],
              ["メールアドレス", shown.mailAddress],
            ]}
          />
          <Verdict verdict={shown.verdict} />
          <CouldHelp names={couldHelp} />
          <OpenCase duty={staff.duty} begins={{ contract: contract.contractNumber, user: shown.loginId }} />
          <UserStates shown={shown} />
          <CaseTable name="この利用者の受付票" cases={cases} empty="この利用者の受付票はありません。" />
        </>
      )}
    </StaffScreen>
  );
}

function CouldHelp({ names }: { names: string[] }) {
  if (names.length === 0)
    return <Banner kind="warning" title="この利用者の停止解除などを行える方が、会社にいません。窓口での手続きが必要です。" />;
  return (
    <Banner kind="information" title="この利用者の停止解除などは、会社の方が行えます。">
      <p>{names.join("、")}</p>
      <p>先に、「管理」の画面で手続きしていただくようお客様にご案内ください。</p>
    </Banner>
  );
}
