"use client";

import { type ReactNode, useId, useState } from "react";
import { userClassNames } from "@/lib/corporation/user-classes";
import { dateAndTime } from "@/lib/platform/japan-time";
import type { Answer } from "@/lib/platform/answer";
import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { post } from "@/app/ui/answer";
import { Banner, RefusalBanner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { Facts } from "@/app/ui/facts";
import { withoutEnter } from "@/app/ui/form-state";
import { Outcome } from "@/app/ui/outcome";
import { registerPasskey, usePasskeysHere } from "@/app/ui/passkey";
import { PostForm } from "@/app/ui/post-form";
import { useBrowserValue } from "@/app/ui/browser-values";
import { Status } from "@/app/ui/status";
import { Cell, Row, Table } from "@/app/ui/table";
import { TextField } from "@/app/ui/text-field";
import { tokenStatus } from "@/app/ui/user-status";
import { type SettingsState, useSettingsState } from "./settings-state";

type Done = "mail_address" | "passkey_registered" | "passkey_removed";

export function Settings() {
  const answer = useSettingsState();
  const passwordChanged = useBrowserValue(() => new URLSearchParams(location.search).get("changed")) === "confirmation_password";
  const [done, setDone] = useState<Done>();
  const changed = (what: Done) => {
    setDone(what);
    answer.again();
  };

  return (
    <PersonalScreen title="利用者設定" here="/settings" answer={answer}>
      {(state) => (
        <>
          {passwordChanged && !done && <Banner kind="success" title="確認用パスワードを変更しました。" urgent />}
          <Section title="利用者情報">
            <Facts
              facts={[
                ["会社名", state.company], ["ログインID", state.user.loginId], ["利用者名", state.user.name],
                ["利用者区分", userClassNames[state.user.userClass]], ["登録メールアドレス", state.mailAddress],
              ]}
            />
          </Section>
          <Passwords state={state} />
          <Token token={state.token} />
          <Changes state={state} done={done} changed={changed} />
          <Session state={state} />
        </>
      )}
    </PersonalScreen>
  );
}

function doneBanner(done: Done, mailAddress: string) {
  switch (done) {
    case "mail_address": return (
      <Banner kind="success" title={`メールアドレスを ${mailAddress} に変更しました。`} urgent>
        <p>変更前と変更後のメールアドレスの両方に、変更のお知らせをお送りします。</p>
      </Banner>
    );
    case "passkey_registered": return (
      <Banner kind="success" title="パスキーを登録しました。" urgent>
        <p>次回のログインから、ワンタイムパスワードの代わりに利用できます。登録のお知らせを、メールでお送りします。</p>
      </Banner>
    );
    case "passkey_removed": return (
      <Banner kind="success" title="パスキーを削除しました。" urgent>
        <p>デバイスに残っているパスキーは、デバイスの設定から削除してください。</p>
      </Banner>
    );
  }
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

type Changed = { done?: Done };

/** What the confirmation password is asked for: one field of it, and a button for each act. */
function Changes({ state, done, changed }: { state: SettingsState; done: Done | undefined; changed: (what: Done) => void }) {
  if (state.confirmationSuspended) {
    return (
      <>
        <Section title="メールアドレスの変更">
          <p>確認用パスワードが利用停止のため、メールアドレスは変更できません。</p>
        </Section>
        <Section title="パスキー">
          <PasskeyTable passkeys={state.passkeys} />
          <p>確認用パスワードが利用停止のため、パスキーの登録と削除はできません。</p>
        </Section>
      </>
    );
  }
  return (
    <Section title="メールアドレスとパスキー">
      {done && <Outcome of={`${done} ${state.passkeys.length} ${state.mailAddress}`}>{doneBanner(done, state.mailAddress)}</Outcome>}
      <div className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
        <p className="mb-6">確認用パスワードを入力して、行う操作のボタンを押してください。</p>
        <PostForm<Changed> action="/settings/mail-address/change" send={send} onStay={({ done = "mail_address" }) => changed(done)}>
          <div className="flex flex-col gap-8" onKeyDown={withoutEnter}>
            <TextField name="confirmationPassword" label="確認用パスワード" secret showButton autoComplete="off" className="max-w-[32rem]" />
            {/* Another address is another form: what was typed goes with the old one. */}
            <AddressFields key={state.mailAddress} />
            <Passkeys state={state} />
          </div>
        </PostForm>
      </div>
    </Section>
  );
}

/** The button says which of them it is. */
function send(form: FormData): Promise<Answer<Changed>> {
  if (form.get("act") === "register_passkey") return registerPasskey(form, "/settings/passkeys");
  return post(form.has("passkey") ? "/settings/passkeys/remove" : "/settings/mail-address/change", form);
}

const fieldsetShape = "min-w-0 flex flex-col gap-6 border-t border-solid-gray-420 pt-4";
const legendShape = "float-left w-full text-lg font-bold";

function AddressFields() {
  return (
    <fieldset className={fieldsetShape}>
      <legend className={legendShape}>メールアドレスの変更</legend>
      <TextField
        name="mailAddress"
        label="メールアドレス"
        help="新しいメールアドレスを入力してください。お知らせをお送りします。"
        inputMode="email"
        autoComplete="email"
        required={false}
        className="max-w-[32rem]"
      />
      <TextField name="mailAddressAgain" label="メールアドレス（確認用）" inputMode="email" autoComplete="email" required={false} className="max-w-[32rem]" />
      <div>
        <Button type="submit" kind="secondary" className="sm:min-w-48">
          変更
        </Button>
      </div>
    </fieldset>
  );
}

function Passkeys({ state: { passkeys, passkeysOffered } }: { state: SettingsState }) {
  const here = usePasskeysHere();
  return (
    <fieldset className={fieldsetShape}>
      <legend className={legendShape}>パスキー</legend>
      <p>
        パスキーを登録すると、ログインの際に、ワンタイムパスワードの代わりにデバイスの指紋・顔・PINなどで本人確認ができます。偽の画面にだまされて入力してしまうおそれがありません。
      </p>
      <PasskeyTable passkeys={passkeys} removable />
      {!passkeysOffered ? (
        <p>パスキーは、ワンタイムパスワードサービスの適用開始日以降に登録できます。</p>
      ) : here ? (
        <>
          {/* One more passkey is another form: its name goes with it. */}
          <TextField
            key={passkeys.length}
            name="passkeyName"
            label="パスキーの名前"
            help="登録するデバイスが分かる名前を入力してください（例：事務所のパソコン）。"
            required={false}
            autoComplete="off"
            className="max-w-[32rem]"
          />
          <div>
            <Button type="submit" name="act" value="register_passkey" kind="secondary" className="sm:min-w-48">
              パスキーを登録
            </Button>
          </div>
        </>
      ) : (
        <p>お使いのブラウザでは、パスキーを登録できません。パスキーに対応したブラウザでログインしてください。</p>
      )}
    </fieldset>
  );
}

function PasskeyTable({ passkeys, removable = false }: { passkeys: SettingsState["passkeys"]; removable?: boolean }) {
  if (passkeys.length === 0) return <p>登録されているパスキーはありません。</p>;
  return (
    <Table name="登録済みのパスキー" count={`${passkeys.length}個`} columns={["名前", "登録日時", "最終利用日時", ...(removable ? ["操作"] : [])].map((words) => ({ words }))}>
      {passkeys.map(({ id, name, registeredAt, lastUsedAt }) => (
        <Row key={id}>
          <Cell className="min-w-40 wrap-anywhere">{name}</Cell>
          <Cell className="digits whitespace-nowrap">{dateAndTime(new Date(registeredAt))}</Cell>
          <Cell className="digits whitespace-nowrap">{lastUsedAt ? dateAndTime(new Date(lastUsedAt)) : "―"}</Cell>
          {removable && (
            <Cell>
              <Button type="submit" name="passkey" value={id} kind="secondary" className="whitespace-nowrap max-sm:w-auto!">
                削除
              </Button>
            </Cell>
          )}
        </Row>
      ))}
    </Table>
  );
}

function Passwords({ state: { loginStoppedUntil, confirmationSuspended } }: { state: SettingsState }) {
  return (
    <Section title="パスワード">
      <Facts
        facts={[
          ["ログインパスワード状態", loginStoppedUntil
            ? <><Status kind="stopped" words="利用一時停止" />（{dateAndTime(new Date(loginStoppedUntil))} に自動的に解除されます）</>
            : <Status key="login" kind="good" words="利用可能" />],
          ["確認用パスワード状態", confirmationSuspended
            ? <><Status kind="stopped" words="利用停止" />{confirmationSuspended.at && `（${dateAndTime(new Date(confirmationSuspended.at))} から）`}</>
            : <Status key="confirmation" kind="good" words="利用可能" />],
        ]}
      />
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

function Token({ token: { state, expiresAt, renewable } }: { token: SettingsState["token"] }) {
  return (
    <Section title="ワンタイムパスワードのトークン">
      <Facts
        facts={[
          ["ワンタイムパスワード状態", tokenStatus({ tokenState: state, reissuableAt: null })],
          ...(expiresAt ? [["有効期限", dateAndTime(new Date(expiresAt))] as const] : []),
        ]}
      />
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
      <Facts
        facts={[
          ["ログイン日時", dateAndTime(new Date(login.at))], ["接続元", login.network || "不明"], ["ブラウザ", login.browser],
          ["操作がない場合のログアウト", dateAndTime(new Date(session.idleEndsAt))], ["ログインの期限", dateAndTime(new Date(session.endsAt))],
        ]}
      />
      <p>
        <a href="/management/history">操作履歴照会</a>
      </p>
    </Section>
  );
}
