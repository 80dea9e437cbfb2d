"use client";

import type { ReactNode } from "react";
import { useForm } from "./form-state";

/** What a control needs of its frame. */
type Framed = { id: string; name: string; required: boolean; "aria-invalid": true | undefined; "aria-describedby": string | undefined };

type FieldProps = { name: string; label: string; help?: ReactNode; required?: boolean; children: (framed: Framed, border: string) => ReactNode };

/** Label, help and error around a control. The id is the name: an error summary links to it. */
export function Field({ name, label, help, required = false, children }: FieldProps) {
  const error = useForm().errors[name];
  const describedBy = [help && `${name}-help`, error && `${name}-error`].filter(Boolean).join(" ");
  return (
    <div>
      <div className="flex flex-wrap items-baseline gap-x-2">
        <label htmlFor={name} className="font-bold">
          {label}
        </label>
        {required && <span className="text-sm text-red-900">※必須</span>}
      </div>
      {help && (
        <p id={`${name}-help`} className="text-sm leading-150 text-solid-gray-700">
          {help}
        </p>
      )}
      {children(
        { id: name, name, required, "aria-invalid": error ? true : undefined, "aria-describedby": describedBy || undefined },
        `rounded-8 border bg-white ${error ? "border-2 border-red-900" : "border-solid-gray-600"}`,
      )}
      {error && (
        <p id={`${name}-error`} className="mt-1 text-red-900">
          ＊{error}
        </p>
      )}
    </div>
  );
}
