"use client";

import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { Button } from "@/app/ui/button";
import { PostForm } from "@/app/ui/post-form";
import { SelectField } from "@/app/ui/select-field";
import { useStateRoute } from "@/app/ui/state-route";
import { TextField } from "@/app/ui/text-field";
import { type UserClass, userClassNames } from "@/lib/corporation/user-classes";
import type { ViewerAnswer } from "@/lib/platform/answer";
import { trails } from "../../trails";
import { fieldHelp } from "../field-help";

type RegistrationState = ViewerAnswer & { assignableClasses: UserClass[] };

export function Registration() {
  const answer = useStateRoute<RegistrationState>("/management/users/new/state");
  return (
    <PersonalScreen title="利用者登録" here="/management" trail={trails.belowUsers} wide={false} answer={answer}>
      {({ assignableClasses }) => <RegistrationForm assignable={assignableClasses} />}
    </PersonalScreen>
  );
}

function RegistrationForm({ assignable }: { assignable: UserClass[] }) {
  return (
    <>
      <section aria-labelledby="what-follows">
        <h2 id="what-follows">登録の後に</h2>
        <ol className="mt-2 list-decimal pl-6">
          <li>ログインIDと2つの仮パスワードを、ご本人に直接お渡しください。メールではお送りしません。</li>
          <li>仮パスワードは、ご本人が初めてログインしたときに変更します。</li>
          <li>トークンの発行には発行許可が必要です。発行許可がない場合は、利用者詳細の画面で「発行許可」を行ってください。</li>
        </ol>
      </section>
      <PostForm action="/management/users/new/register" className="flex flex-col gap-6">
        <TextField name="loginId" label="ログインID" help={fieldHelp.loginId} maxLength={100} autoComplete="off" />
        <TextField name="name" label="利用者名" help={fieldHelp.name} maxLength={200} autoComplete="off" />
        <SelectField
          name="userClass"
          label="利用者区分"
          options={assignable.map((userClass) => ({ value: userClass, words: userClassNames[userClass] }))}
        />
        <TextField name="mailAddress" label="メールアドレス" help={fieldHelp.mailAddress} inputMode="email" autoComplete="off" />
        <TextField
          name="loginPassword"
          label="仮ログインパスワード"
          help="8文字以上。ログインIDや利用者名、会社名をもとにしたものは使えません。"
          secret
          showButton
          autoComplete="new-password"
        />
        <TextField
          name="newConfirmationPassword"
          label="仮確認用パスワード"
          help={fieldHelp.newConfirmationPassword}
          secret
          autoComplete="new-password"
        />
        <TextField
          name="confirmationPassword"
          label="確認用パスワード"
          help="登録を行う、ご自身の確認用パスワードです。"
          secret
          autoComplete="off"
        />
        <div>
          <Button type="submit" className="sm:min-w-48">
            登録
          </Button>
        </div>
      </PostForm>
    </>
  );
}
