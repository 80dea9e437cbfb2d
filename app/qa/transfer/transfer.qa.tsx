"use client";

import { useState } from "react";
import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { Banner } from "@/app/ui/banner";
import { Button } from "@/app/ui/button";
import { Facts } from "@/app/ui/facts";
import { PostForm } from "@/app/ui/post-form";
import { useStateRoute } from "@/app/ui/state-route";
import { TextField } from "@/app/ui/text-field";
import type { ViewerAnswer } from "@/lib/platform/answer";

type Approved = { approved: [label: string, value: string][] };

/** A bank's transfer, as far as its approval goes. */
export function Transfer() {
  const answer = useStateRoute<ViewerAnswer>("/qa/transfer/state");
  const [approved, setApproved] = useState<Approved["approved"]>();
  return (
    <PersonalScreen title="振込の承認" wide={false} answer={answer}>
      {() =>
        approved ? (
          <>
            <Banner kind="success" title="振込を承認しました（デモのため、実際の振込は行われません）。" urgent>
              <Facts facts={approved} />
            </Banner>
            <div>
              <Button kind="secondary" onClick={() => setApproved(undefined)}>
                別の振込を入力する
              </Button>
            </div>
          </>
        ) : (
          <>
            <p>デモの画面です。実際の振込は行われません。「承認へ進む」を押すと、受取人と金額を承認する方法が表示されます。</p>
            <PostForm<Approved> action="/qa/transfer/approve" onStay={(answered) => setApproved(answered.approved)} className="flex flex-col gap-6">
              <TextField name="payee" label="受取人" help="例：カ）ミホンコウギョウ" autoComplete="off" />
              <TextField name="amount" label="金額" help="円" inputMode="numeric" autoComplete="off" className="digits max-w-64" />
              <div>
                <Button type="submit">承認へ進む</Button>
              </div>
            </PostForm>
          </>
        )
      }
    </PersonalScreen>
  );
}
