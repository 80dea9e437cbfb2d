"use client";

import { useState } from "react";
import { CaseFacts } from "@/app/staff/ui/case-facts";
import { DenseCell, DenseRow, DenseRowHeader, DenseTable } from "@/app/staff/ui/dense-table";
import { useOwnState } from "@/app/staff/ui/own-state";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { elsewhere } from "@/app/ui/answer";
import { Banner, RefusalBanner } from "@/app/ui/banner";
import { Button, ButtonLink } from "@/app/ui/button";
import { PostForm } from "@/app/ui/post-form";
import { Status } from "@/app/ui/status";
import { TextArea } from "@/app/ui/text-area";
import { userClassNames } from "@/lib/corporation/user-classes";
import type { RefusalAnswer } from "@/lib/platform/answer";
import { dateAndTime } from "@/lib/platform/japan-time";
import type { CaseAnswer, CaseTarget, SlipsAnswer } from "@/lib/staff/answers";
import { caseKindWords, isOfContract } from "@/lib/staff/case-kinds";
import { Slips } from "./slips";

type Shown = CaseAnswer["shown"];

const trail = [{ path: "/staff/cases", words: "受付票検索" }];

export function CaseDetail() {
  const { path, answer } = useOwnState<CaseAnswer>();
  const [slipsShown, setSlipsShown] = useState(false);
  return (
    <StaffScreen title="受付票" here="/staff/cases" trail={trail} titleOnPaper={!slipsShown} answer={answer}>
      {({ shown }) => <OneCase path={path} shown={shown} again={answer.again} onSlips={setSlipsShown} />}
    </StaffScreen>
  );
}

type Act = "approve" | "return" | "withdraw" | "show_slips";

/** The passwords stay no longer than what is shown here: a page that comes back from the browser's history begins without them. */
function OneCase({ path, shown, again, onSlips }: { path: string; shown: Shown; again: () => void; onSlips: (shown: boolean) => void }) {
  const [slips, setSlips] = useState<SlipsAnswer>();
  const [refused, setRefused] = useState<{ act: Act; refusal: RefusalAnswer }>();
  /** Whoever was refused looks at what has changed meanwhile, unless it was the end of the session: the form says so, and a look would only lead away from it. */
  const refusedAt = (act: Act) => (refusal: RefusalAnswer) => {
    setRefused({ act, refusal });
    if (elsewhere(refusal.go) === undefined) again();
  };
  const { acts, state, targets } = shown;
  const mayDecide = acts.some((act) => act === "approve" || act === "return" || act === "withdraw");
  return (
    <>
      {/* A form that was refused says so itself, for as long as it is there. */}
      {refused && !acts.includes(refused.act) && <RefusalBanner refusal={refused.refusal} />}
      {slips && <Slips {...slips} onShown={onSlips} />}
      <div className={`flex flex-col gap-5 ${slips ? "print:hidden" : ""}`}>
        {state === "done" && <WhatWasDone shown={shown} />}
        {acts.includes("show_slips") && !slips && (
          <PostForm<SlipsAnswer>
            action={`${path}/slips`}
            onStay={({ slips, issuedAt }) => {
              setSlips({ slips, issuedAt });
              again();
            }}
            onRefusal={refusedAt("show_slips")}
          >
            <p>仮パスワードの交付票は、一度だけ表示できます。印刷の準備ができてから、ボタンを押してください。</p>
            <Button type="submit" className="mt-3">
              交付票を表示
            </Button>
          </PostForm>
        )}
        {acts.includes("receipt") && (
          <div>
            <ButtonLink kind="secondary" href={`${path}/receipt`}>
              受領書を印刷
            </ButtonLink>
          </div>
        )}
        <CaseFacts shown={shown} />
        {acts.includes("enter_again") && (
          <div>
            <ButtonLink href={`/staff/${shown.newContract ? "contracts" : "cases"}/new?${new URLSearchParams({ again: shown.number })}`}>修正して再受付</ButtonLink>
          </div>
        )}
        <Warnings shown={shown} />
        {targets.length > 0 && <Targets shown={shown} />}
        {mayDecide && <Decision path={path} shown={shown} refusedAt={refusedAt} />}
      </div>
    </>
  );
}

function WhatWasDone({ shown: { targets } }: { shown: Shown }) {
  const done = targets.filter(({ outcome }) => outcome?.done).length;
  if (done === targets.length) return <Banner kind="success" title="手続きしました。" />;
  return (
    <Banner kind="warning" title={done > 0 ? `${targets.length}名のうち${done}名を手続きしました。` : "手続きできた利用者はいません。"}>
      <p>手続きしなかった利用者については、表の「結果」をご確認ください。</p>
    </Banner>
  );
}

const open = ({ state }: Shown) => state === "waiting" || state === "returned";

function Warnings({ shown }: { shown: Shown }) {
  const { state, kind, targets, own, leavesNobody } = shown;
  const changed = targets.filter((target) => target.changed || target.deleted);
  const selfHelp = kind !== "emergency_stop" && !isOfContract(kind) && targets.length > 0 && targets.every(({ couldHelp }) => couldHelp.length > 0);
  return (
    <>
      {state === "waiting" && own && (
        <Banner kind="information" title="ご自身が受け付けたため、承認できません。">
          <p>別の役席者が承認するまで、手続きは行われません。</p>
        </Banner>
      )}
      {state === "waiting" && changed.length > 0 && (
        <Banner kind="warning" title="受付の後に、状態が変わった利用者がいます。">
          <p>{changed.map(({ loginId }) => loginId).join("、")}。表の「変更あり」をご確認のうえ、手続きを判断してください。</p>
        </Banner>
      )}
      {state === "waiting" && leavesNobody && (
        <Banner kind="warning" title="承認すると、停止解除などを行えるマスターユーザ・管理者ユーザが、この会社にいなくなります。">
          <p>その後に利用停止になった場合は、窓口で「利用解除」の手続きが必要です。</p>
        </Banner>
      )}
      {open(shown) && selfHelp && (
        <Banner kind="information" title="この手続きは、会社のマスターユーザ・管理者ユーザが「管理」の画面で行えます。">
          <p>窓口で手続きする理由を、お客様にご確認ください。</p>
        </Banner>
      )}
    </>
  );
}

