"use client";

import type { ReactNode } from "react";
import type { RefusalAnswer } from "@/lib/platform/answer";
import { RefusalBanner } from "./banner";
import { Button } from "./button";

/** The state route refused; what it last said, where it had answered before, is not what is now. */
export function NotRead({ refusal, again }: { refusal: RefusalAnswer; again: () => void }) {
  return (
    <RefusalBanner refusal={refusal}>
      <Button kind="secondary" onClick={again}>
        もう一度読み込む
      </Button>
    </RefusalBanner>
  );
}

/** Until the state route has answered; without script the plain form is all there is. */
export function Waiting({
  refusal,
  again,
  children,
}: {
  refusal: RefusalAnswer | undefined;
  again: () => void;
  children?: ReactNode;
}) {
  return (
    <>
      {refusal ? (
        <NotRead refusal={refusal} again={again} />
      ) : (
        <p role="status" className="min-h-64 text-solid-gray-700 noscript:hidden">
          読み込んでいます。
        </p>
      )}
      <noscript>
        {children ?? <p>この画面の内容を表示するには、ブラウザのJavaScriptを有効にしてください。</p>}
      </noscript>
    </>
  );
}
