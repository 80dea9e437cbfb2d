"use client";

import { scenarioWords } from "@/lib/demo/scenario-words.qa";
import { Section, ToolButton } from "./parts.qa";

type ScenariosProps = { busy: boolean; put: (name: string, title: string) => void };

export function Scenarios({ busy, put }: ScenariosProps) {
  return (
    <Section id="scenarios" title="シナリオ">
      <ul className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        {Object.entries(scenarioWords).map(([name, { title, words }]) => (
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
