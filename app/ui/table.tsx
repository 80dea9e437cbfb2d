"use client";

import type { ReactNode } from "react";

type Column = { words: string; sort?: { pressed: () => void; now: "ascending" | "descending" | undefined } };

type TableProps = {
  /** Its accessible name, to the letter. */
  name: string;
  /** How many rows there are in all, in words, beside the name. */
  count?: string;
  columns: Column[];
  children: ReactNode;
};

/** A table with a caption; on a narrow screen it is pushed sideways within itself. Sorting buttons stand in the header. */
export function Table({ name, count, columns, children }: TableProps) {
  const id = `table-${name}`;
  return (
    <div>
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h2 id={id}>{name}</h2>
        {count && <p>{count}</p>}
      </div>
      <div role="region" aria-labelledby={id} tabIndex={0} className="mt-2 overflow-x-auto">
        <table aria-labelledby={id} className="w-full border-collapse text-left">
          <thead>
            <tr className="border-b-2 border-solid-gray-600 bg-solid-gray-50">
              {columns.map(({ words, sort }) => (
                <th key={words} scope="col" aria-sort={sort?.now} className="px-4 py-2 whitespace-nowrap">
                  {sort ? <SortButton words={words} sort={sort} /> : words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </div>
  );
}

const signs = { ascending: "▲", descending: "▼" } as const;

function SortButton({ words, sort: { pressed, now } }: { words: string; sort: NonNullable<Column["sort"]> }) {
  return (
    <button type="button" onClick={pressed} className="min-h-11 cursor-pointer rounded-4 font-bold hover:underline print:min-h-0">
      {words}
      <span aria-hidden="true" className="ml-1 inline-block w-4 text-sm print:hidden">
        {now ? signs[now] : "△"}
      </span>
    </button>
  );
}

export function Row({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <tr className={`border-b border-solid-gray-420 ${className}`}>{children}</tr>;
}

export function Cell({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <td className={`px-4 py-2 ${className}`}>{children}</td>;
}
