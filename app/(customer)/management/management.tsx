"use client";

import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { Banner } from "@/app/ui/banner";
import { useStateRoute } from "@/app/ui/state-route";
import { Cell, Row, Table } from "@/app/ui/table";
import { type UserClass, userClassNames } from "@/lib/corporation/user-classes";
import type { ViewerAnswer } from "@/lib/platform/answer";
import { dateAndTime } from "@/lib/platform/japan-time";
import { type TokenState, tokenStateNames, tokenStates } from "@/lib/token/state-names";
import { Destinations } from "./destinations";

type ManagementState = ViewerAnswer & {
  counts: { total: number; suspended: number; stopped: number; byTokenState: Record<TokenState, number> };
  expiries: { total: number; first: { id: string; loginId: string; name: string; expiresAt: string }[] };
  renewalDays: number;
  serviceApplies: boolean;
  ableManagers: { name: string; userClass: UserClass }[];
};

export function Management() {
  return (
    <PersonalScreen title="管理" here="/management" answer={useStateRoute<ManagementState>("/management/state")}>
      {(state) => (
        <>
          {state.serviceApplies && <WhoCanLift able={state.ableManagers} />}
          <Destinations
            destinations={[
              { path: "/management/users", words: "利用者管理", about: "利用者の登録、変更、停止、削除と、ログインできない利用者の確認を行います。" },
              { path: "/management/one-time-password", words: "ワンタイムパスワードの管理", about: "利用停止の解除と、トークンの失効を行います。" },
              { path: "/management/history", words: "操作履歴照会", about: "貴社の利用者のログインと操作の記録を表示します。" },
            ]}
          />
          <Glance counts={state.counts} />
          <Expiries expiries={state.expiries} days={state.renewalDays} />
        </>
      )}
    </PersonalScreen>
  );
}

/** R21: how far the company is from needing the counter. */
function WhoCanLift({ able }: { able: ManagementState["ableManagers"] }) {
  if (able.length > 1) return null;
  const [only] = able;
  return only ? (
    <Banner kind="warning" title={`停止解除や失効の操作ができる方は、${only.name}（${userClassNames[only.userClass]}）の1名だけです。`}>
      <p>
        この方が利用停止になると、貴社では解除できなくなり、お取引店舗の窓口で「利用解除」のお手続きが必要です。ほかのマスターユーザまたは管理者ユーザも、トークンを利用できる状態にしておくことをおすすめします。
      </p>
    </Banner>
  ) : (
    <Banner kind="warning" title="停止解除や失効の操作ができる方がいません。">
      <p>利用停止になった利用者がいる場合は、お取引店舗の窓口で「利用解除」のお手続きをお願いいたします。</p>
    </Banner>
  );
}

function Glance({ counts: { total, suspended, stopped, byTokenState } }: Pick<ManagementState, "counts">) {
  const facts = [
    ...tokenStates.map((state) => [tokenStateNames[state], byTokenState[state]] as const),
    ["利用停止", suspended] as const, ["停止中", stopped] as const,
  ];
  return (
    <section aria-labelledby="glance" className="rounded-8 bg-solid-gray-50 p-4 sm:p-6">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h2 id="glance">利用者の状況</h2>
        <p>登録 {total.toLocaleString("ja-JP")}名</p>
      </div>
      <dl className="mt-4 grid grid-cols-2 gap-4 sm:grid-cols-4 lg:grid-cols-7">
        {facts.map(([name, count]) => (
          <div key={name} className="rounded-8 border border-solid-gray-300 bg-white p-4">
            <dt className="text-sm leading-150">{name}</dt>
            <dd className="digits text-xl leading-150 font-bold">
              {count.toLocaleString("ja-JP")}
              <span className="text-base font-normal">名</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Expiries({ expiries: { total, first }, days }: { expiries: ManagementState["expiries"]; days: number }) {
  if (total === 0) return <p>{days}日以内に有効期限を迎えるトークンはありません。</p>;
  return (
    <div>
      <Table name="有効期限が近いトークン" count={`${total}名（${days}日以内）`} columns={[{ words: "ログインID" }, { words: "利用者名" }, { words: "有効期限" }]}>
        {first.map(({ id, loginId, name, expiresAt }) => (
          <Row key={id}>
            <Cell className="digits">
              <a href={`/management/users/${id}`}>{loginId}</a>
            </Cell>
            <Cell>{name}</Cell>
            <Cell className="digits">{dateAndTime(new Date(expiresAt))}</Cell>
          </Row>
        ))}
      </Table>
      {total > first.length && <p className="mt-2">ほか{total - first.length}名です。</p>}
    </div>
  );
}
