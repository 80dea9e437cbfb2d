"use client";

import type { ReactNode } from "react";
import { useForm } from "./form-state";

/** A box with its words beside it. */
export function CheckBox({ name, label, help, defaultChecked = false }: { name: string; label: string; help?: ReactNode; defaultChecked?: boolean }) {
  const error = useForm().errors[name];
  const describedBy = [error && `${name}-error`, help && `${name}-help`].filter(Boolean).join(" ") || undefined;
  return (
    <div>
      <label className="flex min-h-11 cursor-pointer items-center gap-3">
        <input id={name} type="checkbox" name={name} defaultChecked={defaultChecked} aria-describedby={describedBy} aria-invalid={error ? true : undefined} className="size-6 shrink-0" />
        {label}
      </label>
      {error && (
        <p id={`${name}-error`} className="mt-1 text-red-900">
          ＊{error}
        </p>
      )}
      {help && (
        <p id={`${name}-help`} className="text-sm leading-150 text-solid-gray-700">
          {help}
        </p>
      )}
    </div>
  );
}
