"use client";

import { Button } from "@/app/ui/button";
import { PostForm } from "@/app/ui/post-form";
import { TextField } from "@/app/ui/text-field";

const forms = {
  login: {
    action: "/password/change/change",
    present: "現在のパスワード",
    next: "新しいパスワード",
    help: "8文字以上。ログインIDや、ほかのサービスのパスワードと同じものは避けてください。",
    autoComplete: { present: "current-password", next: "new-password" },
  },
  confirmation: {
    action: "/settings/confirmation-password/change",
    present: "現在の確認用パスワード",
    next: "新しい確認用パスワード",
    help: "8文字以上。ログインパスワードとは異なるものにしてください。",
    // A password manager would fill in the login password, and keep this one in its place.
    autoComplete: { present: "off", next: "off" },
  },
  staff: {
    action: "/staff/password/change/change",
    present: "現在のパスワード",
    next: "新しいパスワード",
    help: "8文字以上。職員IDや、ほかのシステムのパスワードと同じものは避けてください。",
    autoComplete: { present: "current-password", next: "new-password" },
  },
} as const;

/** The change of one of a user's two passwords, or of a member of staff's one. `loginId` tells a password manager whose login password changes. */
export function PasswordForm({ kind, loginId }: { kind: keyof typeof forms; loginId?: string }) {
  const { action, present, next, help, autoComplete } = forms[kind];
  return (
    <section aria-label="パスワードの入力" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
      <PostForm action={action} className="flex flex-col gap-6">
        {kind !== "confirmation" && loginId && <input type="text" autoComplete="username" defaultValue={loginId} readOnly hidden />}
        <TextField name="currentPassword" label={present} secret showButton autoComplete={autoComplete.present} />
        <TextField name="newPassword" label={next} help={help} secret autoComplete={autoComplete.next} />
        <TextField name="newPasswordAgain" label={`${next}（確認用）`} secret autoComplete={autoComplete.next} />
        <div>
          <Button type="submit" className="sm:min-w-48">
            変更
          </Button>
        </div>
      </PostForm>
    </section>
  );
}
