"use client";

import { useMemo } from "react";
import { AttemptsLeft } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { Countdown } from "@/app/ui/countdown";
import { useHalfLoginEnd } from "@/app/ui/half-login-end";
import { OneTimePasswordNotice } from "@/app/ui/one-time-password-notice";
import { useOneTimePasswordNumbers } from "@/app/ui/one-time-password-numbers";
import { PasskeyLink } from "@/app/ui/passkey-link";
import { PostForm } from "@/app/ui/post-form";
import { useBrowserValue, useScripted } from "@/app/ui/browser-values";
import { Shell } from "@/app/ui/shell";
import { useStateRoute } from "@/app/ui/state-route";
import { loginSteps, Steps } from "@/app/ui/steps";
import { OneTimePasswordField } from "@/app/ui/text-field";
import { forgetHalfLogin, keepHalfLogin, parseHalfLogin, readHalfLogin, type HalfLogin } from "../half-login";

/** By reload or Back: what was handed over may be old, as another tab may have tried meanwhile. */
const cameBack = () => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined)?.type !== "navigate";

export function OneTimePassword() {
  const kept = useBrowserValue(readHalfLogin);
  const handedOver = useMemo(() => parseHalfLogin(kept), [kept]);
  const scripted = useScripted();
  const { state } = useStateRoute<HalfLogin>("/login/one-time-password/state", { atFirst: scripted && (!handedOver || cameBack()) });
  const halfLogin = state ?? handedOver;
  const { digits, every } = useOneTimePasswordNumbers();
  useHalfLoginEnd(halfLogin?.expiresAt);

  return (
    <Shell title="ワンタイムパスワード認証" steps={<Steps steps={loginSteps} present={2} />}>
      <section aria-label="ワンタイムパスワードの入力" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
        <PostForm
          action="/login/one-time-password/present"
          onOk={forgetHalfLogin}
          onRefusal={({ attemptsLeft }) => keepHalfLogin({ ...halfLogin, attemptsLeft })}
          className="flex flex-col gap-6"
        >
          <AttemptsLeft left={halfLogin?.attemptsLeft} />
          <OneTimePasswordField help={`スマートフォンの「ワンタイムパスワードアプリ」に表示されている${digits}桁の数字を入力してください。${every}に切り替わります。`} />
          <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
            <Button type="submit" className="sm:min-w-48">
              認証確認
            </Button>
            <PasskeyLink registered={halfLogin?.passkey} />
            <a href="/login">ログイン画面に戻る</a>
          </div>
        </PostForm>
        <p className="mt-6 min-h-[1.75em] text-sm leading-175 text-solid-gray-700">
          {halfLogin && (
            <>
              入力できる時間：
              <Countdown until={halfLogin.expiresAt} />
            </>
          )}
        </p>
      </section>
      <OneTimePasswordNotice />
    </Shell>
  );
}
