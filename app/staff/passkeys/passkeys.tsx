"use client";

import { useState } from "react";
import { DenseCell, DenseRow, DenseRowHeader, DenseTable } from "@/app/staff/ui/dense-table";
import { StaffScreen } from "@/app/staff/ui/staff-screen";
import { post } from "@/app/ui/answer";
import { Banner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { withoutEnter } from "@/app/ui/form-state";
import { registerPasskey, usePasskeysHere } from "@/app/ui/passkey";
import { PostForm } from "@/app/ui/post-form";
import { useStateRoute } from "@/app/ui/state-route";
import { TextField } from "@/app/ui/text-field";
import type { Answer } from "@/lib/platform/answer";
import { dateAndTime } from "@/lib/platform/japan-time";
import type { StaffPasskeysAnswer } from "@/lib/staff/answers";

type Done = "registered" | "removed";
type Changed = { done: Done };

/** The button says which of them it is. */
const send = (form: FormData): Promise<Answer<Changed>> =>
  form.get("act") === "register" ? registerPasskey<Changed>(form, "/staff/passkeys") : post<Changed>("/staff/passkeys/remove", form);

export function StaffPasskeys() {
  const answer = useStateRoute<StaffPasskeysAnswer>("/staff/passkeys/state");
  const [done, setDone] = useState<Done>();
  return (
    <StaffScreen title="パスキー" answer={answer}>
      {({ passkeys, missing }) => (
        <div className="flex max-w-[56rem] flex-col gap-5">
          {missing && (
            <Banner kind="warning" title="パスキーが登録されていません。">
              <p>職員のログインと承認には、パスキーが必要です。登録が終わるまで、ほかの操作はできません。</p>
            </Banner>
          )}
          {done === "registered" && (
            <Banner kind="success" title="パスキーを登録しました。" urgent>
              <p>次回のログインから、ワンタイムパスワードの代わりに利用できます。</p>
            </Banner>
          )}
          {done === "removed" && (
            <Banner kind="success" title="パスキーを削除しました。" urgent>
              <p>デバイスに残っているパスキーは、デバイスの設定から削除してください。</p>
            </Banner>
          )}
          <p>パスキーを登録すると、ログインの際に、ワンタイムパスワードの代わりにデバイスの指紋・顔・PINなどで本人確認ができます。偽の画面にだまされて入力してしまうおそれがありません。</p>
          <PostForm<Changed>
            action="/staff/passkeys/remove"
            send={send}
            onStay={(changed) => {
              setDone(changed.done);
              answer.again();
            }}
          >
            <div className="flex flex-col gap-5" onKeyDown={withoutEnter}>
              <TextField
                name="currentPassword"
                label="現在のパスワード"
                help="登録にも削除にも必要です。"
                secret
                showButton
                autoComplete="current-password"
                className="max-w-[32rem]"
              />
              <PasskeyTable passkeys={passkeys} />
              <Registration key={passkeys.length} />
            </div>
          </PostForm>
          <p>デバイスをなくしたときは、すぐに本部のシステム担当にご連絡ください。</p>
        </div>
      )}
    </StaffScreen>
  );
}

function PasskeyTable({ passkeys }: { passkeys: StaffPasskeysAnswer["passkeys"] }) {
  return (
    <DenseTable
      name="登録済みのパスキー"
      count={passkeys.length > 0 ? `${passkeys.length}個` : undefined}
      columns={["名前", "登録日時", "最終利用日時", "操作"]}
      empty={passkeys.length === 0 ? "登録されているパスキーはありません。" : undefined}
    >
      {passkeys.map(({ id, name, registeredAt, lastUsedAt }) => (
        <DenseRow key={id}>
          <DenseRowHeader className="min-w-40 wrap-anywhere">{name}</DenseRowHeader>
          <DenseCell className="digits whitespace-nowrap">{dateAndTime(new Date(registeredAt))}</DenseCell>
          <DenseCell className="digits whitespace-nowrap">{lastUsedAt ? dateAndTime(new Date(lastUsedAt)) : "―"}</DenseCell>
          <DenseCell>
            <Button type="submit" name="passkey" value={id} kind="secondary" className="whitespace-nowrap max-sm:w-auto!">
              削除
            </Button>
          </DenseCell>
        </DenseRow>
      ))}
    </DenseTable>
  );
}

/** One more passkey is another form: its name goes with it. */
function Registration() {
  if (!usePasskeysHere()) return <p>お使いのブラウザでは、パスキーを登録できません。パスキーに対応したブラウザでログインしてください。</p>;
  return (
    <>
      <TextField
        name="passkeyName"
        label="パスキーの名前"
        help="登録するデバイスが分かる名前を入力してください（例：窓口2番のパソコン）。"
        required={false}
        autoComplete="off"
        className="max-w-[32rem]"
      />
      <div>
        <Button type="submit" name="act" value="register" className="sm:min-w-48">
          パスキーを登録
        </Button>
      </div>
    </>
  );
}
