"use client";

import { Banner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { Countdown } from "@/app/ui/countdown";
import { useHalfLoginEnd } from "@/app/ui/half-login-end";
import { passkeyRefusals, presentPasskey, usePasskeysHere } from "@/app/ui/passkey";
import { PostForm } from "@/app/ui/post-form";
import { Shell } from "@/app/ui/shell";
import { useStateRoute } from "@/app/ui/state-route";
import { passkeySteps, Steps } from "@/app/ui/steps";
import { Waiting } from "@/app/ui/waiting";
import { forgetHalfLogin } from "../half-login";

/** `otherwise`: null where the contract requires the passkey. */
type PasskeyState = { expiresAt: string; otherwise: keyof typeof otherWays | null };

/** What else this user's half-login may do. */
const otherWays = {
  one_time_password: { path: "/login/one-time-password", words: "ワンタイムパスワードで認証する" },
  confirmation: { path: "/token/confirmation", words: "トークン発行の続きに進む" },
  issuance: { path: "/token/issuance", words: "トークンを発行する" },
} as const;

export function Passkey() {
  const { state, refusal, again } = useStateRoute<PasskeyState>("/login/passkey/state");
  useHalfLoginEnd(state?.expiresAt);

  return (
    <Shell title="パスキー認証" steps={<Steps steps={passkeySteps} present={2} />}>
      {state ? <Presenting state={state} /> : <Waiting refusal={refusal} again={again} />}
    </Shell>
  );
}

function Presenting({ state: { expiresAt, otherwise } }: { state: PasskeyState }) {
  const here = usePasskeysHere();
  const other = otherwise && otherWays[otherwise];
  const { what, next } = passkeyRefusals.no_passkeys_here;
  return (
    <>
      {here ? (
        <section aria-label="パスキーによる認証" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
          <PostForm action="/login/passkey/present" send={() => presentPasskey("/login/passkey")} onOk={forgetHalfLogin} className="flex flex-col gap-6">
            <p>「パスキーで認証する」を押し、ブラウザの案内に沿って、登録したデバイスの指紋・顔・PINなどで本人確認を行ってください。</p>
            <div>
              <Button type="submit" className="sm:min-w-48">
                パスキーで認証する
              </Button>
            </div>
          </PostForm>
          <p className="mt-6 min-h-[1.75em] text-sm leading-175 text-solid-gray-700">
            認証できる時間：
            <Countdown until={expiresAt} />
          </p>
        </section>
      ) : (
        <Banner kind="warning" title={what}>
          <p>{other ? next : "ご契約の設定により、ログインにはパスキーが必要です。パスキーを登録したデバイスからログインしてください。デバイスをお使いになれない場合は、貴社のほかのマスターユーザ・管理者ユーザ、またはお取引店舗の窓口にご相談ください。"}</p>
        </Banner>
      )}
      <p className="flex flex-wrap gap-x-6 gap-y-2">
        {other && <a href={other.path}>{other.words}</a>}
        <a href="/login">ログイン画面に戻る</a>
      </p>
    </>
  );
}
