"use client";

import type { RefusalAnswer } from "@/lib/platform/answer";
import { dateAndTime } from "@/lib/platform/japan-time";
import { IdleDialog } from "@/app/ui/idle-dialog";
import { Banner, RefusalBanner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { HalfLoginNotice } from "@/app/ui/half-login-notice";
import { useInstitution } from "@/app/ui/institution";
import { OneTimePasswordNotice } from "@/app/ui/one-time-password-notice";
import { useOneTimePasswordNumbers } from "@/app/ui/one-time-password-numbers";
import { PasskeyLink } from "@/app/ui/passkey-link";
import { PostForm } from "@/app/ui/post-form";
import { Shell } from "@/app/ui/shell";
import { useStateRoute } from "@/app/ui/state-route";
import { issuanceSteps, Steps } from "@/app/ui/steps";
import { OneTimePasswordField, TextField } from "@/app/ui/text-field";
import { Waiting } from "@/app/ui/waiting";

type IssuanceState = {
  mode: "first" | "renewal";
  loginId: string;
  userName: string;
  permission: { closesAt: string } | null;
  refusal?: RefusalAnswer;
  again: boolean;
  passkey?: boolean; // may be used instead
};

export function Issuance() {
  const { state, refusal, again } = useStateRoute<IssuanceState>("/token/issuance/state");

  return (
    <Shell title="ワンタイムパスワードトークン発行" steps={<Steps steps={issuanceSteps} present={1} />}>
      {state ? (
        <Issuing state={state} />
      ) : (
        <Waiting refusal={refusal} again={again}>
          {/* A renewal begins at a notice that needs script; so this is a first issuance. */}
          <IssuanceForm renewal={false} />
        </Waiting>
      )}
    </Shell>
  );
}

function Issuing({ state }: { state: IssuanceState }) {
  const renewal = state.mode === "renewal";
  if (state.refusal) {
    return (
      <>
        <RefusalBanner refusal={state.refusal} />
        <p className="flex flex-wrap gap-x-6 gap-y-2">
          <PasskeyLink registered={state.passkey} />
          <a href={renewal ? "/" : "/login"}>{renewal ? "トップページに戻る" : "ログイン画面に戻る"}</a>
        </p>
      </>
    );
  }
  return (
    <>
      <p>
        {state.userName}様（{state.loginId}）のトークンを{renewal ? "更新" : "発行"}
        します。入力したメールアドレスに、スマートフォンの初期設定へ進むためのメールをお送りします。
      </p>
      {state.again && (
        <Banner kind="warning" title="発行済みのトークンがあります。">
          <p>
            もう一度発行すると、前にお送りしたメールのURLと、前のサービスID・ユーザID・利用開始パスワードの組み合わせは使えなくなります。
          </p>
          <p className="mt-2">
            <a href="/token/confirmation">発行せずに、認証確認の画面へ進む</a>
          </p>
        </Banner>
      )}
      {renewal && (
        <p>
          新しいトークンの認証確認が終わるまで、現在のトークンをそのままお使いいただけます。
        </p>
      )}
      {!renewal && <HalfLoginNotice />}
      <IssuanceForm renewal={renewal} />
      {state.permission && (
        <p className="text-sm leading-175 text-solid-gray-700">
          トークンを発行できる期限：{dateAndTime(new Date(state.permission.closesAt))}
        </p>
      )}
      {state.passkey && (
        <p>
          <PasskeyLink registered />
        </p>
      )}
      {renewal && (
        <>
          <OneTimePasswordNotice />
          <p>
            <a href="/">トップページに戻る</a>
          </p>
          <IdleDialog />
        </>
      )}
    </>
  );
}

function IssuanceForm({ renewal }: { renewal: boolean }) {
  const { digits } = useOneTimePasswordNumbers();
  const validity = useInstitution()?.policy.issuanceValidityHours;
  return (
    <section aria-label="トークン発行の入力" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
      <PostForm action="/token/issuance/issue" className="flex flex-col gap-6">
        <TextField
          name="mailAddress"
          label="携帯電話メールアドレス"
          help={`スマートフォンで受信できるメールアドレスを入力してください。${validity ? `お送りするURLは${validity}時間有効です。` : ""}`}
          inputMode="email"
          autoComplete="email"
        />
        <TextField
          name="mailAddressAgain"
          label="携帯電話メールアドレス（確認用）"
          inputMode="email"
          autoComplete="email"
        />
        <TextField
          name="activationPassword"
          label="利用開始パスワード"
          help="6〜8桁の半角数字を、ご自身でお決めください。スマートフォンの初期設定で入力します。"
          secret
          showButton
          inputMode="numeric"
          autoComplete="new-password"
          className="digits"
        />
        <TextField
          name="activationPasswordAgain"
          label="利用開始パスワード（確認用）"
          secret
          inputMode="numeric"
          autoComplete="new-password"
          className="digits"
        />
        {renewal && <OneTimePasswordField help={`現在のトークンに表示されている${digits}桁の数字を入力してください。`} />}
        <div>
          <Button type="submit" className="sm:min-w-48">
            トークン発行
          </Button>
        </div>
      </PostForm>
    </section>
  );
}