function Targets({ shown }: { shown: Shown }) {
  const { targets } = shown;
  const [withResult, withSlips] = [targets.some(({ outcome }) => outcome), targets.some(({ slip }) => slip)];
  return (
    <DenseTable
      name="対象利用者"
      count={`${targets.length}名`}
      columns={["ログインID", "利用者名", "利用者区分", "現在の状態", "会社で手続きできる方", ...(withResult ? ["結果"] : []), ...(withSlips ? ["交付票"] : [])]}
    >
      {targets.map((target) => (
        <DenseRow key={target.userId} className="align-top">
          <DenseRowHeader className="digits">
            {target.deleted ? target.loginId : <a href={`/staff/users/${target.userId}`}>{target.loginId}</a>}
          </DenseRowHeader>
          <DenseCell>{target.name}</DenseCell>
          <DenseCell className="whitespace-nowrap">{userClassNames[target.userClass]}</DenseCell>
          <DenseCell className="min-w-80">
            <States target={target} marked={open(shown)} />
          </DenseCell>
          <DenseCell className="min-w-32">{target.couldHelp.join("、") || "いません"}</DenseCell>
          {withResult && <DenseCell>{target.outcome && <Status kind={target.outcome.done ? "good" : "stopped"} words={target.outcome.words} />}</DenseCell>}
          {withSlips && <DenseCell>{slipWords(target)}</DenseCell>}
        </DenseRow>
      ))}
    </DenseTable>
  );
}

function slipWords({ slip, slipShownAt }: CaseTarget): string {
  if (slip === "waiting") return "未表示";
  return slip === "shown" ? `${slipShownAt ? dateAndTime(new Date(slipShownAt)) : ""} 表示済` : "";
}

/** Every state now; what differs from the entry says both. `marked` until the case is decided: afterwards the difference is what was asked for. */
function States({ target: { states, deleted, changed }, marked }: { target: CaseTarget; marked: boolean }) {
  const mark = marked && (
    <strong className="whitespace-nowrap">
      <span aria-hidden="true">▲ </span>変更あり{" "}
    </strong>
  );
  if (deleted) return <>{mark}受付の後に削除されました。</>;
  if (states.length === 0) return <>―</>; // registered by the case itself
  const differs = states.some(({ then, now }) => then !== now);
  return (
    <ul>
      {states.map(({ question, then, now }) => (
        <li key={question}>
          {then !== now && mark}
          {question}：{then === now ? now : <strong>{`受付時：${then} → 現在：${now}`}</strong>}
        </li>
      ))}
      {changed && !differs && <li>{mark}受付の後に、状態の変更がありました。</li>}
    </ul>
  );
}

type DecisionProps = { path: string; shown: Shown; refusedAt: (act: Act) => (refusal: RefusalAnswer) => void };

/** Each act is a form of its own: what is typed for one is never sent with another. */
function Decision({ path, shown: { acts, kind, seen, newContract }, refusedAt }: DecisionProps) {
  return (
    <section aria-labelledby="decision" className="flex max-w-[48rem] flex-col gap-6 rounded-8 bg-solid-gray-50 p-4 sm:p-6 print:hidden">
      <h2 id="decision" className="text-base">
        手続き
      </h2>
      {acts.includes("approve") && (
        <div>
          <PostForm action={`${path}/approve`} onRefusal={refusedAt("approve")} className="flex flex-col gap-3">
            <input type="hidden" name="seen" value={seen} />
            <p>{newContract ? "契約とマスターユーザを登録し、仮パスワードを発行します。" : caseKindWords[kind]}</p>
            <div>
              <Button type="submit" className="sm:min-w-48">
                承認
              </Button>
            </div>
          </PostForm>
        </div>
      )}
      {acts.includes("return") && (
        <div className="border-t border-solid-gray-420 pt-6">
          <PostForm action={`${path}/return`} onRefusal={refusedAt("return")} className="flex flex-col gap-3">
            <TextArea name="decisionReason" label="差戻しの理由" help="受け付けた担当者に表示されます。" required={false} rows={3} className="max-w-[40rem]" />
            <div>
              <Button type="submit" kind="secondary" className="sm:min-w-48">
                差戻し
              </Button>
            </div>
          </PostForm>
        </div>
      )}
      {acts.includes("withdraw") && (
        <div className="border-t border-solid-gray-420 pt-6 first-of-type:border-t-0 first-of-type:pt-0">
          <PostForm action={`${path}/withdraw`} onRefusal={refusedAt("withdraw")} className="flex flex-col gap-3">
            <p>お客様のお申し出などにより、この受付を取りやめます。取下げの後は、元に戻すことはできません。</p>
            <div>
              <Button type="submit" kind="secondary" className="sm:min-w-48">
                取下げ
              </Button>
            </div>
          </PostForm>
        </div>
      )}
    </section>
  );
}
