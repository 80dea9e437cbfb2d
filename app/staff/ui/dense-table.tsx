"use client";

import type { ReactNode } from "react";

type DenseTableProps = { name: string; count?: string; columns: string[]; children: ReactNode; empty?: string };

/** The counter's table: 14 px, rows of 36 px, pushed sideways within itself where the screen is narrow. `empty` stands where there is no row. */
export function DenseTable({ name, count, columns, children, empty }: DenseTableProps) {
  const id = `table-${name}`;
  return (
    <section>
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h2 id={id} className="text-base">
          {name}
        </h2>
        {count && <p>{count}</p>}
      </div>
      {empty ? (
        <p className="mt-1">{empty}</p>
      ) : (
        <div role="region" aria-labelledby={id} tabIndex={0} className="mt-1 overflow-x-auto">
          <table aria-labelledby={id} className="w-full border-collapse text-left text-sm leading-150">
            <thead>
              <tr className="h-9 border-b-2 border-solid-gray-600 bg-solid-gray-50">
                {columns.map((words) => (
                  <th key={words} scope="col" className="px-3 py-1 whitespace-nowrap">
                    {words}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function DenseRow({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <tr className={`h-9 border-b border-solid-gray-420 ${className}`}>{children}</tr>;
}

export function DenseCell({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <td className={`px-3 py-1 ${className}`}>{children}</td>;
}

/** The cell that names its row. */
export function DenseRowHeader({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    <th scope="row" className={`px-3 py-1 text-left font-normal ${className}`}>
      {children}
    </th>
  );
}
