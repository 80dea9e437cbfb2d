"use client";

import { useCallback, useState } from "react";
import { dateOnly } from "@/lib/platform/japan-time";
import { Button } from "../ui/button";
import { useInstitution } from "../ui/institution";
import { OneTimePasswordNotice } from "../ui/one-time-password-notice";
import { useNow } from "../ui/browser-values";
import { phoneRefusals } from "./refusals";
import { oneTimePassword } from "./one-time-password";
import { isReplaced, lifeOf, type StoredToken } from "./token";
import { BankHost, TimedNumber, TokenOwner } from "./token-parts";

type TokenListProps = { tokens: StoredToken[]; remove: (token: StoredToken) => Promise<void> };

export function TokenList({ tokens, remove }: TokenListProps) {
  return (
    <ul role="list" className="flex flex-col gap-6">
      {tokens.map((token) => (
        <Token key={token.id} token={token} replaced={isReplaced(token, tokens)} remove={() => remove(token)} />
      ))}
    </ul>
  );
}

type TokenProps = { token: StoredToken; replaced: boolean; remove: () => Promise<void> };

function Token({ token, replaced, remove }: TokenProps) {
  const now = useNow();
  const { renewalDays = 30 } = useInstitution()?.policy ?? {};
  const life = lifeOf(token, now, renewalDays);
  return (
    <li
      aria-label={replaced ? `${token.loginId}（以前のトークン）` : token.loginId}
      className="flex flex-col gap-4 rounded-8 border border-solid-gray-420 p-4 sm:p-6"
    >
      <TokenOwner token={token} />
      {replaced && (
        <p className="text-sm leading-175">
          <span aria-hidden="true">◆ </span>
          以前のトークンです。新しいトークンの認証確認が終わったら、この端末から削除してください。
        </p>
      )}
      {now > 0 && (life.state === "expired" ? <Expired token={token} /> : <Password token={token} />)}
      {now > 0 && life.state === "ending" && (
        <p className="rounded-8 border border-yellow-700 p-4 text-sm leading-175">
          <span aria-hidden="true">▲ </span>
          このトークンの有効期限は{dateOnly(new Date(token.expiresAt))}です。
          <span className="whitespace-nowrap">（あと{life.days}日）</span>
          パソコンでログインし、トップページから更新してください。
        </p>
      )}
      <Removal remove={remove} />
    </li>
  );
}

function Password({ token }: { token: StoredToken }) {
  const passwordAt = useCallback((timeStep: number) => oneTimePassword(token, timeStep), [token]);
  return (
    <>
      <TimedNumber name="ワンタイムパスワード" token={token} numberAt={passwordAt} />
      <BankHost token={token} />
      <OneTimePasswordNotice />
    </>
  );
}

function Expired({ token }: { token: StoredToken }) {
  const { what, next, code } = phoneRefusals.expired;
  return (
    <div className="flex flex-col gap-2 rounded-8 border-2 border-red-900 p-4">
      <p className="font-bold">
        <span aria-hidden="true">■ </span>
        {what}
      </p>
      <p className="text-sm leading-175">
        有効期限は{dateOnly(new Date(token.expiresAt))}でした。{next}
      </p>
      <p className="text-sm">
        <span className="text-solid-gray-700">照会番号：</span>
        <span className="digits font-bold">{code}</span>
      </p>
    </div>
  );
}

function Removal({ remove }: { remove: () => Promise<void> }) {
  const [asked, setAsked] = useState<boolean>(); // false once it was taken back
  if (!asked)
    return (
      <button
        type="button"
        onClick={() => setAsked(true)}
        autoFocus={asked === false}
        className="min-h-11 cursor-pointer self-start text-sm text-blue-1000 underline hover:decoration-[3px]"
      >
        この端末から削除する
      </button>
    );
  return (
    <div className="flex flex-col gap-4 border-t border-solid-gray-300 pt-4" role="group" aria-label="トークンの削除">
      <p>
        削除すると、このトークンのワンタイムパスワードを表示できなくなり、元に戻せません。利用中のトークンの場合は、先に貴社のマスターユーザまたは管理者ユーザに「トークンの失効」を依頼してください。
      </p>
      <div className="flex flex-wrap gap-4">
        <Button kind="secondary" className="min-h-14 border-red-900 text-red-900 hover:bg-red-50 hover:text-red-900" onClick={() => void remove()}>
          削除する
        </Button>
        <Button kind="secondary" className="min-h-14" onClick={() => setAsked(false)} autoFocus>
          削除しない
        </Button>
      </div>
    </div>
  );
}
