"use client";

import { Button, ButtonLink } from "@/app/ui/button";
import { StaffShell } from "./ui/staff-shell";

export default function StaffErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <StaffShell title="画面を表示できませんでした">
      <p>もう一度表示しても直らないときは、本部のシステム担当にご連絡ください。照会番号は OTP-900 です。</p>
      <div className="flex flex-wrap gap-4">
        <Button onClick={reset}>もう一度表示する</Button>
        <ButtonLink kind="secondary" href="/staff">
          営業店コンソールのホームへ
        </ButtonLink>
      </div>
    </StaffShell>
  );
}
