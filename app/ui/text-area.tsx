"use client";

import type { ReactNode, TextareaHTMLAttributes } from "react";
import { Field } from "./field";

type TextAreaProps = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "id" | "name"> & { name: string; label: string; help?: ReactNode };

/** Several lines of text. */
export function TextArea({ name, label, help, required = true, className = "", ...area }: TextAreaProps) {
  return (
    <Field name={name} label={label} help={help} required={required}>
      {(framed, border) => <textarea {...area} {...framed} className={`mt-2 w-full min-w-0 px-4 py-2 ${border} ${className}`} />}
    </Field>
  );
}
