"use client";

import type { InputHTMLAttributes } from "react";
import { useForm } from "./form-state";

type DateFieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "type" | "name"> & { name: string; label: string };

/** A day, which may be left open. The id is the name: an error summary links to it. */
export function DateField({ name, label, className = "", ...input }: DateFieldProps) {
  const error = useForm().errors[name];
  return (
    <div>
      <label htmlFor={name} className="font-bold">
        {label}
      </label>
      <input
        {...input}
        id={name}
        name={name}
        type="date"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${name}-error` : undefined}
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
