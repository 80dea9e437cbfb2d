import type { ButtonHTMLAttributes, ReactNode } from "react";

/** A tool's button: less high than the customer's, never below 44 px. */
export function ToolButton({ className = "", ...rest }: ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      className={`inline-flex min-h-11 cursor-pointer items-center rounded-8 border border-blue-900 bg-white px-4 py-1 text-left text-blue-900 hover:bg-blue-50 hover:underline active:bg-blue-100 aria-disabled:cursor-not-allowed aria-disabled:border-solid-gray-420 aria-disabled:text-solid-gray-536 aria-disabled:no-underline ${className}`}
    />
  );
}

export function Section({ id, title, children, className = "" }: { id: string; title: string; children: ReactNode; className?: string }) {
  return (
    <section aria-labelledby={id} className={`flex min-w-0 flex-col gap-4 ${className}`}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
