"use client";

import { useEffect } from "react";
import { StaffShell } from "@/app/staff/ui/staff-shell";
import { AttemptsLeft } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { Countdown } from "@/app/ui/countdown";
import { OneTimePasswordNotice } from "@/app/ui/one-time-password-notice";
import { PostForm } from "@/app/ui/post-form";
import { useNow } from "@/app/ui/present";
import { useStateRoute } from "@/app/ui/state-route";
import { loginSteps, Steps } from "@/app/ui/steps";
import { OneTimePasswordField } from "@/app/ui/text-field";

type HalfLogin = { expiresAt: string; attemptsLeft?: number };

export function StaffOneTimePassword() {
  const { state: halfLogin, again } = useStateRoute<HalfLogin>("/staff/login/one-time-password/state");

  const now = useNow();
  const over = halfLogin !== undefined && now > 0 && now >= Date.parse(halfLogin.expiresAt);
  useEffect(() => {
    if (over) location.replace("/staff/login?ended=half_login");
  }, [over]);

  return (
    <StaffShell title="職員ログイン">
      <div className="flex max-w-[40rem] flex-col gap-5">
        <Steps steps={loginSteps} present={2} />
        <section aria-label="ワンタイムパスワードの入力" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
          <PostForm action="/staff/login/one-time-password/present" onRefusal={again} className="flex flex-col gap-6">
            <AttemptsLeft left={halfLogin?.attemptsLeft} />
            <OneTimePasswordField help="認証アプリに表示されている6桁の数字を入力してください。" />
            <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
              <Button type="submit" className="sm:min-w-48">
                認証確認
              </Button>
              <a href="/staff/login">職員ログインの画面に戻る</a>
            </div>
          </PostForm>
          <p className="mt-6 min-h-[1.75em] text-solid-gray-700">
            {halfLogin && (
              <>
                入力できる時間：
                <Countdown until={halfLogin.expiresAt} />
              </>
            )}
          </p>
        </section>
        <OneTimePasswordNotice />
        <p>ログインできないときは、本部のシステム担当にご連絡ください。</p>
      </div>
    </StaffShell>
  );
}
