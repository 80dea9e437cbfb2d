"use client";

import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { useStateRoute } from "@/app/ui/state-route";
import type { ViewerAnswer } from "@/lib/platform/answer";
import { Destinations } from "../destinations";
import { trails } from "../trails";

export function OneTimePasswordManagement() {
  return (
    <PersonalScreen title="ワンタイムパスワードの管理" here="/management" trail={trails.belowManagement} answer={useStateRoute<ViewerAnswer>("/management/one-time-password/state")}>
      {() => (
        <Destinations
          destinations={[
            { path: "/management/suspensions", words: "ワンタイムパスワードの利用停止解除", about: "正しくないワンタイムパスワードが続けて入力されたため利用停止になった利用者の、停止を解除します。" },
            { path: "/management/tokens", words: "トークンの失効", about: "スマートフォンの交換や紛失の際に、利用者のトークンを失効させます。" },
          ]}
        />
      )}
    </PersonalScreen>
  );
}
