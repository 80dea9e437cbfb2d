"use client";

import type { ReactNode } from "react";

/** A box with its words beside it. */
export function CheckBox({ name, label, help, defaultChecked = false }: { name: string; label: string; help?: ReactNode; defaultChecked?: boolean }) {
  return (
    <div>
      <label className="flex min-h-11 cursor-pointer items-center gap-3">
        <input type="checkbox" name={name} defaultChecked={defaultChecked} aria-describedby={help ? `${name}-help` : undefined} className="size-6 shrink-0" />
        {label}
      </label>
      {help && (
        <p id={`${name}-help`} className="text-sm leading-150 text-solid-gray-700">
          {help}
        </p>
      )}
    </div>
  );
}
