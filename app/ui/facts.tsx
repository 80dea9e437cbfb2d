import type { ReactNode } from "react";

/** Names and values beside each other; a name may come again. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[max-content_1fr]">
      {facts.map(([name, value], index) => (
        <div key={index} className="contents">
          <dt className="text-solid-gray-700">{name}</dt>
          <dd className="font-bold break-words max-sm:mb-2">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
