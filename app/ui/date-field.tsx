"use client";

import type { InputHTMLAttributes, ReactNode } from "react";
import { useForm } from "./form-state";

type DateFieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "type" | "name"> & { name: string; label: string; help?: ReactNode };

/** A day, which may be left open. The id is the name: an error summary links to it. */
export function DateField({ name, label, help, className = "", ...input }: DateFieldProps) {
  const error = useForm().errors[name];
  const describedBy = [help && `${name}-help`, error && `${name}-error`].filter(Boolean).join(" ");
  return (
    <div>
      <label htmlFor={name} className="font-bold">
        {label}
      </label>
      {help && (
        <p id={`${name}-help`} className="text-sm leading-150 text-solid-gray-700">
          {help}
        </p>
      )}
      <input
        {...input}
        id={name}
        name={name}
        type="date"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy || undefined}
        className={`digits mt-2 block min-h-12 w-full min-w-0 rounded-8 border bg-white px-4 py-2 ${error ? "border-2 border-red-900" : "border-solid-gray-600"} ${className}`}
      />
      {error && (
        <p id={`${name}-error`} className="mt-1 text-red-900">
          ＊{error}
        </p>
      )}
    </div>
  );
}
