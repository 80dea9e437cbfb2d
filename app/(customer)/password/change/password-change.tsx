"use client";

import type { RefusalAnswer, ViewerAnswer } from "@/lib/platform/answer";
import { IdleDialog } from "@/app/ui/idle-dialog";
import { Banner, RefusalBanner } from "@/app/ui/banner";
import { Shell } from "@/app/ui/shell";
import { useStateRoute } from "@/app/ui/state-route";
import { Waiting } from "@/app/ui/waiting";
import { PasswordForm } from "./password-form";

type PasswordChangeState = ViewerAnswer & {
  level: "full" | "password_change";
  temporary: { login: boolean; confirmation: boolean };
  confirmationRefusal?: RefusalAnswer;
};

export function PasswordChange() {
  const { state, refusal, again } = useStateRoute<PasswordChangeState>("/password/change/state");

  return (
    <Shell title="パスワードの変更" user={state?.user}>
      {state?.level === "password_change" && <TemporaryPasswords state={state} />}
      {state?.level === "full" && (
        <>
          <PasswordForm kind="login" loginId={state.user.loginId} />
          <p>
            <a href="/">トップページに戻る</a>
          </p>
        </>
      )}
      {state && <IdleDialog session={state.session} />}
      {!state && (
        <Waiting refusal={refusal} again={again}>
          <PasswordForm kind="login" />
          <p>
            ログインパスワードの変更が済んでいる場合は、<a href="/settings/confirmation-password">確認用パスワードの変更</a>へお進みください。
          </p>
        </Waiting>
      )}
    </Shell>
  );
}

/** One after the other, the login password first. */
function TemporaryPasswords({ state: { user, temporary, confirmationRefusal } }: { state: PasswordChangeState }) {
  if (temporary.confirmation && !temporary.login) {
    return (
      <>
        <Banner kind="information" title="確認用パスワードが仮パスワードです。">
          <p>確認用パスワードを変更すると、トップページに進みます。</p>
        </Banner>
        {confirmationRefusal ? <RefusalBanner refusal={confirmationRefusal} /> : <PasswordForm kind="confirmation" />}
      </>
    );
  }
  return (
    <>
      <Banner kind="information" title="仮パスワードでログインしています。">
        <p>
          {temporary.confirmation
            ? "ログインパスワードを変更すると、確認用パスワードの変更に進みます。"
            : "ログインパスワードを変更すると、トップページに進みます。"}
        </p>
      </Banner>
      <PasswordForm kind="login" loginId={user.loginId} />
    </>
  );
}
