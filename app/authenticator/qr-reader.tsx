"use client";

import { useState } from "react";
import { Banner } from "../ui/banner";
import { Button } from "../ui/button";
import { Camera, type CameraTrouble } from "./camera";
import { readQrText } from "./link-code";
import { phoneRefusals } from "./refusals";

/** Reading saves typing and never replaces it: the fields stay where they are whatever the camera does. */
export function QrReader({ read }: { read: (found: { serviceId: string; userId: string }) => void }) {
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState<CameraTrouble>();

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
          read={readQrText}
          foreign="初期設定のQRコードではありません。パソコンの「ワンタイムパスワード認証確認」の画面のQRコードを映してください。"
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
        <Banner kind="warning" title={phoneRefusals[trouble].what} urgent>
          <p>サービスIDとユーザIDは、下の欄に入力できます。</p>
        </Banner>
      )}
    </div>
  );
}
