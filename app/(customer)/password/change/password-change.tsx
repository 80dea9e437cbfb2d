"use client";

import type { SessionAnswer } from "@/lib/platform/answer";
import { IdleDialog } from "@/app/(customer)/idle-dialog";
import { Banner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { PostForm } from "@/app/ui/post-form";
import { Shell } from "@/app/ui/shell";
import { useStateRoute } from "@/app/ui/state-route";
import { TextField } from "@/app/ui/text-field";
import { Waiting } from "@/app/ui/waiting";

type PasswordChangeState = { loginId: string; temporary: boolean; session: SessionAnswer };

export function PasswordChange() {
  const { state, refusal, again } = useStateRoute<PasswordChangeState>("/password/change/state");

  return (
    <Shell title="パスワードの変更">
      {state ? (
        <>
          {state.temporary && (
            <Banner kind="information" title="仮パスワードでログインしています。">
              <p>ログインパスワードを変更すると、トップページに進みます。</p>
            </Banner>
          )}
          <ChangeForm loginId={state.loginId} />
          {!state.temporary && (
            <>
              <p>
                <a href="/">トップページに戻る</a>
              </p>
              {/* A session that may do nothing but this is not prolonged, only ended. */}
              <IdleDialog session={state.session} />
            </>
          )}
        </>
      ) : (
        <Waiting refusal={refusal} again={again}>
          <ChangeForm />
        </Waiting>
      )}
    </Shell>
  );
}

function ChangeForm({ loginId }: { loginId?: string }) {
  return (
    <section aria-label="パスワードの入力" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
      <PostForm action="/password/change/change" className="flex flex-col gap-6">
        {/* Tells a password manager whose password changes. */}
        {loginId && <input type="text" autoComplete="username" defaultValue={loginId} readOnly hidden />}
        <TextField
          name="currentPassword"
          label="現在のパスワード"
          secret
          showButton
          autoComplete="current-password"
        />
        <TextField
          name="newPassword"
          label="新しいパスワード"
          help="8文字以上。ログインIDや、ほかのサービスのパスワードと同じものは避けてください。"
          secret
          autoComplete="new-password"
        />
        <TextField
          name="newPasswordAgain"
          label="新しいパスワード（確認用）"
          secret
          autoComplete="new-password"
        />
        <div>
          <Button type="submit" className="sm:min-w-48">
            変更
          </Button>
        </div>
      </PostForm>
    </section>
  );
}
