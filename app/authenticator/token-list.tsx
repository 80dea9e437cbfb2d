"use client";

import { useEffect, useState } from "react";
import { dateOnly } from "@/lib/platform/japan-time";
import { Button } from "../ui/button";
import { GroupedDigits } from "../ui/grouped-digits";
import { OneTimePasswordNotice } from "../ui/one-time-password-notice";
import { useNow } from "../ui/present";
import { phoneRefusals } from "./refusals";
import { oneTimePassword, secondsLeft, timeStepAt } from "./one-time-password";
import { isReplaced, lifeOf, type StoredToken } from "./token";

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
  const life = lifeOf(token, now);
  return (
    <li
      aria-label={replaced ? `${token.loginId}（以前のトークン）` : token.loginId}
      className="flex flex-col gap-4 rounded-8 border border-solid-gray-420 p-4 sm:p-6"
    >
      <div className="leading-150">
        <p className="text-sm text-solid-gray-700">{token.institution}</p>
        <p className="font-bold">{token.company}</p>
        <p className="text-sm">
          <span className="text-solid-gray-700">ログインID：</span>
          {token.loginId}
        </p>
      </div>
      {replaced && (
        <p className="text-sm leading-175">
          <span aria-hidden="true">◆ </span>
          以前のトークンです。新しいトークンの認証確認が終わったら、この端末から削除してください。
        </p>
      )}
      {now > 0 && (life.state === "expired" ? <Expired token={token} /> : <Password token={token} now={now} />)}
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

function Password({ token, now }: { token: StoredToken; now: number }) {
  const timeStep = timeStepAt(now, token.timeStepSeconds);
  const password = usePassword(token, timeStep);
  const left = secondsLeft(now, token.timeStepSeconds);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <output aria-label="ワンタイムパスワード" aria-live="off" className="text-[3.25rem] leading-none font-bold">
          {password && <GroupedDigits digits={password} by={Math.ceil(token.digits / 2)} />}
        </output>
        <div className="flex items-center gap-2">
          <Ring part={left / token.timeStepSeconds} />
          <span className="digits whitespace-nowrap">あと {left} 秒</span>
          {left <= 10 && <span className="text-sm whitespace-nowrap">まもなく切り替わります</span>}
        </div>
      </div>
      <p className="text-sm leading-175">
        <span className="text-solid-gray-700">ログイン先：</span>
        <strong>{token.host}</strong>
        <span className="block">パソコンのアドレス欄がこれと異なるときは、入力しないでください。</span>
      </p>
      <OneTimePasswordNotice />
    </>
  );
}

/** The next password is computed with the present one, so that the digits change with the countdown and not after it. */
function usePassword(token: StoredToken, timeStep: number): string | undefined {
  const [passwords, setPasswords] = useState<ReadonlyMap<number, string>>(new Map());
  useEffect(() => {
    let wanted = true;
    void Promise.all(
      [timeStep, timeStep + 1].map(async (step) => [step, await oneTimePassword(token, step)] as const),
    ).then((computed) => wanted && setPasswords(new Map(computed)));
    return () => {
      wanted = false;
    };
  }, [token, timeStep]);
  return passwords.get(timeStep);
}

const circumference = 2 * Math.PI * 18;

function Ring({ part }: { part: number }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 44 44" width="44" height="44" fill="none" strokeWidth="5" className="shrink-0">
      <circle cx="22" cy="22" r="18" className="stroke-solid-gray-200" />
      <circle
        cx="22"
        cy="22"
        r="18"
        className="stroke-blue-900"
        strokeDasharray={`${circumference * part} ${circumference}`}
        transform="rotate(-90 22 22)"
      />
    </svg>
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
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <button
        type="button"
        onClick={() => setAsked(true)}
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
