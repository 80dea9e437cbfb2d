"use client";

import { useState } from "react";
import type { Answer } from "@/lib/platform/answer";
import { now } from "../device-clock";
import { post } from "../ui/answer";
import { Button } from "../ui/button";
import { PostForm } from "../ui/post-form";
import { TextField } from "../ui/text-field";
import { agreeOnKey, type PhoneKeys } from "./key-agreement";
import { linkCode, plain } from "./link-code";
import { QrReader } from "./qr-reader";
import { phoneRefusals } from "./refusals";
import { tokensPerPhone, type SetUpToken, type StoredToken } from "./token";
import { keepToken, phoneKeysFor, storedTokens } from "./vault";

type Extras = { token: SetUpToken };
type SetUpFormProps = { code: string | undefined; done: (token: StoredToken) => Promise<void>; noStorage: () => void };

/** 初期設定: the three channels meet here (R9), and the key is agreed (R11). */
export function SetUpForm({ code, done, noStorage }: SetUpFormProps) {
  const [serviceId, setServiceId] = useState("");
  const [userId, setUserId] = useState("");

  async function setUp(form: FormData): Promise<Answer<Extras>> {
    const typed = {
      serviceId: plain(String(form.get("serviceId"))),
      userId: plain(String(form.get("userId"))),
      activationPassword: plain(String(form.get("activationPassword"))),
      code: code ?? linkCode(String(form.get("code"))),
    };
    const fields = errorsIn(typed);
    if (Object.keys(fields).length > 0) return { ok: false, fields };

    const issuance = `${typed.serviceId}|${typed.userId}`;
    let keys: PhoneKeys;
    try {
      // Another tab may have filled the phone since this form was opened.
      if ((await storedTokens()).length >= tokensPerPhone) return { ok: false, refusal: phoneRefusals.full };
      keys = await phoneKeysFor(issuance, now());
    } catch {
      noStorage();
      return { ok: false, refusal: phoneRefusals.no_storage };
    }

    const body = new FormData();
    for (const [name, value] of Object.entries({ ...typed, publicKey: keys.publicKey })) body.set(name, value ?? "");
    const answer = await post<Extras>("/authenticator/set-up", body);
    if (!answer.ok) return answer;

    try {
      const { publicKey, userId, ...token } = answer.token;
      const key = await agreeOnKey(keys.privateKey, { ...token, publicKey, userId });
      const kept: StoredToken = { ...token, key, setUpAt: now() };
      await keepToken(kept, issuance);
      void navigator.storage?.persist?.().catch(() => false);
      await done(kept);
      return answer;
    } catch {
      return { ok: false, refusal: phoneRefusals.not_agreed };
    }
  }

  return (
    <section className="flex flex-col gap-6">
      <div className="flex flex-col gap-2">
        <h2>初期設定</h2>
        <p>パソコンの「ワンタイムパスワード認証確認」の画面を見ながら、入力してください。</p>
      </div>
      <PostForm<Extras> action="/authenticator/set-up" send={setUp} onStay={() => undefined} className="flex flex-col gap-6">
        <QrReader
          read={(found) => {
            setServiceId(found.serviceId);
            setUserId(found.userId);
            document.getElementById("activationPassword")?.focus();
          }}
        />
        <TextField
          name="serviceId"
          label="サービスID"
          value={serviceId}
          onChange={(event) => setServiceId(event.target.value)}
          inputMode="numeric"
          autoComplete="off"
          className="digits min-h-14 text-lg"
        />
        <TextField
          name="userId"
          label="ユーザID"
          help="パソコンの画面に表示された12桁の数字"
          value={userId}
          onChange={(event) => setUserId(event.target.value)}
          inputMode="numeric"
          autoComplete="off"
          className="digits min-h-14 text-lg"
        />
        <TextField
          name="activationPassword"
          label="利用開始パスワード"
          help="トークン発行の画面で、ご自身で決めた6〜8桁の数字"
          secret
          showButton
          inputMode="numeric"
          autoComplete="off"
          className="digits min-h-14 text-lg"
        />
        {!code && (
          <TextField
            name="code"
            label="受付コード"
            help="メールのURLを開いた画面に表示された8文字（例：ABCD-2345）"
            autoComplete="off"
            className="digits min-h-14 text-lg"
          />
        )}
        <Button type="submit" className="min-h-14 w-full">
          初期設定
        </Button>
      </PostForm>
    </section>
  );
}

function errorsIn(typed: { serviceId: string; userId: string; activationPassword: string; code: string | undefined }) {
  const fields: Record<string, string> = {};
  if (!typed.serviceId) fields.serviceId = "サービスIDを入力してください。";
  if (!/^[0-9]{12}$/.test(typed.userId)) fields.userId = "ユーザIDは、12桁の数字で入力してください。";
  if (!/^[0-9]{6,8}$/.test(typed.activationPassword))
    fields.activationPassword = "利用開始パスワードは、6〜8桁の数字で入力してください。";
  if (!typed.code) fields.code = "受付コードは、8文字の英数字で入力してください。";
  return fields;
}
