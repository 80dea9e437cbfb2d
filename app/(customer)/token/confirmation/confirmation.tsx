"use client";

import { useState, type ReactNode } from "react";
import { IdleDialog } from "@/app/ui/idle-dialog";
import type { SessionAnswer } from "@/lib/platform/answer";
import { dateAndTime } from "@/lib/platform/japan-time";
import { AttemptsLeft } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { Countdown } from "@/app/ui/countdown";
import { GroupedDigits } from "@/app/ui/grouped-digits";
import { HalfLoginNotice } from "@/app/ui/half-login-notice";
import { OneTimePasswordNotice } from "@/app/ui/one-time-password-notice";
import { useOneTimePasswordNumbers } from "@/app/ui/one-time-password-numbers";
import { PasskeyLink } from "@/app/ui/passkey-link";
import { PostForm } from "@/app/ui/post-form";
import { useNow } from "@/app/ui/browser-values";
import { QrCode } from "@/app/ui/qr-code";
import { Shell } from "@/app/ui/shell";
import { useStateRoute } from "@/app/ui/state-route";
import { issuanceSteps, Steps } from "@/app/ui/steps";
import { OneTimePasswordField } from "@/app/ui/text-field";
import { Waiting } from "@/app/ui/waiting";

type Mail = { address: string; state: "waiting" | "sent" | "delayed"; resendsLeft: number; resendableAt: string };

type ConfirmationState = {
  serviceId: string;
  userId: string;
  validUntil: string;
  mail: Mail;
  phoneSetUp: boolean;
  attemptsLeft?: number;
  qr: string;
  passkey: boolean; // may be used instead
  session?: SessionAnswer; // at a renewal
};

const lookEveryMs = 3000;

export function Confirmation() {
  const { state, refusal, again } = useStateRoute<ConfirmationState>("/token/confirmation/state", {
    pollMs: lookEveryMs,
  });

  return (
    <Shell
      title="ワンタイムパスワード認証確認"
      wide
      steps={<Steps steps={issuanceSteps} present={state?.phoneSetUp ? 3 : 2} />}
    >
      {state ? (
        <>
          <Confirming state={state} again={again} />
          {state.session && <IdleDialog session={state.session} />}
        </>
      ) : (
        <Waiting refusal={refusal} again={again}>
          <p className="mb-6">
            サービスID・ユーザIDを表示するには、ブラウザのJavaScriptを有効にしてください。スマートフォンの初期設定が終わっている場合は、このまま認証確認ができます。
          </p>
          <ConfirmationForm />
        </Waiting>
      )}
    </Shell>
  );
}

function Confirming({ state, again }: { state: ConfirmationState; again: () => void }) {
  const { every } = useOneTimePasswordNumbers();
  return (
    <>
      <p>
        この後の操作は、パソコンとスマートフォンの両方で行います。{dateAndTime(new Date(state.validUntil))}{" "}
        までに認証確認を終えてください。途中でこの画面を閉じても、もう一度ログインすると同じ内容から続けられます。
      </p>
      {!state.session && <HalfLoginNotice />}
      <div className="grid gap-4">
        <Step
          name="手順B　メールの送信"
          phone={
            <ol className="list-decimal pl-6">
              <li>届いたメールを、スマートフォンで開きます。</li>
              <li>メールのURLを押し、案内に沿ってアプリの準備をします。</li>
            </ol>
          }
        >
          <MailState mail={state.mail} again={again} />
        </Step>
        <Step
          name="手順C　初期設定"
          phone={
            <ol className="list-decimal pl-6">
              <li>アプリに、この画面のサービスIDとユーザIDを入力します。QRコードを読み取って入力することもできます。</li>
              <li>お決めになった利用開始パスワードを入力します。</li>
              <li>「初期設定」を押します。</li>
            </ol>
          }
        >
          <Ids state={state} />
        </Step>
        <Step
          name="手順D・E　認証確認"
          phone={<p>アプリに表示されたワンタイムパスワードを、この画面に入力します。{every}に切り替わります。</p>}
        >
          <ConfirmationForm attemptsLeft={state.attemptsLeft} />
        </Step>
      </div>
      {state.passkey && (
        <p>
          トークンの発行を後で続ける場合は、<PasskeyLink registered />
          こともできます。
        </p>
      )}
    </>
  );
}

