"use client";

import { useState } from "react";
import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { leave } from "@/app/ui/answer";
import { Banner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { Facts } from "@/app/ui/facts";
import { withoutEnter } from "@/app/ui/form-state";
import { Outcome } from "@/app/ui/outcome";
import { PostForm } from "@/app/ui/post-form";
import { useBrowserValue } from "@/app/ui/browser-values";
import { SelectField } from "@/app/ui/select-field";
import { useStateRoute } from "@/app/ui/state-route";
import { TextField } from "@/app/ui/text-field";
import { UserStates, Verdict } from "@/app/ui/user-states";
import type { Act } from "@/lib/corporation/acts";
import { userClassNames } from "@/lib/corporation/user-classes";
import type { UserPage } from "@/lib/corporation/user-page";
import type { ViewerAnswer } from "@/lib/platform/answer";
import { NobodyLeft } from "../../nobody-left";
import { ReissueBox, useRevocationTimes } from "../../reissue-box";
import { trails } from "../../trails";

type UserState = ViewerAnswer & { shown: UserPage };
type Done = { done: Act; temporaryPassword?: string };

const readPath = () => location.pathname;
const readRegistered = () => new URLSearchParams(location.search).get("registered");

export function UserDetail() {
  const path = useBrowserValue(readPath);
  return path === null ? null : <OneUser key={path} path={path} />;
}

function OneUser({ path }: { path: string }) {
  const answer = useStateRoute<UserState>(`${path}/state`);
  const [done, setDone] = useState<Done>();
  const registered = useBrowserValue(readRegistered) !== null;
  const acted = (answered: { go: string } & Done) => {
    setDone(answered);
    answer.again();
  };
  return (
    <PersonalScreen title="利用者詳細" here="/management" trail={trails.belowUsers} answer={answer}>
      {({ shown }) => (
        <>
          {done ? <Outcome of={done}><WhatWasDone done={done} name={shown.name} /></Outcome> : registered && <Registered permitted={shown.states.some(({ question, state }) => question === "発行許可" && state === "あり")} />}
          <Facts
            facts={[
              ["ログインID", <span key="id" className="digits">{shown.loginId}</span>],
              ["利用者名", <>{shown.name}{shown.self && "（ご自身）"}</>],
              ["利用者区分", userClassNames[shown.userClass]],
              ["メールアドレス", shown.mailAddress],
            ]}
          />
          <Verdict verdict={shown.verdict} />
          <UserStates shown={shown} />
          {shown.acts.length > 0 ? <Acts path={path} shown={shown} acted={acted} /> : <p>この利用者に対して、いま行える操作はありません。</p>}
        </>
      )}
    </PersonalScreen>
  );
}

function Registered({ permitted }: { permitted: boolean }) {
  return (
    <Banner kind="success" title="利用者を登録しました。">
      <p>ログインIDと仮パスワードを、ご本人に直接お渡しください。仮パスワードは、初めてのログインのときに変更します。</p>
      {!permitted && <p>ワンタイムパスワードを利用するには「発行許可」が必要です。ご本人の準備ができたら、この画面で「発行許可」を押してください。</p>}
    </Banner>
  );
}

const doneWords: Partial<Record<Act, string>> = {
  open_permission: "トークンの発行を許可しました。", stop: "利用者を停止しました。", release_stop: "利用者の停止を解除しました。",
  issue_login_password: "仮ログインパスワードを発行しました。", issue_confirmation_password: "仮確認用パスワードを発行しました。",
  suspend_login_password: "ログインパスワードを利用停止にしました。", lift_login_password: "ログインパスワードの利用停止を解除しました。",
  lift_confirmation_password: "確認用パスワードの利用停止を解除しました。", change: "登録内容を変更しました。",
};

function WhatWasDone({ done: { done, temporaryPassword }, name }: { done: Done; name: string }) {
  return (
    <Banner kind="success" title={doneWords[done] ?? "操作を行いました。"} urgent>
      {temporaryPassword && (
        <>
          <p className="mt-2">
            {name} 様の仮パスワード：
            <span data-temporary-password className="digits text-xl font-bold whitespace-nowrap">
              {temporaryPassword}
            </span>
          </p>
          <p>この画面を離れると、もう表示できません。ご本人に直接お渡しください。次回のログインのときに変更が必要です。</p>
        </>
      )}
    </Banner>
  );
}

type ActButton = { act: Act; button: string; action: string; about: string };

/** What each act means, in the sentence beside its button. */
const buttons = (path: string, { minutes, days }: { minutes: number; days: number }): ActButton[] => [
  { act: "lift_suspension", button: "停止解除", action: "/management/suspensions/lift", about: "ワンタイムパスワードの利用停止を解除します。解除の前に、ご本人が入力されたものかをご確認ください。" },
  { act: "open_permission", button: "発行許可", action: `${path}/act`, about: `${days}日間、この利用者がトークンを発行できるようにします。` },
  { act: "lift_confirmation_password", button: "確認用パスワードの利用停止を解除", action: `${path}/act`, about: "確認用パスワードはそのままで、利用停止を解除します。" },
  { act: "lift_login_password", button: "ログインパスワードの利用停止を解除", action: `${path}/act`, about: "ログインパスワードはそのままで、利用停止を解除します。" },
  { act: "release_stop", button: "停止を解除", action: `${path}/act`, about: "停止中の利用者を、ログインできるようにします。" },
  { act: "issue_login_password", button: "仮パスワードを発行", action: `${path}/act`, about: "新しい仮ログインパスワードを一度だけ表示します。これまでのログインパスワードは使えなくなり、ログイン中の場合はログアウトします。" },
  { act: "issue_confirmation_password", button: "仮確認用パスワードを発行", action: `${path}/act`, about: "新しい仮確認用パスワードを一度だけ表示します。これまでの確認用パスワードは使えなくなり、ログイン中の場合はログアウトします。" },
  { act: "stop", button: "停止", action: `${path}/act`, about: "この利用者をログインできないようにします。ログイン中の場合はログアウトします。" },
  { act: "suspend_login_password", button: "ログインパスワードを利用停止", action: `${path}/act`, about: "ログインパスワードが第三者に知られたおそれがあるときに、使えないようにします。" },
  { act: "revoke_token", button: "失効", action: "/management/tokens/revoke", about: `トークンを失効させ、登録されているパスキーをすべて削除します。失効後${minutes}分間はログインできません。` },
  { act: "delete", button: "削除", action: `${path}/act`, about: "この利用者を削除します。元に戻すことはできません。操作の履歴は残ります。" },
];

const losing: Act[] = ["revoke_token", "stop", "delete", "change_user_class"];

function Acts({ path, shown, acted }: { path: string; shown: UserPage; acted: (answer: { go: string } & Done) => void }) {
  const mayChange = shown.acts.includes("change");
  const offered = buttons(path, useRevocationTimes()).filter(({ act }) => shown.acts.includes(act));
  return (
    <section aria-labelledby="acts" className="max-w-[48rem] rounded-8 bg-solid-gray-50 p-4 sm:p-8 print:hidden">
      <h2 id="acts">操作</h2>
      <p className="mt-2">確認用パスワードを入力して、行う操作のボタンを押してください。</p>
      {shown.leavesNobody && losing.some((act) => shown.acts.includes(act)) && (
        <div className="mt-4">
          <NobodyLeft ableManagerIds={[shown.id]} chosen={[shown.id]} />
        </div>
      )}
      <PostForm<Done>
        action={`${path}/act`}
        onStay={(answer) => {
          if (answer.go === path) acted(answer);
          else leave(answer.go);
        }}
        className="mt-6"
      >
        <div className="flex flex-col gap-6" onKeyDown={withoutEnter}>
          <input type="hidden" id="users" name="users" value={shown.id} />
          <TextField name="confirmationPassword" label="確認用パスワード" secret showButton autoComplete="off" className="max-w-[32rem]" />
          <ul className="flex flex-col">
            {offered.map(({ act, button, action, about }) => (
              <li key={act} className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t border-solid-gray-420 py-4">
                <div className="min-w-0 grow basis-80">
                  <p>{act === "revoke_token" && shown.self ? `${about}ご自身のトークンを失効させると、結果の表示の後にログアウトします。` : about}</p>
                  {act === "revoke_token" && <ReissueBox />}
                </div>
                <Button type="submit" name="act" value={act} formAction={action} kind="secondary" className="sm:min-w-48">
                  {button}
                </Button>
              </li>
            ))}
          </ul>
          {mayChange && <ChangeFields key={`${shown.name} ${shown.userClass} ${shown.mailAddress}`} path={path} shown={shown} />}
        </div>
      </PostForm>
    </section>
  );
}

function ChangeFields({ path, shown }: { path: string; shown: UserPage }) {
  const classes = shown.acts.includes("change_user_class") ? shown.assignable : [shown.userClass];
  return (
    <fieldset className="flex flex-col gap-6 border-t border-solid-gray-420 pt-4">
      <legend className="float-left w-full text-lg font-bold">登録内容</legend>
      <TextField name="name" label="利用者名" defaultValue={shown.name} autoComplete="off" />
      <SelectField name="userClass" label="利用者区分" defaultValue={shown.userClass} options={classes.map((value) => ({ value, words: userClassNames[value] }))} />
      <TextField name="mailAddress" label="メールアドレス" defaultValue={shown.mailAddress} autoComplete="off" inputMode="email" />
      <p>利用者区分を変更すると、ログイン中の場合はログアウトします。メールアドレスを変更すると、変更前と変更後の両方にお知らせします。</p>
      <div>
        <Button type="submit" formAction={`${path}/change`} kind="secondary" className="sm:min-w-48">
          変更
        </Button>
      </div>
    </fieldset>
  );
}
