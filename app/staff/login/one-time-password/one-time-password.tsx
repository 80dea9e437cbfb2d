"use client";

import { StaffShell } from "@/app/staff/ui/staff-shell";
import { elsewhere } from "@/app/ui/answer";
import { AttemptsLeft, Banner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { Countdown } from "@/app/ui/countdown";
import { useHalfLoginEnd } from "@/app/ui/half-login-end";
import { OneTimePasswordNotice } from "@/app/ui/one-time-password-notice";
import { useOneTimePasswordNumbers } from "@/app/ui/one-time-password-numbers";
import { passkeyRefusals, presentPasskey, usePasskeysHere } from "@/app/ui/passkey";
import { PostForm } from "@/app/ui/post-form";
import { useStateRoute } from "@/app/ui/state-route";
import { loginSteps, Steps } from "@/app/ui/steps";
import { OneTimePasswordField } from "@/app/ui/text-field";
import type { RefusalAnswer } from "@/lib/platform/answer";

type HalfLogin = { expiresAt: string; attemptsLeft?: number; passkey: boolean; oneTimePassword: boolean };

export function StaffOneTimePassword() {
  const { state: halfLogin, again } = useStateRoute<HalfLogin>("/staff/login/one-time-password/state");
  const { digits } = useOneTimePasswordNumbers();

  /** How many are left now, unless the half-login is gone: the form says why, and a look would only lead away from it. */
  const refused = ({ go }: RefusalAnswer) => {
    if (elsewhere(go) === undefined) again();
  };

  useHalfLoginEnd(halfLogin?.expiresAt, "/staff/login");

  return (
    <StaffShell title="職員ログイン">
      <div className="flex max-w-[40rem] flex-col gap-5">
        <Steps steps={loginSteps} present={2} />
        {halfLogin?.passkey && <Passkey only={!halfLogin.oneTimePassword} />}
        {halfLogin?.oneTimePassword !== false && (
          <section aria-label="ワンタイムパスワードの入力" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
            <PostForm action="/staff/login/one-time-password/present" onRefusal={refused} className="flex flex-col gap-6">
              <AttemptsLeft left={halfLogin?.attemptsLeft} />
              <OneTimePasswordField help={`認証アプリに表示されている${digits}桁の数字を入力してください。`} />
              <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
                <Button type="submit" className="sm:min-w-48">
                  認証確認
                </Button>
                <a href="/staff/login">職員ログインの画面に戻る</a>
              </div>
            </PostForm>
          </section>
        )}
        <p className="min-h-[1.75em] text-solid-gray-700">
          {halfLogin && (
            <>
              認証できる時間：
              <Countdown until={halfLogin.expiresAt} />
            </>
          )}
        </p>
        {halfLogin?.oneTimePassword !== false && <OneTimePasswordNotice />}
        <p>ログインできないときは、本部のシステム担当にご連絡ください。</p>
      </div>
    </StaffShell>
  );
}

/** `only`: the bank requires the passkey of whoever has one. */
function Passkey({ only }: { only: boolean }) {
  const here = usePasskeysHere();
  if (!here && !only) return null;
  if (!here) {
    return (
      <Banner kind="warning" title={passkeyRefusals.no_passkeys_here.what}>
        <p>パスキーが登録されているため、ワンタイムパスワードではログインできません。パスキーに対応したブラウザをご利用ください。</p>
      </Banner>
    );
  }
  return (
    <section aria-label="パスキーによる認証" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
      <PostForm action="/staff/login/passkey/present" send={() => presentPasskey("/staff/login/passkey")} className="flex flex-col gap-6">
        {only && <p>パスキーが登録されているため、ワンタイムパスワードではログインできません。</p>}
        <p>「パスキーで認証する」を押し、ブラウザの案内に沿って、登録したデバイスの指紋・顔・PINなどで本人確認を行ってください。</p>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
          <Button type="submit" className="sm:min-w-48">
            パスキーで認証する
          </Button>
          {only && <a href="/staff/login">職員ログインの画面に戻る</a>}
        </div>
      </PostForm>
    </section>
  );
}
