"use client";

import { useEffect, useRef, useState } from "react";
import { Banner } from "../ui/banner";
import { Button } from "../ui/button";
import { readQrText } from "./link-code";

type Found = { serviceId: string; userId: string };
type Detect = (video: HTMLVideoElement) => Promise<string | undefined>;

const lookEveryMilliseconds = 200;

/** Reading saves typing and never replaces it: the fields stay where they are whatever the camera does. */
export function QrReader({ read }: { read: (found: Found) => void }) {
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState<string>();

  return (
    <div className="flex flex-col gap-4">
      <Button
        kind="secondary"
        className="min-h-14 w-full"
        aria-expanded={open}
        onClick={() => {
          setTrouble(undefined);
          setOpen(true);
        }}
        off={open}
      >
        QRコードを読み取る
      </Button>
      {open && (
        <Camera
          found={(found) => {
            setOpen(false);
            read(found);
          }}
          close={(reason) => {
            setOpen(false);
            setTrouble(reason);
          }}
        />
      )}
      {trouble && (
        <Banner kind="warning" title={trouble} urgent>
          <p>サービスIDとユーザIDは、下の欄に入力できます。</p>
        </Banner>
      )}
    </div>
  );
}

function Camera({ found, close }: { found: (found: Found) => void; close: (reason?: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [foreign, setForeign] = useState(false);
  const handlers = useRef({ found, close });
  useEffect(() => {
    handlers.current = { found, close };
  });

  useEffect(() => {
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const hidden = () => document.visibilityState === "hidden" && handlers.current.close();

    void (async () => {
      try {
        if (!navigator.mediaDevices) throw new DOMException("no camera", "NotFoundError");
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
        const element = video.current;
        if (ended || !element) return stop();
        element.srcObject = stream;
        await element.play();
        const detect = await detector();
        const look = async () => {
          if (ended) return;
          const text = element.readyState >= element.HAVE_CURRENT_DATA ? await detect(element).catch(() => undefined) : undefined;
          if (ended) return;
          const ids = text === undefined ? undefined : readQrText(text);
          if (ids) return handlers.current.found(ids);
          if (text !== undefined) setForeign(true);
          timer = setTimeout(() => void look(), lookEveryMilliseconds);
        };
        await look();
      } catch (error) {
        if (!ended) handlers.current.close(wordsFor(error));
      }
    })();
    document.addEventListener("visibilitychange", hidden);

    function stop() {
      for (const track of stream?.getTracks() ?? []) track.stop();
    }
    return () => {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", hidden);
      stop();
    };
  }, []);

  return (
    <div className="flex flex-col gap-4">
      <video ref={video} muted playsInline aria-label="カメラの映像" className="aspect-square w-full rounded-8 bg-solid-gray-800 object-cover" />
      <p role="status">
        {foreign
          ? "初期設定のQRコードではありません。パソコンの「ワンタイムパスワード認証確認」の画面のQRコードを映してください。"
          : "パソコンの画面のQRコードを、枠の中に映してください。"}
      </p>
      <Button kind="secondary" className="min-h-14 w-full" onClick={() => close()}>
        読み取りをやめる
      </Button>
    </div>
  );
}

function wordsFor(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError")
    return "カメラの使用が許可されていません。端末またはブラウザの設定で、カメラの使用を許可してください。";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "この端末では、カメラを利用できません。";
  return "カメラを起動できませんでした。ほかのアプリがカメラを使用していないかご確認ください。";
}

type BarcodeDetectorClass = {
  new (options: { formats: string[] }): { detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]> };
  getSupportedFormats: () => Promise<string[]>;
};

/** The browser's own reader where there is one; Safari and Firefox have none and load ours only now. */
async function detector(): Promise<Detect> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: BarcodeDetectorClass };
  const formats = await BarcodeDetector?.getSupportedFormats().catch((): string[] => []);
  if (BarcodeDetector && formats?.includes("qr_code")) {
    const native = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await native.detect(video))[0]?.rawValue;
  }
  const { default: jsQR } = await import("jsqr");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    if (!context || video.videoWidth === 0) return undefined;
    canvas.width = 480;
    canvas.height = Math.round((480 * video.videoHeight) / video.videoWidth);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data;
  };
}
