"use client";

import type { InputHTMLAttributes, ReactNode } from "react";
import { Field } from "./field";

type DateFieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "type" | "name"> & { name: string; label: string; help?: ReactNode };

/** A day, which may be left open. */
export function DateField({ name, label, help, required = false, className = "", ...input }: DateFieldProps) {
  return (
    <Field name={name} label={label} help={help} required={required}>
      {(framed, border) => <input {...input} {...framed} type="date" className={`digits mt-2 block min-h-12 w-full min-w-0 px-4 py-2 ${border} ${className}`} />}
    </Field>
  );
}
