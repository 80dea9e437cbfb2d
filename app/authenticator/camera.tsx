"use client";

import { useEffect, useRef, useState } from "react";
import { Button } from "../ui/button";
import type { phoneRefusals } from "./refusals";

type Detect = (video: HTMLVideoElement) => Promise<string | undefined>;

export type CameraTrouble = Extract<keyof typeof phoneRefusals, `camera_${string}`>;

type CameraProps<Found> = {
  /** Undefined for a QR code of somebody else's. */
  read: (text: string) => Found | undefined;
  foreign: string;
  found: (found: Found) => void;
  close: (trouble?: CameraTrouble) => void;
};

const lookEveryMilliseconds = 200;

/** Looks until it reads one. What it films goes nowhere. */
export function Camera<Found>({ read, foreign, found, close }: CameraProps<Found>) {
  const video = useRef<HTMLVideoElement>(null);
  const [sawForeign, setSawForeign] = useState(false);
  const handlers = useRef({ read, found, close });
  useEffect(() => {
    handlers.current = { read, found, close };
  });

  useEffect(() => {
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const hidden = () => document.visibilityState === "hidden" && handlers.current.close();

    void (async () => {
      try {
        if (!navigator.mediaDevices) throw new DOMException("no camera", "NotFoundError");
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
        const element = video.current;
        if (ended || !element) return stop();
        element.srcObject = stream;
        await element.play();
        const detect = await detector();
        const look = async () => {
          if (ended) return;
          const text = element.readyState >= element.HAVE_CURRENT_DATA ? await detect(element).catch(() => undefined) : undefined;
          if (ended) return;
          const known = text === undefined ? undefined : handlers.current.read(text);
          if (known !== undefined) return handlers.current.found(known);
          if (text !== undefined) setSawForeign(true);
          timer = setTimeout(() => void look(), lookEveryMilliseconds);
        };
        await look();
      } catch (error) {
        if (!ended) handlers.current.close(troubleOf(error));
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
      <p role="status">{sawForeign ? foreign : "パソコンの画面のQRコードを、枠の中に映してください。"}</p>
      <Button kind="secondary" className="min-h-14 w-full" onClick={() => close()}>
        読み取りをやめる
      </Button>
    </div>
  );
}

function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "camera_not_allowed";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "camera_absent" : "camera_busy";
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
    const side = Math.min(video.videoWidth, video.videoHeight);
    if (!context || side === 0) return undefined;
    // The square that is seen. An approval's QR code may have 117 modules a side, of which each needs some pixels.
    canvas.width = canvas.height = Math.min(side, 720);
    context.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data;
  };
}
