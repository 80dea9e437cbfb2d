import type { Metadata } from "next";
import { HelpDesk } from "@/app/ui/help-desk";
import { Shell } from "@/app/ui/shell";

export const dynamic = "error";
export const metadata: Metadata = { title: "アクセシビリティへの取り組み" };

/** What is said to be checked is what e2e/accessibility.spec.ts checks. */
export default function Page() {
  return (
    <Shell title="アクセシビリティへの取り組み" helpDeskBelow={false}>
      <p>
        年齢や障がい、ご利用の環境にかかわらず、すべてのお客様に法人インターネットバンキングをご利用いただけるよう、アクセシビリティの向上に取り組んでいます。
      </p>
      <section aria-labelledby="target" className="flex flex-col gap-2">
        <h2 id="target">目標</h2>
        <p>
          日本産業規格 JIS X 8341-3:2016 の適合レベルAA、および Web Content Accessibility Guidelines（WCAG）2.2
          の適合レベルAAの達成基準を満たすことを目標とします。
        </p>
      </section>
      <section aria-labelledby="scope" className="flex flex-col gap-2">
        <h2 id="scope">対象</h2>
        <p>パソコンでご利用いただくログイン、トークン発行、管理、利用者設定の各画面と、スマートフォンのワンタイムパスワードアプリが対象です。</p>
      </section>
      <section aria-labelledby="checked" className="flex flex-col gap-2">
        <h2 id="checked">確認していること</h2>
        <p>画面を変更するたびに、次のことを確認しています。</p>
        <ul className="flex list-disc flex-col gap-2 pl-6">
          <li>検査ツールで、入力前、入力誤り、完了などの状態の画面を検査し、達成基準に反する箇所が見つからないこと。</li>
          <li>キーボードだけでログインからログアウトまで操作でき、現在の操作位置が常に見えること。</li>
          <li>幅390ピクセルから1,920ピクセルまでの画面で、横方向にスクロールせずに読めること（一部の表を除きます）。</li>
          <li>入力誤りを、項目ごとに文章でお知らせすること。</li>
        </ul>
      </section>
      <section aria-labelledby="time" className="flex flex-col gap-2">
        <h2 id="time">時間の制限</h2>
        <p>
          操作がない状態が続くと、安全のためにログアウトします。その前に画面でお知らせし、続けてご利用いただくことができます。入力中にワンタイムパスワードが切り替わった場合は、新しく表示されたものを入力できます。ログインの途中の画面と、ログインの期限では、時間を延長できません。途中の画面は、もう一度ログインすると続けられます。
        </p>
      </section>
      <section aria-labelledby="limits" className="flex flex-col gap-2">
        <h2 id="limits">現在の状況</h2>
        <p>
          JIS X 8341-3:2016 に基づく試験の結果は、まだ公表していません。スクリーンリーダーなどの支援技術を使用した確認は、これから行います。トークン発行のQRコードを読み取れない場合は、同じ内容を文字で表示していますので、入力してご利用いただけます。
        </p>
      </section>
      <section aria-labelledby="feedback" className="flex flex-col gap-2">
        <h2 id="feedback">ご意見・ご要望</h2>
        <p>ご利用になりにくい箇所がございましたら、次のお問い合わせ先までお知らせください。</p>
      </section>
      <HelpDesk />
    </Shell>
  );
}