function Step({ name, phone, children }: { name: string; phone: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={name} className="grid overflow-hidden rounded-8 border border-solid-gray-420 lg:grid-cols-[7fr_5fr]">
      <div className="p-4 sm:p-6">
        <h2 className="mb-4 text-lg">{name}</h2>
        {children}
      </div>
      <div className="border-solid-gray-420 bg-solid-gray-50 p-4 max-lg:border-t sm:p-6 lg:border-l">
        <h3 className="mb-4 text-base">スマートフォンの操作</h3>
        {phone}
      </div>
    </section>
  );
}

const mailStates = {
  waiting: { sign: "○", words: "メールを送信しています。" },
  sent: { sign: "●", words: "メールを送信しました。" },
  delayed: { sign: "▲", words: "メールの送信が遅れています。自動で送信を続けています。" },
} as const;

function MailState({ mail, again }: { mail: Mail; again: () => void }) {
  const [resent, setResent] = useState(false);
  const now = useNow();
  const tooSoon = now > 0 && now < Date.parse(mail.resendableAt);
  const { sign, words } = mailStates[mail.state];

  return (
    <>
      <p role="status">
        <span aria-hidden="true">{sign} </span>
        {words}
        {resent && mail.state === "sent" && "前のメールのURLは使えません。新しいメールのURLをお使いください。"}
      </p>
      <p>
        <span className="text-solid-gray-700">送信先：</span>
        {mail.address}
      </p>
      <p className="mt-2 text-sm leading-175 text-solid-gray-700">
        届かない場合は、迷惑メールの設定とメールアドレスをご確認ください。再送できる回数は残り{mail.resendsLeft}回です。
      </p>
      <div className="mt-4 flex flex-wrap items-start gap-4">
        <PostForm
          action="/token/confirmation/resend"
          className="max-sm:w-full"
          onStay={() => {
            setResent(true);
            again();
          }}
        >
          <Button type="submit" kind="secondary" off={tooSoon || mail.resendsLeft === 0}>
            メールを再送する
          </Button>
          {tooSoon && mail.resendsLeft > 0 && (
            <p className="mt-1 text-sm leading-150 text-solid-gray-700">
              再送できるまで：
              <Countdown until={mail.resendableAt} />
            </p>
          )}
        </PostForm>
        <form method="get" action="/token/issuance" className="max-sm:w-full">
          <Button type="submit" kind="secondary">
            メールアドレスを変更する
          </Button>
        </form>
      </div>
    </>
  );
}

function Ids({ state }: { state: ConfirmationState }) {
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-6">
        <div className="grid gap-4">
          <div>
            <label htmlFor="service-id" className="block font-bold">
              サービスID
            </label>
            <output id="service-id" className="text-2xl leading-150">
              <GroupedDigits digits={state.serviceId} />
            </output>
          </div>
          <div>
            <label htmlFor="user-id" className="block font-bold">
              ユーザID
            </label>
            <output id="user-id" className="text-2xl leading-150">
              <GroupedDigits digits={state.userId} />
            </output>
          </div>
        </div>
        <QrCode text={state.qr} name="サービスIDとユーザIDのQRコード" />
      </div>
      <p role="status" className={`mt-4 font-bold ${state.phoneSetUp ? "text-green-900" : "text-solid-gray-700"}`}>
        <span aria-hidden="true">{state.phoneSetUp ? "● " : "○ "}</span>
        {state.phoneSetUp
          ? "スマートフォンの初期設定が終わりました。"
          : "スマートフォンの初期設定を待っています。"}
      </p>
    </>
  );
}

function ConfirmationForm({ attemptsLeft }: { attemptsLeft?: number }) {
  const { digits } = useOneTimePasswordNumbers();
  return (
    <>
      <PostForm action="/token/confirmation/confirm" className="flex flex-col gap-6">
        <AttemptsLeft left={attemptsLeft} />
        <OneTimePasswordField help={`スマートフォンの初期設定が終わると表示される${digits}桁の数字を入力してください。`} />
        <div>
          <Button type="submit" className="sm:min-w-48">
            認証確認
          </Button>
        </div>
      </PostForm>
      <div className="mt-4">
        <OneTimePasswordNotice />
      </div>
    </>
  );
}
