"use client";

import type { RefusalAnswer, ViewerAnswer } from "@/lib/platform/answer";
import { Banner, RefusalBanner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { IdleDialog } from "@/app/ui/idle-dialog";
import { registerPasskey, usePasskeysHere } from "@/app/ui/passkey";
import { PostForm } from "@/app/ui/post-form";
import { Shell } from "@/app/ui/shell";
import { useStateRoute } from "@/app/ui/state-route";
import { TextField } from "@/app/ui/text-field";
import { Waiting } from "@/app/ui/waiting";

type RequiredPasskeyState = ViewerAnswer & { waits: boolean; confirmationRefusal?: RefusalAnswer };

/** Where a contract requires a passkey, and whoever has logged in has none: this, and nothing else. */
export function RequiredPasskey() {
  const { state, refusal, again } = useStateRoute<RequiredPasskeyState>("/settings/passkeys/required/state");
  return (
    <Shell title="パスキーの登録" user={state?.user}>
      {state ? (
        <>
          {state.waits ? <Registration state={state} /> : <Registered />}
          <IdleDialog session={state.session} />
        </>
      ) : (
        <Waiting refusal={refusal} again={again} />
      )}
    </Shell>
  );
}

function Registered() {
  return (
    <Banner kind="information" title="ここで登録するパスキーはありません。">
      <p>
        パスキーの追加と削除は、<a href="/settings">利用者設定</a>で行うことができます。
      </p>
    </Banner>
  );
}

function Registration({ state: { confirmationRefusal } }: { state: RequiredPasskeyState }) {
  const here = usePasskeysHere();
  return (
    <>
      <Banner kind="information" title="ご契約の設定により、パスキーの登録が必要です。">
        <p>パスキーは、デバイスの指紋・顔・PINなどによる本人確認です。登録が済むと、トップページに進みます。次回からは、パスキーでログインします。</p>
      </Banner>
      {confirmationRefusal ? (
        <RefusalBanner refusal={confirmationRefusal} />
      ) : here ? (
        <section aria-label="パスキーの登録" className="rounded-8 bg-solid-gray-50 p-4 sm:p-8">
          <PostForm action="/settings/passkeys/register" send={(form) => registerPasskey(form, "/settings/passkeys")} className="flex flex-col gap-6">
            <TextField name="passkeyName" label="パスキーの名前" help="登録するデバイスが分かる名前を入力してください（例：事務所のパソコン）。" autoComplete="off" />
            <TextField name="confirmationPassword" label="確認用パスワード" secret showButton autoComplete="off" />
            <div>
              <Button type="submit" className="sm:min-w-48">
                パスキーを登録
              </Button>
            </div>
          </PostForm>
        </section>
      ) : (
        <Banner kind="warning" title="お使いのブラウザでは、パスキーを登録できません。">
          <p>いったんログアウトし、パスキーに対応したブラウザまたは別のデバイスでログインしてください。ご用意できない場合は、お取引店舗の窓口にご相談ください。</p>
        </Banner>
      )}
    </>
  );
}
