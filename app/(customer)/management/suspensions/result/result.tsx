"use client";

import { ResultScreen } from "../../result-screen";
import { trails } from "../../trails";
import { suspension } from "@/app/ui/user-status";

export function SuspensionsResult() {
  return (
    <ResultScreen
      title="ワンタイムパスワードの利用停止解除結果"
      trail={trails.belowSuspensions}
      route="/management/suspensions/result/state"
      backTo={{ path: "/management/suspensions", words: "利用者一覧に戻る" }}
      summary={(done, all) => (done === all ? `${all}名の停止を解除しました。` : `${all}名のうち${done}名の停止を解除しました。`)}
      columns={[{ words: "ワンタイムパスワード認証状態", of: (row) => (row.suspended === undefined ? "―" : suspension({ suspended: row.suspended })) }]}
      next={<p className="mt-2">停止を解除した利用者は、スマートフォンに表示されるワンタイムパスワードで、すぐにログインできます。</p>}
    />
  );
}
