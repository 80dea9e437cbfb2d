"use client";

import type { SelectHTMLAttributes } from "react";
import { useForm } from "./form-state";

type SelectFieldProps = Omit<SelectHTMLAttributes<HTMLSelectElement>, "id" | "name" | "children"> & {
  name: string;
  label: string;
  options: { value: string; words: string }[];
};

/** The id is the name: an error summary links to it. */
export function SelectField({ name, label, options, required = true, className = "", ...select }: SelectFieldProps) {
  const error = useForm().errors[name];
  return (
    <div>
      <div className="flex flex-wrap items-baseline gap-x-2">
        <label htmlFor={name} className="font-bold">
          {label}
        </label>
        {required && <span className="text-sm text-red-900">※必須</span>}
      </div>
      <select
        {...select}
        id={name}
        name={name}
        required={required}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${name}-error` : undefined}
        className={`mt-2 min-h-12 w-full min-w-0 rounded-8 border bg-white px-4 py-2 ${error ? "border-2 border-red-900" : "border-solid-gray-600"} ${className}`}
      >
        {options.map(({ value, words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      {error && (
        <p id={`${name}-error`} className="mt-1 text-red-900">
          ＊{error}
        </p>
      )}
    </div>
  );
}
