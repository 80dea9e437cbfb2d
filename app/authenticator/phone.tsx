"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { Banner, RefusalBanner } from "../ui/banner";
import { Button, ButtonLink } from "../ui/button";
import { useScripted } from "../ui/browser-values";
import {
  forgetCodeInLink,
  forgetThatTokensWereHere,
  onceHeldTokens,
  useCodeInLink,
  useInstalled,
  useOnline,
  usePlatform,
  useServerView,
  useServiceWorker,
} from "./browser";
import { phoneRefusals } from "./refusals";
import { Screen, WithoutScript } from "./screen";
import { SetUpForm } from "./set-up-form";
import { tokensPerPhone, type StoredToken } from "./token";
import { TokenList } from "./token-list";
import { onVaultChange, removeToken, storedTokens } from "./vault";

const title = "ワンタイムパスワード";

/** The app: looks whether this browser can hold a token at all, then shows the tokens or sets one up. */
export function Phone() {
  const scripted = useScripted();
  if (!scripted)
    return (
      <Screen title={title}>
        <Looking />
        <WithoutScript />
      </Screen>
    );
  if (!isSecureContext || !("subtle" in crypto))
    return (
      <Screen title={title}>
        <RefusalBanner refusal={phoneRefusals.insecure}>
          <p className="w-full text-sm leading-175">現在のアドレス：{location.origin}</p>
        </RefusalBanner>
      </Screen>
    );
  return <Vault />;
}

/** As tall as what most often takes its place, so that little moves. */
const Looking = () => <p>この端末に保存されているトークンを確認しています。表示されるまで、このままお待ちください。</p>;

function Vault() {
  const [tokens, setTokens] = useState<StoredToken[]>();
  const [closed, setClosed] = useState(false);
  useServiceWorker();

  const look = useCallback(async () => {
    try {
      setTokens(await storedTokens());
    } catch {
      setClosed(true);
    }
  }, []);

  useEffect(() => {
    // Asked in a microtask of its own, like every later change.
    void Promise.resolve().then(look);
    return onVaultChange(() => void look());
  }, [look]);

  if (closed)
    return (
      <Screen title={title}>
        <RefusalBanner refusal={phoneRefusals.no_storage} />
      </Screen>
    );
  if (!tokens)
    return (
      <Screen title={title}>
        <Looking />
      </Screen>
    );
  return <App tokens={tokens} look={look} noStorage={() => setClosed(true)} />;
}

type View = "tokens" | "set_up" | "approval";
type ApprovalModule = typeof import("./approval");

