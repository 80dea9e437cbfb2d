"use client";

import { useEffect, useState } from "react";
import { GroupedDigits } from "../ui/grouped-digits";
import { useNow } from "../ui/browser-values";
import { secondsLeft, timeStepAt } from "./one-time-password";
import type { StoredToken } from "./token";

/** Whose token it is. */
export function TokenOwner({ token: { institution, company, loginId } }: { token: StoredToken }) {
  return (
    <div className="leading-150">
      <p className="text-sm text-solid-gray-700">{institution}</p>
      <p className="font-bold">{company}</p>
      <p className="text-sm">
        <span className="text-solid-gray-700">ログインID：</span>
        {loginId}
      </p>
    </div>
  );
}

export function BankHost({ token }: { token: StoredToken }) {
  return (
    <p className="text-sm leading-175">
      <span className="text-solid-gray-700">ログイン先：</span>
      <strong>{token.host}</strong>
      <span className="block">パソコンのアドレス欄がこれと異なるときは、入力しないでください。</span>
    </p>
  );
}

type NumberProps = {
  name: string;
  token: StoredToken;
  /** The same function as long as it is the same number. */
  numberAt: (timeStep: number) => Promise<string>;
};

/** What the PC asks for: another one in each time step, with the seconds that this one is left. */
export function TimedNumber({ name, token, numberAt }: NumberProps) {
  const now = useNow();
  const number = useNumber(numberAt, timeStepAt(now, token.timeStepSeconds));
  const left = secondsLeft(now, token.timeStepSeconds);
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <output aria-label={name} aria-live="off" className="text-[3.25rem] leading-none font-bold">
        {number && <GroupedDigits digits={number} by={Math.ceil(token.digits / 2)} />}
      </output>
      <div className="flex items-center gap-2">
        <Ring part={left / token.timeStepSeconds} />
        <span className="digits whitespace-nowrap">あと {left} 秒</span>
        {left <= 10 && <span className="text-sm whitespace-nowrap">まもなく切り替わります</span>}
      </div>
    </div>
  );
}

/** The next number is computed with the present one, so that the digits change with the countdown and not after it. */
function useNumber(numberAt: NumberProps["numberAt"], timeStep: number): string | undefined {
  const [numbers, setNumbers] = useState<ReadonlyMap<number, string>>(new Map());
  useEffect(() => {
    let wanted = true;
    void Promise.all([timeStep, timeStep + 1].map(async (step) => [step, await numberAt(step)] as const)).then(
      (computed) => wanted && setNumbers(new Map(computed)),
    );
    return () => {
      wanted = false;
    };
  }, [numberAt, timeStep]);
  return numbers.get(timeStep);
}

const circumference = 2 * Math.PI * 18;

function Ring({ part }: { part: number }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 44 44" width="44" height="44" fill="none" strokeWidth="5" className="shrink-0">
      <circle cx="22" cy="22" r="18" className="stroke-solid-gray-200" />
      <circle
        cx="22"
        cy="22"
        r="18"
        className="stroke-blue-900"
        strokeDasharray={`${circumference * part} ${circumference}`}
        transform="rotate(-90 22 22)"
      />
    </svg>
  );
}
