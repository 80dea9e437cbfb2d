"use client";

import { dateAndTime, dateOnly } from "@/lib/platform/japan-time";
import { Banner } from "@/app/ui/banner";
import { ButtonLink } from "@/app/ui/button";
import { menuOf, Shell } from "@/app/ui/shell";
import { Waiting } from "@/app/ui/waiting";
import { IdleDialog } from "@/app/ui/idle-dialog";
import { useTopState, type TopState } from "./top-state";

export function Top() {
  const { state, refusal, again } = useTopState();

  return (
    <Shell title="トップページ" wide user={state?.user} menu={menuOf(state?.isManager ?? false, "/")}>
      {state ? (
        <>
          <p className="text-xl leading-150 font-bold">
            <span>{state.company}</span> <span className="text-base font-normal">様</span>
          </p>
          <Notices notices={state.notices} />
          <Logins logins={state.logins} />
          <IdleDialog session={state.session} />
        </>
      ) : (
        <Waiting refusal={refusal} again={again}>
          <p>ログインしています。この画面の内容を表示するには、ブラウザのJavaScriptを有効にしてください。</p>
          <form method="post" action="/logout" className="mt-4">
            <button type="submit" className="min-h-12 rounded-8 border border-blue-900 px-6 font-bold text-blue-900">
              ログアウト
            </button>
          </form>
        </Waiting>
      )}
    </Shell>
  );
}

function Notices({ notices }: { notices: TopState["notices"] }) {
  return (
    <section aria-labelledby="notices" className="rounded-8 bg-solid-gray-50 p-4 sm:p-6">
      <h2 id="notices">お知らせ</h2>
      {notices.length === 0 && <p className="mt-2">現在、お知らせはありません。</p>}
      {notices.map(({ kind, expiresAt }) => (
        <div key={kind} className="mt-4">
          <Banner kind="warning" title={`トークンの有効期限は ${dateOnly(new Date(expiresAt))} です。`}>
            <p>期限が過ぎると、ログインできなくなります。スマートフォンをお手元にご用意のうえ、トークンを更新してください。</p>
            <p className="mt-4">
              <ButtonLink href="/token/issuance">トークンを更新する</ButtonLink>
            </p>
          </Banner>
        </div>
      ))}
    </section>
  );
}

function Logins({ logins }: { logins: TopState["logins"] }) {
  return (
    <section aria-labelledby="logins">
      <h2 id="logins">最近のログイン</h2>
      <p className="text-sm leading-175 text-solid-gray-700">
        お心当たりのないログインがある場合は、すぐにヘルプデスクまでご連絡ください。
      </p>
      <table aria-labelledby="logins" className="mt-2 w-full border-collapse text-left">
        <thead className="max-sm:sr-only">
          <tr className="border-b-2 border-solid-gray-600 bg-solid-gray-50">
            <th scope="col" className="px-4 py-2">
              日時
            </th>
            <th scope="col" className="px-4 py-2">
              ブラウザ
            </th>
            <th scope="col" className="px-4 py-2">
              接続元
            </th>
          </tr>
        </thead>
        <tbody>
          {logins.map(({ at, browser, network }) => (
            <tr key={at} className="border-b border-solid-gray-420 max-sm:block max-sm:py-2">
              <td className="digits px-4 py-2 max-sm:block max-sm:px-0 max-sm:py-0">{dateAndTime(new Date(at))}</td>
              <td className="px-4 py-2 max-sm:block max-sm:px-0 max-sm:py-0">{browser}</td>
              <td className="digits px-4 py-2 max-sm:block max-sm:px-0 max-sm:py-0">{network}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
