"use client";

import { useEffect, useState } from "react";
import { Banner, RefusalBanner } from "../../ui/banner";
import { Button, ButtonLink } from "../../ui/button";
import { GroupedDigits } from "../../ui/grouped-digits";
import { useInstalled, usePlatform, useCodeInLink, useServiceWorker } from "../browser";
import { phoneRefusals } from "../refusals";
import { Screen, WithoutScript } from "../screen";

const title = "初期設定のご案内";

/** The mailed link opens here. The code stays in the fragment, which no server sees (R10). */
export function Guide() {
  const link = useCodeInLink();
  const platform = usePlatform();
  const installed = useInstalled();
  useServiceWorker();

  if (!link || !platform)
    return (
      <Screen title={title}>
        <p>メールのURLを確認しています。</p>
        <WithoutScript />
      </Screen>
    );
  if (!isSecureContext)
    return (
      <Screen title={title}>
        <RefusalBanner refusal={phoneRefusals.insecure} />
      </Screen>
    );
  if (link.kind !== "code")
    return (
      <Screen title={title}>
        <RefusalBanner refusal={link.kind === "absent" ? phoneRefusals.link_absent : phoneRefusals.link_malformed} />
      </Screen>
    );
  return (
    <Screen title={title}>
      <p>スマートフォンでワンタイムパスワードを表示するための設定をします。パソコンの「ワンタイムパスワード認証確認」の画面を、開いたままにしてください。</p>
      {platform === "ios" && !installed ? <OnIos code={link.code} /> : <Elsewhere code={link.code} pc={platform === "other"} />}
    </Screen>
  );
}

const steps = "flex list-decimal flex-col gap-4 pl-6 marker:font-bold";

function OnIos({ code }: { code: string }) {
  return (
    <>
      <section aria-labelledby="procedure" className="flex flex-col gap-4">
        <h2 id="procedure">iPhone・iPadでの手順</h2>
        <ol className={steps}>
          <li>
            Safariの共有ボタン（四角から上向きの矢印）を押し、「ホーム画面に追加」を選びます。
            <span className="block text-sm leading-175 text-solid-gray-700">「ホーム画面に追加」が見つからないときは、このページをSafariで開き直してください。</span>
          </li>
          <li>ホーム画面に追加された「ワンタイム」を開きます。</li>
          <li>パソコンの画面のサービスIDとユーザID、ご自身で決めた利用開始パスワード、下の受付コードを入力し、「初期設定」を押します。</li>
        </ol>
      </section>
      <LinkCode code={code} />
      <details className="text-sm leading-175">
        <summary className="min-h-11 cursor-pointer py-2 text-blue-1000 underline">ホーム画面に追加できないとき</summary>
        <p className="pb-4">
          このままブラウザで設定することもできます。ただし、7日間使わないとトークンが消えることがあり、消えたときはトークンの失効と再発行が必要です。
        </p>
        <ButtonLink kind="secondary" className="min-h-14 text-base" href={`/authenticator#${code}`}>
          ブラウザで初期設定へ進む
        </ButtonLink>
      </details>
    </>
  );
}

function Elsewhere({ code, pc }: { code: string; pc: boolean }) {
  return (
    <>
      {pc && (
        <Banner kind="warning" title="スマートフォンで開いてください。">
          <p>このページは、パソコンとは別のスマートフォンで開いてください。メールをスマートフォンで受信し、メールのURLを開くと続けられます。</p>
        </Banner>
      )}
      <section aria-labelledby="procedure" className="flex flex-col gap-4">
        <h2 id="procedure">手順</h2>
        <ol className={steps}>
          <li>
            アプリとして、ホーム画面に追加します。
            <Install />
          </li>
          <li>「初期設定へ進む」を押し、パソコンの画面のサービスIDとユーザID、ご自身で決めた利用開始パスワードを入力します。</li>
        </ol>
        <ButtonLink kind={pc ? "secondary" : "primary"} className="min-h-14" href={`/authenticator#${code}`}>
          初期設定へ進む
        </ButtonLink>
      </section>
      <LinkCode code={code} />
    </>
  );
}

type InstallPrompt = Event & { prompt: () => Promise<{ outcome: "accepted" | "dismissed" }> };

function Install() {
  const [prompt, setPrompt] = useState<InstallPrompt>();
  const installed = useInstalled();
  useEffect(() => {
    const offered = (event: Event) => {
      event.preventDefault();
      setPrompt(event as InstallPrompt);
    };
    const taken = () => setPrompt(undefined);
    addEventListener("beforeinstallprompt", offered);
    addEventListener("appinstalled", taken);
    return () => {
      removeEventListener("beforeinstallprompt", offered);
      removeEventListener("appinstalled", taken);
    };
  }, []);

  if (installed) return <span className="block text-sm leading-175">追加済みです。</span>;
  if (!prompt)
    return (
      <span className="block text-sm leading-175 text-solid-gray-700">
        ブラウザのメニューから「ホーム画面に追加」または「アプリをインストール」を選びます。
      </span>
    );
  return (
    <span className="mt-2 block">
      <Button kind="secondary" className="min-h-14" onClick={() => void prompt.prompt().finally(() => setPrompt(undefined))}>
        アプリを追加する
      </Button>
    </span>
  );
}

function LinkCode({ code }: { code: string }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      setSaid("コピーしました。");
    } catch {
      setSaid("コピーできませんでした。書き写してください。");
    }
  };
  return (
    <section className="flex flex-col gap-2 rounded-8 bg-solid-gray-50 p-4">
      <h2 className="text-base">
        受付コード
      </h2>
      <p className="text-sm leading-175">ホーム画面から開いたアプリで「受付コード」を求められたときに、入力してください。</p>
      <output aria-label="受付コード" className="text-3xl leading-150 font-bold">
        <GroupedDigits digits={code} />
      </output>
      <div className="flex flex-wrap items-center gap-4">
        <Button kind="secondary" className="min-h-14" onClick={() => void copy()}>
          受付コードをコピー
        </Button>
        <span role="status">{said}</span>
      </div>
    </section>
  );
}
