"use client";

import { type ReactNode, useId, useState } from "react";
import { userClassNames } from "@/lib/corporation/user-classes";
import { dateAndTime } from "@/lib/platform/japan-time";
import { tokenStateNames } from "@/lib/token/state-names";
import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { Banner, RefusalBanner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { PostForm } from "@/app/ui/post-form";
import { useBrowserValue } from "@/app/ui/present";
import { Status, type StatusKind } from "@/app/ui/status";
import { TextField } from "@/app/ui/text-field";
import { type SettingsState, useSettingsState } from "./settings-state";

export function Settings() {
  const answer = useSettingsState();
  const passwordChanged = useBrowserValue(() => new URLSearchParams(location.search).get("changed")) === "confirmation_password";
  const [addressChanged, setAddressChanged] = useState(false);
  const changed = () => {
    setAddressChanged(true);
    answer.again();
  };

  return (
    <PersonalScreen title="利用者設定" here="/settings" answer={answer}>
      {(state) => (
        <>
          {passwordChanged && <Banner kind="success" title="確認用パスワードを変更しました。" urgent />}
          <Section title="利用者情報">
            <Facts>
              <Fact label="会社名">{state.company}</Fact>
              <Fact label="ログインID">{state.user.loginId}</Fact>
              <Fact label="利用者名">{state.user.name}</Fact>
              <Fact label="利用者区分">{userClassNames[state.user.userClass]}</Fact>
              <Fact label="登録メールアドレス">{state.mailAddress}</Fact>
            </Facts>
          </Section>
          <Passwords state={state} />
          <Section title="メールアドレスの変更">
            {addressChanged && (
              <Banner kind="success" title={`メールアドレスを ${state.mailAddress} に変更しました。`} urgent>
                <p>変更前と変更後のメールアドレスの両方に、変更のお知らせをお送りします。</p>
              </Banner>
            )}
            {state.confirmationSuspended ? (
              <p>確認用パスワードが利用停止のため、メールアドレスは変更できません。</p>
            ) : (
              // Another address is another form: what was typed goes with the old one.
              <AddressForm key={state.mailAddress} changed={changed} />
            )}
          </Section>
          <Token token={state.token} />
          <Session state={state} />
        </>
      )}
    </PersonalScreen>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

const Facts = ({ children }: { children: ReactNode }) => (
  <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-[max-content_1fr]">{children}</dl>
);

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-solid-gray-700">{label}</dt>
      <dd className="min-w-0 wrap-anywhere max-sm:mb-2">{children}</dd>
    </>
  );
}

function AddressForm({ changed }: { changed: () => void }) {
  return (
    <div className="max-w-[40rem] rounded-8 bg-solid-gray-50 p-4 sm:p-8">
      <PostForm action="/settings/mail-address/change" onStay={changed} className="flex flex-col gap-6">
        <TextField
          name="mailAddress"
          label="メールアドレス"
          help="新しいメールアドレスを入力してください。当組合からのお知らせをお送りします。"
          inputMode="email"
          autoComplete="email"
        />
        <TextField name="mailAddressAgain" label="メールアドレス（確認用）" inputMode="email" autoComplete="email" />
        <TextField name="confirmationPassword" label="確認用パスワード" secret showButton autoComplete="off" />
        <div>
          <Button type="submit" className="sm:min-w-48">
            変更
          </Button>
        </div>
      </PostForm>
    </div>
  );
}

function Passwords({ state: { loginStoppedUntil, confirmationSuspended } }: { state: SettingsState }) {
  return (
    <Section title="パスワード">
      <Facts>
        <Fact label="ログインパスワード状態">
          {loginStoppedUntil ? (
            <>
              <Status kind="stopped" words="利用一時停止" />（{dateAndTime(new Date(loginStoppedUntil))} に自動的に解除されます）
            </>
          ) : (
            <Status kind="good" words="利用可能" />
          )}
        </Fact>
        <Fact label="確認用パスワード状態">
          {confirmationSuspended ? (
            <>
              <Status kind="stopped" words="利用停止" />
              {confirmationSuspended.at && `（${dateAndTime(new Date(confirmationSuspended.at))} から）`}
            </>
          ) : (
            <Status kind="good" words="利用可能" />
          )}
        </Fact>
      </Facts>
      {confirmationSuspended && <RefusalBanner refusal={confirmationSuspended.refusal} />}
      <ul className="flex flex-col gap-2">
        <li>
          <a href="/password/change">ログインパスワードを変更する</a>
        </li>
        <li>
          <a href="/settings/confirmation-password">確認用パスワードを変更する</a>
        </li>
      </ul>
    </Section>
  );
}

const tokenSigns: Record<SettingsState["token"]["state"], StatusKind> = {
  unregistered: "none", issued: "waiting", in_use: "good", expired: "stopped", revoked: "waiting",
};

function Token({ token: { state, expiresAt, renewable } }: { token: SettingsState["token"] }) {
  return (
    <Section title="ワンタイムパスワードのトークン">
      <Facts>
        <Fact label="ワンタイムパスワード状態">
          <Status kind={tokenSigns[state]} words={tokenStateNames[state]} />
        </Fact>
        {expiresAt && <Fact label="有効期限">{dateAndTime(new Date(expiresAt))}</Fact>}
      </Facts>
      {renewable && (
        <p>
          <a href="/token/issuance">トークンを更新する</a>
        </p>
      )}
    </Section>
  );
}

function Session({ state: { login, session } }: { state: SettingsState }) {
  return (
    <Section title="ログインの状況">
      <p>お心当たりのない接続元の場合は、すぐにログアウトし、ヘルプデスクまでご連絡ください。</p>
      <Facts>
        <Fact label="ログイン日時">{dateAndTime(new Date(login.at))}</Fact>
        <Fact label="接続元">{login.network || "不明"}</Fact>
        <Fact label="ブラウザ">{login.browser}</Fact>
        <Fact label="操作がない場合のログアウト">{dateAndTime(new Date(session.idleEndsAt))}</Fact>
        <Fact label="ログインの期限">{dateAndTime(new Date(session.endsAt))}</Fact>
      </Facts>
      <p>
        <a href="/management/history">操作履歴照会</a>
      </p>
    </Section>
  );
}
