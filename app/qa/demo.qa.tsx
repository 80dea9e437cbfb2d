"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useInstitution } from "@/app/ui/institution";
import { Accounts } from "./accounts.qa";
import { ask } from "./ask.qa";
import { lendCamera } from "./camera.qa";
import { Clock } from "./clock.qa";
import { Device, type Place } from "./device.qa";
import { isForPhone, Mailbox } from "./mailbox.qa";
import { ToolButton } from "./parts.qa";
import { preparePhone } from "./phone-vault.qa";
import { Scenarios } from "./scenarios.qa";

const [app, login, transfer] = ["/authenticator", "/login", "/qa/transfer"];

/** A mail names the demo's first server; a frame must stay with the server that this page came from. */
function pathOf(link: string): string {
  const { pathname, search, hash } = new URL(link);
  return pathname + search + hash;
}

/** Everything of the demo on one page: time, states, the PC with the phone beside it, and what was mailed. */
export function Demo() {
  const institution = useInstitution();
  const [said, setSaid] = useState<{ words: string; failed?: boolean }>();
  const [busy, setBusy] = useState(false);
  const [phone, setPhone] = useState<Place>();
  const [pc, setPc] = useState<Place>({ path: login, visit: 0 });
  const phoneFrame = useRef<HTMLIFrameElement>(null);
  const pcFrame = useRef<HTMLIFrameElement>(null);

  const openOnPhone = useCallback((path: string) => setPhone((before) => ({ path, visit: (before?.visit ?? 0) + 1 })), []);
  const openOnPc = useCallback((path: string) => setPc((before) => ({ path, visit: before.visit + 1 })), []);

  useEffect(() => {
    const prepare = () => preparePhone().catch(() => setSaid({ words: "スマートフォンのトークンを用意できませんでした。", failed: true }));
    void prepare().then(() => openOnPhone(app));
    // A scenario may have been put by a script meanwhile.
    const again = () => void prepare();
    addEventListener("focus", again);
    return () => removeEventListener("focus", again);
  }, [openOnPhone]);

  async function act(words: string, change: () => Promise<void>) {
    if (busy) return;
    setBusy(true);
    setSaid({ words: "処理しています。" });
    try {
      await change();
      setSaid({ words });
    } catch {
      setSaid({ words: "できませんでした。サーバの状態を確認して、もう一度押してください。", failed: true });
    }
    setBusy(false);
  }

  /** Every login and every token of before is gone. */
  async function startAfresh() {
    await preparePhone();
    openOnPhone(app);
    openOnPc(login);
  }

  const advance = (seconds: number, words: string) =>
    void act(`時計を${words.replace("進める", "進めました")}。`, async () => void (await ask("/qa/api/clock", { advanceSeconds: seconds })));
  const reset = () =>
    void act("時計を戻し、データを直前のシナリオのはじめに戻しました。", async () => {
      await ask("/qa/api/clock", { reset: true });
      await startAfresh();
    });
  const put = (name: string, title: string) =>
    void act(`シナリオ「${title}」にしました。`, async () => {
      await ask("/qa/api/scenario", { name });
      await startAfresh();
    });

  function openLink(link: string) {
    const path = pathOf(link);
    if (isForPhone(link)) openOnPhone(path);
    else openOnPc(path);
    show(isForPhone(link) ? "phone" : "pc");
  }

  async function fill(path: string, loginId: string, loginPassword: string) {
    show("pc");
    if (pcFrame.current?.contentWindow?.location.pathname !== path) openOnPc(path);
    const values: [name: string, value: string][] = [[path === login ? "loginId" : "staffId", loginId], ["password", loginPassword]];
    const filled = await until(() => typeInto(pcFrame.current?.contentDocument, path, values));
    setSaid(filled ? { words: `${loginId} をパソコンに入力しました。` } : { words: "パソコンのログイン画面を開けませんでした。", failed: true });
  }

  return (
    <div className="flex min-h-screen flex-col">
      <header aria-label="この画面について" className="border-b-4 border-solid-gray-800">
        <p className="mx-auto w-full max-w-[120rem] px-4 py-3 leading-150 sm:px-6">
          <span className="block min-h-[1.5em] text-lg font-bold">{institution?.name}</span>
          <span className="block text-sm text-solid-gray-700">デモ・検査用の画面です。本番のシステムにはありません。</span>
        </p>
      </header>
      <main aria-label="デモと検査" className="mx-auto flex w-full max-w-[120rem] grow flex-col gap-8 px-4 pt-6 pb-16 sm:px-6">
        <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2">
          <h1>デモと検査</h1>
          <p role="status" className={`min-h-[1.75em] ${said?.failed ? "text-red-900" : ""}`}>
            {said && (
              <>
                <span aria-hidden="true">{said.failed ? "■ " : busy ? "" : "● "}</span>
                {said.words}
              </>
            )}
          </p>
        </div>
        <noscript>
          <p>この画面を利用するには、ブラウザの設定で JavaScript を有効にしてください。</p>
        </noscript>
        <div className="grid gap-8 rounded-8 bg-solid-gray-50 p-4 sm:p-6 lg:grid-cols-2">
          <Clock busy={busy} advance={advance} reset={reset} />
          <Scenarios busy={busy} put={put} />
        </div>
        <div className="grid gap-x-6 gap-y-8 xl:grid-cols-[minmax(0,1fr)_394px] min-[1720px]:grid-cols-[minmax(0,1fr)_394px_400px]">
          <Device
            id="pc"
            title="パソコン"
            place={pc}
            frame={pcFrame}
            buttons={
              <>
                <ToolButton onClick={() => openOnPc(login)}>ログイン画面を開く</ToolButton>
                <ToolButton onClick={() => openOnPc(transfer)}>振込の承認（例）を開く</ToolButton>
                <a href={login} target="_blank" rel="noopener" className="inline-flex min-h-11 items-center">
                  別のタブで開く
                </a>
              </>
            }
          >
            ログインすると、別のタブで開いた画面も同じ利用者になります。
          </Device>
          <Device
            id="phone"
            title="スマートフォン"
            place={phone}
            frame={phoneFrame}
            onLoad={() => lendCamera(phoneFrame.current?.contentWindow, () => pcFrame.current?.contentDocument)}
            className="w-full max-w-[394px]"
            buttons={<ToolButton onClick={() => openOnPhone(app)}>アプリを開く</ToolButton>}
          >
            サービス利用中の利用者は、初期設定が済んでいます。カメラには、「パソコン」に表示されたQRコードが映ります。パソコンと同じブラウザなので、その注意が表示されることがあります。
          </Device>
          <div className="min-w-0 min-[1720px]:col-span-3">
            <Accounts fill={(path, loginId, loginPassword) => void fill(path, loginId, loginPassword)} />
          </div>
          <div className="min-w-0 min-[1720px]:col-start-3 min-[1720px]:row-start-1 min-[1720px]:max-h-[56rem] min-[1720px]:overflow-y-auto">
            <Mailbox open={openLink} />
          </div>
        </div>
      </main>
    </div>
  );
}

const show = (id: string) => document.getElementById(id)?.scrollIntoView({ block: "nearest" });

/** True once the login page in the frame is there and has them. */
function typeInto(page: Document | null | undefined, path: string, values: [name: string, value: string][]): boolean {
  if (page?.location.pathname !== path) return false;
  const inputs = values.map(([name, value]) => ({ input: page.querySelector<HTMLInputElement>(`input[name=${name}]`), value }));
  if (inputs.some(({ input }) => !input)) return false;
  for (const { input, value } of inputs) if (input) input.value = value;
  return true;
}

async function until(done: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    if (done()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
