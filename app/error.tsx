"use client";

import { Button } from "./ui/button";
import { Shell } from "./ui/shell";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <Shell title="画面を表示できませんでした">
      <p>もう一度表示しても直らないときは、ヘルプデスクまでご連絡ください。照会番号は OTP-900 です。</p>
      <p>
        <Button onClick={reset}>もう一度表示する</Button>
      </p>
    </Shell>
  );
}
