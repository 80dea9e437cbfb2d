"use client";

import { dateAndTime } from "@/lib/platform/japan-time";
import { ResultScreen } from "../../result-screen";
import { trails } from "../../trails";
import { tokenStatus } from "@/app/ui/user-status";

export function TokensResult() {
  return (
    <ResultScreen
      title="トークンの失効結果"
      trail={trails.belowTokens}
      route="/management/tokens/result/state"
      backTo={{ path: "/management/tokens", words: "利用者一覧に戻る" }}
      summary={(done, all) => (done === all ? `${all}名のトークンを失効させました。` : `${all}名のうち${done}名のトークンを失効させました。`)}
      columns={[
        { words: "ワンタイムパスワード状態", of: ({ tokenState }) => (tokenState ? tokenStatus({ tokenState, reissuableAt: null }) : "―") },
        { words: "再発行可能日時", of: ({ reissuableAt }) => (reissuableAt ? <span className="digits">{dateAndTime(new Date(reissuableAt))}</span> : "―") },
      ]}
      next={
        <p className="mt-2">
          トークンを失効させた利用者は、再発行可能日時までログインできません。その後、パソコンで「トークン発行」を行い、新しいスマートフォンで初期設定をしてください。これまでのスマートフォンのアプリに表示されるワンタイムパスワードは、使えなくなりました。
        </p>
      }
    />
  );
}
