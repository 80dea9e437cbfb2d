"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { useForm } from "./form-state";

type FileFieldProps = {
  name: string;
  label: string;
  help?: ReactNode;
  accept: string;
  /** Another file was chosen, or the one that was chosen will not do. */
  onChange: () => void;
};

/** The id is the name: an error summary links to it. A file that will not do has to be chosen again: the browser would not read what was saved since. */
export function FileField({ name, label, help, accept, onChange }: FileFieldProps) {
  const error = useForm().errors[name];
  const input = useRef<HTMLInputElement>(null);
  const changed = useRef(onChange);
  useEffect(() => {
    changed.current = onChange;
  });
  useEffect(() => {
    if (!error || !input.current) return;
    input.current.value = "";
    changed.current();
  }, [error]);
  const describedBy = [help && `${name}-help`, error && `${name}-error`].filter(Boolean).join(" ");

  return (
    <div>
      <div className="flex flex-wrap items-baseline gap-x-2">
        <label htmlFor={name} className="font-bold">
          {label}
        </label>
        <span className="text-sm text-red-900">※必須</span>
      </div>
      {help && (
        <p id={`${name}-help`} className="text-sm leading-150 text-solid-gray-700">
          {help}
        </p>
      )}
      <input
        ref={input}
        id={name}
        name={name}
        type="file"
        accept={accept}
        required
        onChange={onChange}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy || undefined}
        className={`mt-2 min-h-12 w-full min-w-0 rounded-8 border bg-white p-2 file:mr-4 file:min-h-8 file:cursor-pointer file:rounded-4 file:border file:border-solid file:border-blue-900 file:bg-white file:px-4 file:text-blue-900 ${
          error ? "border-2 border-red-900" : "border-solid-gray-600"
        }`}
      />
      {error && (
        <p id={`${name}-error`} className="mt-1 text-red-900">
          ＊{error}
        </p>
      )}
    </div>
  );
}
