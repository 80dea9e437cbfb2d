"use client";

import { PasswordForm } from "@/app/(customer)/password/change/password-form";
import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { useSettingsState } from "@/app/(customer)/settings/settings-state";
import { RefusalBanner } from "@/app/ui/banner";

export function ConfirmationPassword() {
  const answer = useSettingsState();
  return (
    <PersonalScreen
      title="確認用パスワードの変更"
      here="/settings"
      trail={[{ path: "/settings", words: "利用者設定" }]}
      wide={false}
      answer={answer}
      plain={<PasswordForm kind="confirmation" />}
    >
      {({ confirmationSuspended }) => (
        <>
          {confirmationSuspended ? <RefusalBanner refusal={confirmationSuspended.refusal} /> : <PasswordForm kind="confirmation" />}
          <p>
            <a href="/settings">利用者設定に戻る</a>
          </p>
        </>
      )}
    </PersonalScreen>
  );
}
