"use client";

import { Section, ToolButton } from "./parts.qa";

const scenarios = [
  { name: "demo", title: "はじめの状態", words: "下の「デモの利用者」のとおりです。" },
  { name: "all-managers-suspended", title: "管理者が全員利用停止", words: "haruki と sakuro が利用停止です。" },
  { name: "many-users", title: "利用者10,000名", words: "うち1,000名が利用停止です。数秒かかります。" },
  { name: "expiring-token", title: "まもなく期限切れ", words: "haruki のトークンが20日後に期限切れになります。" },
];

type ScenariosProps = { busy: boolean; put: (name: string, title: string) => void };

export function Scenarios({ busy, put }: ScenariosProps) {
  return (
    <Section id="scenarios" title="シナリオ">
      <ul className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        {scenarios.map(({ name, title, words }) => (
          <li key={name} className="flex flex-col items-start">
            <ToolButton aria-disabled={busy || undefined} aria-describedby={`scenario-${name}`} onClick={() => put(name, title)}>
              {title}
            </ToolButton>
            <span id={`scenario-${name}`} className="text-sm leading-175 text-solid-gray-700">
              {words}
            </span>
          </li>
        ))}
      </ul>
      <p className="text-sm leading-175 text-solid-gray-700">
        押すと、これまでの操作はすべて消え、選んだ状態から始まります。時計は進んだままです。
      </p>
    </Section>
  );
}
