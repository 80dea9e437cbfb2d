"use client";

import type { SelectHTMLAttributes } from "react";
import { Field } from "./field";

type SelectFieldProps = Omit<SelectHTMLAttributes<HTMLSelectElement>, "id" | "name" | "children"> & {
  name: string;
  label: string;
  options: { value: string; words: string }[];
};

export function SelectField({ name, label, options, required = true, className = "", ...select }: SelectFieldProps) {
  return (
    <Field name={name} label={label} required={required}>
      {(framed, border) => (
        <select {...select} {...framed} className={`mt-2 min-h-12 w-full min-w-0 px-4 py-2 ${border} ${className}`}>
          {options.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
