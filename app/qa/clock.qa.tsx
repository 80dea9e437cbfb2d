"use client";

import { useNow } from "@/app/ui/browser-values";
import { dateAndTime } from "@/lib/platform/japan-time";
import { Section, ToolButton } from "./parts.qa";

const steps = [
  { words: "1分進める", seconds: 60 },
  { words: "10分進める", seconds: 600 },
  { words: "30分進める", seconds: 1800 },
  { words: "1日進める", seconds: 86_400 },
];

type ClockProps = { busy: boolean; advance: (seconds: number, words: string) => void; reset: () => void };

export function Clock({ busy, advance, reset }: ClockProps) {
  return (
    <Section id="clock" title="時計">
      <Time />
      <div className="flex flex-wrap gap-2">
        {steps.map(({ words, seconds }) => (
          <ToolButton key={seconds} aria-disabled={busy || undefined} onClick={() => advance(seconds, words)}>
            {words}
          </ToolButton>
        ))}
        <ToolButton aria-disabled={busy || undefined} onClick={reset} aria-describedby="reset-help">
          時計を戻す
        </ToolButton>
      </div>
      <p id="reset-help" className="text-sm leading-175 text-solid-gray-700">
        「時計を戻す」を押すと、データも直前のシナリオのはじめに戻ります。
      </p>
    </Section>
  );
}

function Time() {
  const now = useNow();
  if (now === 0) return <p className="min-h-14">確認しています。</p>;
  const seconds = String(Math.floor(now / 1000) % 60).padStart(2, "0");
  return (
    <p className="min-h-14 leading-150">
      <span className="digits text-xl font-bold">
        {dateAndTime(new Date(now))}:{seconds}
      </span>
      <span className="block text-sm text-solid-gray-700">{ahead(now)}</span>
    </p>
  );
}

function ahead(now: number): string {
  const minutes = Math.round((now - Date.now()) / 60_000);
  if (minutes <= 0) return "実際の時刻のとおりです。";
  const parts = [[Math.floor(minutes / 1440), "日"], [Math.floor(minutes / 60) % 24, "時間"], [minutes % 60, "分"]] as const;
  return `実際の時刻より${parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`).join("")}進んでいます。`;
}
