"use client";

import { DenseCell, DenseRow, DenseRowHeader, DenseTable } from "@/app/staff/ui/dense-table";
import { StateDiagram } from "@/app/staff/ui/state-diagram";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { useStateRoute } from "@/app/ui/state-route";
import type { NumbersAnswer } from "@/lib/staff/answers";
import { afterEvent, caseEventNames, caseEvents, caseStateNames, caseStates } from "@/lib/staff/case-states";
import { numberWords, unitWords } from "@/lib/staff/number-names";
import { afterVerification, verificationEventNames, verificationEvents, verificationStateNames, verificationStates } from "@/lib/suspension/states";
import { tokenStateNames, tokenStates } from "@/lib/token/state-names";
import { after, tokenEventNames, tokenEvents } from "@/lib/token/transitions";

export function Numbers() {
  const answer = useStateRoute<NumbersAnswer>("/staff/numbers/state");
  return (
    <StaffScreen title="設定値と状態遷移" here="/staff/numbers" answer={answer}>
      {({ numbers }) => (
        <>
          <p>いま使われている設定値です。この画面で変更することはできません。変更は、環境変数で行います。</p>
          <NumberTable numbers={numbers} />
          <StateDiagram id="token-states" name="ワンタイムパスワード状態（トークン）" states={tokenStates} stateNames={tokenStateNames} events={tokenEvents} eventNames={tokenEventNames} after={after} />
          <StateDiagram
            id="verification-states"
            name="ワンタイムパスワード認証状態"
            states={verificationStates}
            stateNames={verificationStateNames}
            events={verificationEvents}
            eventNames={verificationEventNames}
            after={afterVerification}
          />
          <StateDiagram id="case-states" name="受付票の状態" states={caseStates} stateNames={caseStateNames} events={caseEvents} eventNames={caseEventNames} after={afterEvent} />
        </>
      )}
    </StaffScreen>
  );
}

/** A number that has no words yet is shown as the policy has it. */
const [words, units]: [Partial<Record<string, { name: string; source: string }>>, Partial<Record<string, string>>] = [numberWords, unitWords];

function NumberTable({ numbers }: Pick<NumbersAnswer, "numbers">) {
  return (
    <DenseTable name="設定値" count={`${numbers.length}件`} columns={["名称", "値", "単位", "環境変数", "根拠"]}>
      {numbers.map(({ name, value, unit, variable, source }) => (
        <DenseRow key={name}>
          <DenseRowHeader>{words[name]?.name ?? name}</DenseRowHeader>
          <DenseCell className="digits">{value.toLocaleString("ja-JP")}</DenseCell>
          <DenseCell className="whitespace-nowrap">{units[unit] ?? unit}</DenseCell>
          <DenseCell className="digits">{variable}</DenseCell>
          <DenseCell>{words[name]?.source ?? source}</DenseCell>
        </DenseRow>
      ))}
    </DenseTable>
  );
}
