"use client";

import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { readApprovalText } from "@/lib/approval/statement";
import type { ProofAnswer, RefusalAnswer } from "@/lib/platform/answer";
import { Banner, RefusalBanner } from "./banner";
import { Button } from "./button";
import { Facts } from "./facts";
import { useForm } from "./form-state";
import { OneTimePasswordNotice } from "./one-time-password-notice";
import { passkeyRefusals, signApproval, usePasskeysHere } from "./passkey";
import { QrCode } from "./qr-code";
import { TextField } from "./text-field";

/** The form's fields that a proof is sent in. */
export type Given = Partial<Record<"assertion" | "approvalCode" | "approvalNonce" | "proofOneTimePassword", string>>;

type ProofProps = {
  proof: ProofAnswer;
  give: (given: Given) => void;
  takeBack: () => void;
  /** Why the last one was not accepted. */
  children: ReactNode;
};

/** 本人確認, below the form whose act waits for it: what is approved, and each way that this person has. It takes the focus: it is what comes next. */
export function Proof({ proof, give, takeBack, children }: ProofProps) {
  const whole = useRef<HTMLElement>(null);
  const heading = useId();
  const { statement, passkey, code, oneTimePassword } = proof;
  const digits = code !== undefined || oneTimePassword === true;
  const { errors } = useForm();
  useEffect(() => {
    whole.current?.focus();
  }, [proof]);

  return (
    <section ref={whole} tabIndex={-1} role="group" aria-labelledby={heading} className="mt-6 flex max-w-[40rem] flex-col gap-6 rounded-8 border-2 border-blue-900 bg-white p-4 sm:p-8">
      <h2 id={heading}>本人確認</h2>
      <div aria-live="polite" className="flex flex-col gap-6">
        {children}
        <p>
          {statement ? "次の操作を行うには、ご本人の承認が必要です。内容をご確認ください。" : "この操作を行う前に、もう一度ご本人であることを確認します。"}
          {passkey && digits && "次のどちらかの方法で認証してください。"}
        </p>
        {errors.assertion && <p className="text-red-900">＊{errors.assertion}</p>}
      </div>
      {statement && (
        <div role="group" aria-label="承認する内容" className="rounded-8 bg-solid-gray-50 p-4">
          <p className="mb-2 font-bold">{statement.title}</p>
          <Facts facts={statement.facts} />
        </div>
      )}
      {passkey && <ByPasskey options={passkey} give={(assertion) => give({ assertion })} otherwise={digits} />}
      {code && (
        <ByDigits name="approvalCode" label="承認番号" button="承認する" give={(approvalCode) => give({ approvalCode, approvalNonce: readApprovalText(code.qr)!.nonce })} secondary={passkey !== undefined}>
          <p>スマートフォンのワンタイムパスワードアプリで「承認する操作を読み取る」を押し、次のQRコードを読み取って、表示された承認番号を入力してください。アプリに表示された内容が、この画面と同じであることをご確認ください。</p>
          <QrCode text={code.qr} name="承認する内容のQRコード" dense />
        </ByDigits>
      )}
      {oneTimePassword && (
        <ByDigits name="proofOneTimePassword" label="ワンタイムパスワード" button="認証する" give={(proofOneTimePassword) => give({ proofOneTimePassword })} secondary={passkey !== undefined}>
          <p>スマートフォンに表示されている、いまのワンタイムパスワードを入力してください。一度入力したものは使えません。</p>
        </ByDigits>
      )}
      <div>
        <Button kind="secondary" onClick={takeBack} className="sm:min-w-48">
          取り消す
        </Button>
      </div>
    </section>
  );
}

type ByPasskeyProps = { options: NonNullable<ProofAnswer["passkey"]>; give: (assertion: string) => void; otherwise: boolean };

function ByPasskey({ options, give, otherwise }: ByPasskeyProps) {
  const here = usePasskeysHere();
  const { sending } = useForm();
  const [refusal, setRefusal] = useState<RefusalAnswer>();
  const asking = useRef(false); // one dialog at a time

  async function sign() {
    if (asking.current || sending) return;
    asking.current = true;
    setRefusal(undefined);
    const signed = await signApproval(options);
    asking.current = false;
    if (typeof signed === "string") give(signed);
    else setRefusal(signed);
  }

  const { what } = passkeyRefusals.no_passkeys_here;
  if (!here) {
    return (
      <Banner kind="warning" title={what}>
        <p>{otherwise ? "下の方法で認証してください。" : "パスキーに対応したブラウザでログインし、もう一度お手続きください。"}</p>
      </Banner>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {refusal && <RefusalBanner refusal={refusal} />}
      <p>「パスキーで認証する」を押し、ブラウザの案内に沿って、登録したデバイスの指紋・顔・PINなどで本人確認を行ってください。</p>
      <div>
        <Button onClick={() => void sign()} off={sending} className="sm:min-w-48">
          パスキーで認証する
        </Button>
      </div>
    </div>
  );
}

type ByDigitsProps = {
  name: "approvalCode" | "proofOneTimePassword";
  label: string;
  button: string;
  give: (digits: string) => void;
  /** A passkey comes first. */
  secondary: boolean;
  children: ReactNode;
};

function ByDigits({ name, label, button, give, secondary, children }: ByDigitsProps) {
  const { sending, errors } = useForm();
  useEffect(() => {
    if (errors[name]) document.getElementById(name)?.focus();
  }, [errors, name]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem(name) as HTMLInputElement;
    give(field.value.trim() === "" ? " " : field.value); // nothing typed is not "no proof": it is said at the field
    field.value = "";
  }
  return (
    <form onSubmit={submit} noValidate className={`flex flex-col gap-4 ${secondary ? "border-t border-solid-gray-420 pt-6" : ""}`}>
      {children}
      <TextField name={name} label={label} once inputMode="numeric" autoComplete={name === "approvalCode" ? "off" : "one-time-code"} className="digits max-w-64 text-2xl tracking-[0.25em]" />
      <OneTimePasswordNotice of={label} />
      <div>
        <Button type="submit" kind={secondary ? "secondary" : "primary"} off={sending} className="sm:min-w-48">
          {button}
        </Button>
      </div>
    </form>
  );
}
