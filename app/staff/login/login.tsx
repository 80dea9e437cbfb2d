"use client";

import { StaffShell } from "@/app/staff/ui/staff-shell";
import { Banner, type BannerKind } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { PostForm } from "@/app/ui/post-form";
import { useBrowserValue } from "@/app/ui/browser-values";
import { loginSteps, Steps } from "@/app/ui/steps";
import { TextField } from "@/app/ui/text-field";

type Ending = { kind: BannerKind; title: string; next?: string };

const again = "続けて利用する場合は、もう一度ログインしてください。";

/** Why the last session ended. Anyone can write the address, so only these words are ever shown. */
const endings = new Map<string, Ending>([
  ["logout", { kind: "success", title: "ログアウトしました。" }],
  ["idle", { kind: "information", title: "一定時間操作がなかったため、ログアウトしました。", next: again }],
  ["absolute", { kind: "information", title: "ログインから一定時間が過ぎたため、ログアウトしました。", next: again }],
  ["replaced", { kind: "warning", title: "別の環境でログインされたため、ログアウトしました。", next: "お心当たりのない場合は、すぐに本部のシステム担当にご連絡ください。" }],
  ["changed", { kind: "information", title: "登録内容が変わったため、ログアウトしました。", next: "もう一度ログインしてください。" }],
  ["half_login", { kind: "information", title: "ログインの手続きが途中で終了しました。", next: "もう一度ログインしてください。" }],
]);

const readEnded = () => new URLSearchParams(location.search).get("ended");

export function StaffLogin() {
  const ending = endings.get(useBrowserValue(readEnded) ?? "");

  return (
    <StaffShell title="職員ログイン">
      <div className="flex max-w-[40rem] flex-col gap-5">
        <Steps steps={loginSteps} present={1} />
        {ending && (
          <Banner kind={ending.kind} title={ending.title}>
            {ending.next && <p>{ending.next}</p>}
          </Banner>
        )}
        <section aria-label="ログイン情報の入力" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
          <PostForm action="/staff/login/present" className="flex flex-col gap-6">
            <TextField name="staffId" label="職員ID" autoComplete="username" />
            <TextField name="password" label="パスワード" secret showButton autoComplete="current-password" />
            <div>
              <Button type="submit" className="sm:min-w-48">
                ログイン
              </Button>
            </div>
          </PostForm>
        </section>
        <p>ログインできないときは、本部のシステム担当にご連絡ください。</p>
      </div>
    </StaffShell>
  );
}
