import type { ReactNode } from "react";

/** Names and values beside each other. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[max-content_1fr]">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-solid-gray-700">{name}</dt>
          <dd className="font-bold max-sm:mb-2">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
