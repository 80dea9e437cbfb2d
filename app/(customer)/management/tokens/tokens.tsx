"use client";

import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { Banner } from "@/app/ui/banner";
import { passkeyStatus, tokenStatus } from "@/app/ui/user-status";
import { after } from "@/lib/token/transitions";
import { ActForm } from "../act-form";
import { NobodyLeft } from "../nobody-left";
import { ReissueBox, useRevocationTimes } from "../reissue-box";
import { trails } from "../trails";
import { useTicks, useUserList, UserTable } from "../user-list";

export function Tokens() {
  const list = useUserList("/management/tokens/state", "revoked");
  const ticks = useTicks();
  const { minutes } = useRevocationTimes();
  return (
    <PersonalScreen
      title="トークンの失効"
      here="/management"
      trail={trails.belowOneTimePassword}
      introduction="トークンを失効させる利用者を選択し、確認用パスワードを入力して「失効」を押してください。登録されているパスキーも、すべて削除されます。"
      answer={list.answer}
    >
      {(state) => (
        <>
          <UserTable
            list={list}
            state={state}
            ticks={ticks}
            isMeant={(user) => (after(user.tokenState, "revoke") !== undefined || user.passkey) && !user.self}
            columns={[{ words: "ワンタイムパスワード状態", sort: "revoked", of: tokenStatus }, { words: "パスキー", of: passkeyStatus }]}
          />
          {ticks.chosen.some(({ self }) => self) && (
            <Banner kind="warning" title="ご自身のトークンが選択されています。">
              <p>失効すると、結果の画面を表示した後、すぐにログアウトします。{minutes}分間はログインできません。</p>
            </Banner>
          )}
          <NobodyLeft ableManagerIds={state.ableManagerIds} chosen={ticks.chosen.map(({ id }) => id)} />
          <ActForm
            action="/management/tokens/revoke"
            button="失効"
            ticks={ticks}
            mostUsers={state.mostUsersOfOneAct}
            consequence={`失効すると、選択した利用者は${minutes}分間ログインできません。利用停止は解除されません。`}
          >
            <ReissueBox />
          </ActForm>
        </>
      )}
    </PersonalScreen>
  );
}
