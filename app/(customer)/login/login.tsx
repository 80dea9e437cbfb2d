"use client";

import { Banner, type BannerKind } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { HelpDesk } from "@/app/ui/help-desk";
import { PostForm } from "@/app/ui/post-form";
import { presentPasskey, useNoPasskeysHere } from "@/app/ui/passkey";
import { useBrowserValue } from "@/app/ui/browser-values";
import { Shell } from "@/app/ui/shell";
import { loginSteps, Steps } from "@/app/ui/steps";
import { TextField } from "@/app/ui/text-field";
import { forgetHalfLogin, keepHalfLogin, type HalfLogin } from "./half-login";

type Ending = { kind: BannerKind; title: string; next?: string };

const askIfUnknown = "お心当たりのない場合は、すぐにヘルプデスクまでご連絡ください。";

/** Why the last session ended. Anyone can write the address, so only these words are ever shown. */
const endings = new Map<string, Ending>([
  ["logout", { kind: "success", title: "ログアウトしました。" }],
  ["idle", { kind: "information", title: "一定時間操作がなかったため、ログアウトしました。", next: "続けてご利用になる場合は、もう一度ログインしてください。" }],
  ["absolute", { kind: "information", title: "ログインから一定時間が過ぎたため、ログアウトしました。", next: "続けてご利用になる場合は、もう一度ログインしてください。" }],
  ["replaced", { kind: "warning", title: "別の環境でログインされたため、ログアウトしました。", next: askIfUnknown }],
  ["suspended", { kind: "warning", title: "ワンタイムパスワードが利用停止になったため、ログアウトしました。", next: "貴社の、ご本人以外のマスターユーザまたは管理者ユーザに、停止解除をご依頼ください。解除できる方がいない場合は、お取引店舗の窓口で「利用解除」のお手続きが必要です。" }],
  ["changed", { kind: "information", title: "利用者またはご契約の状態が変わったため、ログアウトしました。", next: `もう一度ログインしてください。${askIfUnknown}` }],
  ["half_login", { kind: "information", title: "ログインの手続きが途中で終了しました。", next: "もう一度ログインしてください。トークン発行の途中だった場合は、同じ内容から続けられます。" }],
]);

const readEnded = () => new URLSearchParams(location.search).get("ended");

export function Login() {
  const ending = endings.get(useBrowserValue(readEnded) ?? "");

  return (
    <Shell title="ログイン" wide helpDeskBelow={false} steps={<Steps steps={loginSteps} present={1} />}>
      <div className="grid gap-8 lg:grid-cols-[minmax(0,40rem)_minmax(0,1fr)]">
        <div className="flex flex-col gap-6">
          {ending && (
            <Banner kind={ending.kind} title={ending.title}>
              {ending.next && <p>{ending.next}</p>}
            </Banner>
          )}
          <section aria-label="ログイン情報の入力" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
            <PostForm<Partial<HalfLogin>> action="/login/present" onOk={keepHalfLogin} className="flex flex-col gap-6">
              <TextField name="loginId" label="ログインID" autoComplete="username" />
              <TextField
                name="password"
                label="ログインパスワード"
                secret
                showButton
                autoComplete="current-password"
              />
              <div>
                <Button type="submit" className="sm:min-w-48">
                  ログイン
                </Button>
              </div>
            </PostForm>
          </section>
          <ByPasskey />
        </div>
        <div className="flex flex-col gap-6">
          <HelpDesk />
          <section aria-labelledby="safety" className="text-sm leading-175">
            <h2 id="safety" className="text-base">
              安全にご利用いただくために
            </h2>
            <ul className="mt-2 list-disc space-y-2 pl-6">
              <li>お電話やメールでパスワードをお聞きすることはありません。</li>
              <li>お送りするメールに、ログイン画面へのリンクを記載することはありません。</li>
              <li>ご利用の後は、必ず「ログアウト」を押してください。</li>
            </ul>
          </section>
        </div>
      </div>
    </Shell>
  );
}

/** For contracts that have asked for it; the page knows nobody yet, so that it is there for everyone whose browser can. */
function ByPasskey() {
  if (useNoPasskeysHere()) return null;
  return (
    <section aria-label="パスキーによるログイン" className="rounded-8 border border-solid-gray-420 p-4 noscript:hidden sm:p-8">
      <PostForm action="/login/passkey-alone/present" send={() => presentPasskey("/login/passkey-alone")} onOk={forgetHalfLogin} className="flex flex-col gap-4">
        <p>ログインIDとログインパスワードの代わりに、登録したパスキーでログインできます（お申し込みいただいたご契約の方）。</p>
        <div>
          <Button type="submit" kind="secondary" className="sm:min-w-48">
            パスキーでログイン
          </Button>
        </div>
      </PostForm>
    </section>
  );
}
