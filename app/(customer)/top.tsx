"use client";

import { dateAndTime, dateOnly, startOfDay } from "@/lib/platform/japan-time";
import { Banner } from "@/app/ui/banner";
import { ButtonLink } from "@/app/ui/button";
import { menuOf, Shell } from "@/app/ui/shell";
import { NotRead, Waiting } from "@/app/ui/waiting";
import { IdleDialog } from "@/app/ui/idle-dialog";
import { useTopState, type TopState } from "./top-state";

export function Top() {
  const { state, refusal, again } = useTopState();

  return (
    <Shell title="トップページ" wide user={state?.user} waiting={!state && !refusal} menu={menuOf(state?.isManager ?? false, "/")}>
      {state ? (
        <>
          {refusal && <NotRead refusal={refusal} again={again} />}
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
      {notices.map((notice) => (
        <div key={notice.kind} className="mt-4">
          <NoticeBanner notice={notice} />
        </div>
      ))}
    </section>
  );
}

function NoticeBanner({ notice }: { notice: TopState["notices"][number] }) {
  switch (notice.kind) {
    case "renewal": return (
      <Banner kind="warning" title={`トークンの有効期限は ${dateOnly(new Date(notice.expiresAt))} です。`}>
        <p>期限が過ぎると、ログインできなくなります。スマートフォンをお手元にご用意のうえ、トークンを更新してください。</p>
        <p className="mt-4">
          <ButtonLink href="/token/issuance">トークンを更新する</ButtonLink>
        </p>
      </Banner>
    );
    case "passkey_required": return (
      <Banner kind="warning" title={`${dateOnly(startOfDay(notice.from))}から、ログインにはパスキーが必要です。`}>
        <p>ご契約の設定により、パスキーを登録されていない方は、この日からのログインの際に登録が必要になります。あらかじめ登録してください。</p>
        <p className="mt-4">
          <ButtonLink href="/settings">パスキーを登録する</ButtonLink>
        </p>
      </Banner>
    );
    case "passkey_asked": return (
      <Banner kind="information" title="パスキーの登録をお願いします。">
        <p>マスターユーザ・管理者ユーザの方に、パスキーの登録をお願いしています。パスキーは、偽の画面にだまされて入力してしまうおそれがありません。</p>
        <p className="mt-4">
          <ButtonLink href="/settings">パスキーを登録する</ButtonLink>
        </p>
      </Banner>
    );
    case "passkey_offered": return (
      <p>
        パスキーを登録すると、ワンタイムパスワードを入力せずに、デバイスの指紋・顔・PINなどでログインできます。<a href="/settings">利用者設定</a>から登録できます。
      </p>
    );
  }
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
              <td className="digits px-4 py-2 max-sm:block max-sm:px-0 max-sm:py-0">{network || "不明"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
