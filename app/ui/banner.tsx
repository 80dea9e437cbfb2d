"use client";

import { useEffect, useRef, type ReactNode } from "react";
import type { RefusalAnswer } from "@/lib/platform/answer";
import { elsewhere } from "./answer";
import { ButtonLink } from "./button";
import { Countdown } from "./countdown";
import { useForm } from "./form-state";
import { HelpDeskLine, useAtCounter } from "./help-desk";
import { useNow } from "./browser-values";

const kinds = {
  information: { word: "お知らせ", sign: "i", edge: "border-blue-900", chip: "bg-blue-900 text-white" },
  success: { word: "完了", sign: "●", edge: "border-green-800", chip: "bg-green-800 text-white" },
  warning: { word: "ご注意", sign: "▲", edge: "border-yellow-700", chip: "bg-yellow-300 text-black" },
  refusal: { word: "ご確認ください", sign: "■", edge: "border-red-900", chip: "bg-red-900 text-white" },
} as const;

export type BannerKind = keyof typeof kinds;

type BannerProps = { kind: BannerKind; title: string; urgent?: boolean; children?: ReactNode };

/** `urgent` is read out at once: for what answers something the person just did. */
export function Banner({ kind, title, urgent = false, children }: BannerProps) {
  const { word, sign, edge, chip } = kinds[kind];
  return (
    <div role={urgent ? "alert" : undefined} className={`rounded-8 border-2 ${edge} bg-white p-4 sm:px-6`}>
      <p className={`inline-block rounded-4 px-2 text-sm font-bold leading-175 ${chip}`}>
        <span aria-hidden="true">{sign} </span>
        {word}
      </p>
      <p className="mt-2 font-bold">{title}</p>
      {children}
    </div>
  );
}

const asks: Record<RefusalAnswer["ask"], string | null> = {
  manager: "貴社のマスターユーザまたは管理者ユーザ",
  counter: "お取引店舗の窓口",
  helpdesk: null,
  headquarters: null,
};

const destinations: [path: RegExp, words: string][] = [
  [/^\/staff\/login/, "職員ログインの画面へ"],
  [/^\/staff\/password/, "パスワードの変更の画面へ"],
  [/^\/staff\/passkeys/, "パスキーの画面へ"],
  [/^\/staff/, "営業店コンソールのホームへ"],
  [/^\/login\/one-time-password/, "ワンタイムパスワードの入力へ"],
  [/^\/login\/passkey/, "パスキーによる認証へ"],
  [/^\/login/, "ログイン画面へ"],
  [/^\/token\/issuance/, "トークン発行の画面へ"],
  [/^\/token\/confirmation/, "認証確認の画面へ"],
  [/^\/settings\/passkeys/, "パスキーの登録へ"],
  [/^\/password/, "パスワードの変更へ"],
  [/^\//, "トップページへ"],
];

/** What happened, what to do now, whom to ask, the code; a wait with its end and a countdown. */
export function RefusalBanner({ refusal, children }: { refusal: RefusalAnswer; children?: ReactNode }) {
  const { what, next, ask, code, until } = refusal;
  const go = elsewhere(refusal.go);
  const askAlso = useAtCounter() ? null : asks[ask];
  const banner = useRef<HTMLDivElement>(null);
  useEffect(() => {
    banner.current?.scrollIntoView({ block: "nearest" });
  }, [refusal]);

  return (
    <div ref={banner}>
      <Banner kind="refusal" title={what} urgent>
        <p>{next}</p>
        {until && <Wait until={until} />}
        <dl className="mt-2 grid gap-x-4 border-t border-solid-gray-300 pt-2 text-sm leading-175 sm:grid-cols-[max-content_1fr]">
          {askAlso && (
            <>
              <dt className="text-solid-gray-700">ご相談先</dt>
              <dd>{askAlso}</dd>
            </>
          )}
          <dt className="text-solid-gray-700">お問い合わせ先</dt>
          <dd>
            <HelpDeskLine />
          </dd>
          <dt className="text-solid-gray-700">照会番号</dt>
          <dd className="digits font-bold">{code}</dd>
        </dl>
        {(go || children) && (
          <div className="mt-4 flex flex-wrap gap-4">
            {go && <ButtonLink href={go}>{destinations.find(([path]) => path.test(go))?.[1]}</ButtonLink>}
            {children}
          </div>
        )}
      </Banner>
    </div>
  );
}

/** How many wrong ones are left (R8), until a refusal says it anew. */
export function AttemptsLeft({ left }: { left: number | undefined }) {
  const { refused } = useForm();
  if (left === undefined || refused) return null;
  return (
    <Banner kind="warning" title={`あと${left}回正しくない入力があると、利用停止になります。`}>
      <p>スマートフォンに表示されている、いまのワンタイムパスワードをご確認ください。</p>
    </Banner>
  );
}

function Wait({ until }: { until: string }) {
  const now = useNow();
  if (now === 0) return null;
  if (now >= Date.parse(until)) return <p className="mt-2 font-bold">お待ちいただく時間は終わりました。</p>;
  return (
    <p className="mt-2 font-bold">
      お待ちいただく時間：
      <Countdown until={until} />
    </p>
  );
}
