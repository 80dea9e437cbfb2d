"use client";

import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { Attempts } from "@/app/ui/attempts";
import { useStateRoute } from "@/app/ui/state-route";
import { suspension } from "@/app/ui/user-status";
import { NotRead } from "@/app/ui/waiting";
import type { Attempt } from "@/lib/suspension/attempts";
import { ActForm } from "../act-form";
import { trails } from "../trails";
import { type ListedUser, useTicks, useUserList, UserTable } from "../user-list";

export function Suspensions() {
  const list = useUserList("/management/suspensions/state", "suspended");
  const ticks = useTicks();
  const suspended = ticks.chosen.filter((user) => user.suspended);
  return (
    <PersonalScreen
      title="ワンタイムパスワードの利用停止解除"
      here="/management"
      trail={trails.belowOneTimePassword}
      introduction="停止を解除する利用者を選択し、確認用パスワードを入力して「停止解除」を押してください。利用停止の利用者を先に表示しています。"
      answer={list.answer}
    >
      {(state) => (
        <>
          <UserTable
            list={list}
            state={state}
            ticks={ticks}
            isMeant={(user) => user.suspended && !user.self}
            columns={[{ words: "ワンタイムパスワード認証状態", sort: "suspended", of: suspension }]}
          />
          {suspended.length > 0 && <WhatLedToIt users={suspended} />}
          <ActForm
            action="/management/suspensions/lift"
            button="停止解除"
            ticks={ticks}
            mostUsers={state.mostUsersOfOneAct}
            consequence="停止を解除すると、選択した利用者はワンタイムパスワードでログインできるようになります。解除の前に、ご本人が入力されたものかをご確認ください。"
          />
        </>
      )}
    </PersonalScreen>
  );
}

const mostShown = 10;

function WhatLedToIt({ users }: { users: ListedUser[] }) {
  const shown = users.slice(0, mostShown);
  const { state, refusal, again } = useStateRoute<{ attempts: Record<string, Attempt[]> }>(`/management/suspensions/attempts?users=${shown.map(({ id }) => id).join(",")}`);
  return (
    <section aria-labelledby="what-led-to-it" className="rounded-8 border border-solid-gray-420 p-4 sm:p-6">
      <h2 id="what-led-to-it">選択した利用者の、利用停止までの入力</h2>
      {refusal && (
        <div className="mt-4">
          <NotRead refusal={refusal} again={again} />
        </div>
      )}
      {shown.map((user) => (
        <div key={user.id} className="mt-4 border-t border-solid-gray-300 pt-4">
          <h3>
            {user.name}（<span className="digits">{user.loginId}</span>）
          </h3>
          {state?.attempts[user.id] ? <Attempts attempts={state.attempts[user.id]!} /> : !refusal && <p className="mt-2 text-solid-gray-700">読み込んでいます。</p>}
        </div>
      ))}
      {users.length > mostShown && <p className="mt-4">ほか{users.length - mostShown}名の入力は、利用者詳細でご確認いただけます。</p>}
    </section>
  );
}
