"use client";

import type { ReactNode, TextareaHTMLAttributes } from "react";
import { useForm } from "./form-state";

type TextAreaProps = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "id" | "name"> & { name: string; label: string; help?: ReactNode };

/** Several lines of text. The id is the name: an error summary links to it. */
export function TextArea({ name, label, help, required = true, className = "", ...area }: TextAreaProps) {
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
      <textarea
        {...area}
        id={name}
        name={name}
        required={required}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy || undefined}
        className={`mt-2 w-full min-w-0 rounded-8 border bg-white px-4 py-2 ${error ? "border-2 border-red-900" : "border-solid-gray-600"} ${className}`}
      />
      {error && (
        <p id={`${name}-error`} className="mt-1 text-red-900">
          ＊{error}
        </p>
      )}
    </div>
  );
}
