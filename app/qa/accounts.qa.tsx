"use client";

import { useAnswer } from "./ask.qa";
import { Section, ToolButton } from "./parts.qa";

type Account = {
  loginId: string;
  name: string;
  company: string;
  userClass: string;
  loginPassword: string;
  confirmationPassword: string | null;
  mailAddress: string | null;
  state: string;
  path: string;
};

const signOf = (state: string) =>
  state.includes("利用停止") ? "■" : state.startsWith("サービス利用中") ? "●" : state.startsWith("失効中") ? "◆" : "○";

type AccountsProps = { fill: (path: string, loginId: string, loginPassword: string) => void };

export function Accounts({ fill }: AccountsProps) {
  const { answer: accounts, failed } = useAnswer<Account[]>("/qa/api/accounts");
  const [first] = accounts ?? [];
  return (
    <Section id="accounts" title="デモの利用者">
      {failed && <p className="text-red-900">■ サーバと通信できません。表示は最後に確認した状態です。</p>}
      {first && (
        <dl className="grid gap-x-6 sm:grid-cols-[max-content_1fr]">
          <dt>ログインパスワード（全員）</dt>
          <dd className="font-mono font-bold">{first.loginPassword}</dd>
          <dt>確認用パスワード（全員）</dt>
          <dd className="font-mono font-bold">{first.confirmationPassword}</dd>
        </dl>
      )}
      {accounts ? (
        <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="利用者の表">
          <table className="w-full min-w-[38rem] text-sm">
            <thead className="bg-solid-gray-50 text-left">
              <tr>
                {["ログインID", "利用者", "会社", "いまの状態", "入力"].map((title) => (
                  <th key={title} scope="col" className="px-3 py-2 whitespace-nowrap">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {accounts.map(({ loginId, name, userClass, company, state, loginPassword, path }) => (
                <tr key={loginId} className="border-t border-solid-gray-300">
                  <th scope="row" className="px-3 py-1 text-left">
                    {loginId}
                  </th>
                  <td className="px-3 py-1 whitespace-nowrap">
                    {name}
                    <span className="block text-solid-gray-700">{userClass}</span>
                  </td>
                  <td className="px-3 py-1">{company}</td>
                  <td className="px-3 py-1">
                    <span aria-hidden="true">{signOf(state)} </span>
                    {state}
                  </td>
                  <td className="px-3 py-1">
                    <ToolButton className="whitespace-nowrap" aria-label={`${loginId} をパソコンに入力`} onClick={() => fill(path, loginId, loginPassword)}>
                      入力
                    </ToolButton>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p>確認しています。</p>
      )}
      <p className="text-sm leading-175 text-solid-gray-700">
        「入力」を押すと、パソコンのログイン画面（職員は職員ログイン）のIDとパスワードに入力します。tarou の利用開始パスワードは 20261122 です。
      </p>
    </Section>
  );
}