function App({ tokens, look, noStorage }: { tokens: StoredToken[]; look: () => Promise<void>; noStorage: () => void }) {
  const link = useCodeInLink();
  const code = link?.kind === "code" ? link.code : undefined;
  const [chosen, setChosen] = useState<{ view: View; code: string | undefined }>();
  const [said, setSaid] = useState<string>();
  const [approval, setApproval] = useState<ApprovalModule | "not_loaded">();
  const server = useServerView();
  const online = useOnline();
  const screen = useRef<HTMLDivElement>(null);

  // A choice holds until another link is opened.
  const wanted = chosen?.code === code ? chosen?.view : undefined;
  const view = tokens.length === 0 ? "set_up" : (wanted ?? (link?.kind === "absent" ? "tokens" : "set_up"));
  // Whoever comes by a link is setting up anew already.
  const lost = tokens.length === 0 && link?.kind === "absent" && onceHeldTokens();

  function show(view: View, words?: string) {
    setSaid(words);
    setChosen({ view, code });
    scrollTo(0, 0);
    screen.current?.querySelector("h1")?.focus();
  }

  /** Its script is only for those who approve; the service worker keeps it for when there is no network. */
  async function readApproval() {
    try {
      setApproval(await import("./approval"));
      show("approval");
    } catch {
      setApproval("not_loaded");
    }
  }

  async function done(token: StoredToken) {
    await look();
    if (code) forgetCodeInLink();
    setChosen({ view: "tokens", code: undefined });
    setSaid(`${token.loginId} の初期設定が完了しました。`);
    scrollTo(0, 0);
    screen.current?.querySelector("h1")?.focus();
  }

  async function remove(token: StoredToken) {
    await removeToken(token.id);
    // Nothing was lost where the person put it away.
    if (tokens.length === 1) forgetThatTokensWereHere();
    await look();
    show(tokens.length === 1 ? "set_up" : "tokens", `${token.loginId} のトークンをこの端末から削除しました。`);
  }

  const full = tokens.length >= tokensPerPhone;
  return (
    <div ref={screen}>
      <Screen title={view === "approval" ? "操作の承認" : title}>
        {said && (
          <Banner kind="success" title={said} urgent>
            {view === "tokens" && said.endsWith("完了しました。") && (
              <p>パソコンの「ワンタイムパスワード認証確認」の画面に、下の数字を入力してください。</p>
            )}
          </Banner>
        )}
        {server && Math.abs(server.secondsAhead) > 10 && <WrongClock secondsAhead={server.secondsAhead} />}
        {!online && view === "tokens" && (
          <p className="text-sm leading-175 text-solid-gray-700">通信できない場所でも、ワンタイムパスワードを利用できます。</p>
        )}
        {view === "set_up" && (
          <>
            {lost && <RefusalBanner refusal={phoneRefusals.lost} />}
            {link?.kind === "malformed" && <RefusalBanner refusal={phoneRefusals.link_malformed} />}
            {server?.sameBrowser && (
              <Banner kind="warning" title="法人インターネットバンキングにログインしているブラウザです。">
                <p>
                  トークンは、パソコンとは別のスマートフォンに設定してください。同じ端末に設定すると、端末を不正に操作されたときに、不正なログインを防げません。
                </p>
              </Banner>
            )}
            <InstallFirst code={code} />
            {full ? (
              <RefusalBanner refusal={phoneRefusals.full} />
            ) : (
              <SetUpForm key={code} code={code} done={done} noStorage={noStorage} />
            )}
            {tokens.length > 0 && (
              <Button kind="secondary" className="min-h-14" onClick={() => show("tokens")}>
                トークンの表示に戻る
              </Button>
            )}
          </>
        )}
        {view === "tokens" && (
          <>
            <TokenList tokens={tokens} remove={remove} />
            {approval === "not_loaded" && <RefusalBanner refusal={phoneRefusals.not_loaded} />}
            <div className="flex flex-col gap-4 border-t border-solid-gray-300 pt-6">
              <Button className="min-h-14 w-full" onClick={() => void readApproval()}>
                承認する操作を読み取る
              </Button>
              <Button kind="secondary" className="min-h-14 w-full" onClick={() => show("set_up")}>
                トークンを追加する
              </Button>
            </div>
          </>
        )}
        {view === "approval" && typeof approval === "object" && <approval.Approval tokens={tokens} close={() => show("tokens")} />}
      </Screen>
    </div>
  );
}

function WrongClock({ secondsAhead }: { secondsAhead: number }) {
  const seconds = Math.abs(secondsAhead);
  const amount = seconds < 120 ? `${seconds}秒` : seconds < 7200 ? `${Math.round(seconds / 60)}分` : `${Math.round(seconds / 3600)}時間`;
  return (
    <Banner kind="warning" title={`この端末の時計が、約${amount}${secondsAhead > 0 ? "進んで" : "遅れて"}います。`}>
      <p>
        正しいワンタイムパスワードが表示されません。端末の「設定」で、日付と時刻の「自動設定」をオンにしてから、この画面を開き直してください。
      </p>
    </Banner>
  );
}

/** What is set up in Safari itself is not there in the installed app, and is erased after seven days without use. */
function InstallFirst({ code }: { code: string | undefined }) {
  const platform = usePlatform();
  const installed = useInstalled();
  if (platform !== "ios" || installed) return null;
  return (
    <Banner kind="warning" title="先に、ホーム画面に追加してください。">
      <p>
        Safariの共有ボタンから「ホーム画面に追加」を選び、追加したアプリの中で初期設定をしてください。ブラウザで設定したトークンは、7日間使わないと消えることがあります。
      </p>
      {code && (
        <div className="mt-4">
          <ButtonLink kind="secondary" className="min-h-14" href={`/authenticator/start#${code}`}>
            追加の手順を見る
          </ButtonLink>
        </div>
      )}
    </Banner>
  );
}
