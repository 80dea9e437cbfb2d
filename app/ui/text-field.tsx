"use client";

import type { InputHTMLAttributes, ReactNode } from "react";
import { useForm } from "./form-state";

type TextFieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "type" | "name"> & {
  name: string;
  label: string;
  help?: ReactNode;
  /** Dots instead of characters, and emptied after every judged attempt. */
  secret?: boolean;
  /** Emptied after every judged attempt, but visible: a one-time password. */
  once?: boolean;
  /** The button that shows a form's passwords: at its first one only, so that its name stays unique. */
  showButton?: boolean;
};

/** The id is the name: an error summary links to it. */
export function TextField({
  name,
  label,
  help,
  secret = false,
  once = false,
  showButton = false,
  required = true,
  className = "",
  ...input
}: TextFieldProps) {
  const { errors, shown, show } = useForm();
  const error = errors[name];
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
      <div className="mt-2 flex gap-2">
        <input
          {...input}
          id={name}
          name={name}
          type={secret && !shown ? "password" : "text"}
          required={required}
          data-secret={secret || once || undefined}
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy || undefined}
          className={`min-h-12 w-full min-w-0 rounded-8 border bg-white px-4 py-2 ${
            error ? "border-2 border-red-900" : "border-solid-gray-600"
          } ${className}`}
        />
        {showButton && (
          <button
            type="button"
            aria-pressed={shown}
            onClick={() => show(!shown)}
            className={`min-h-12 shrink-0 cursor-pointer rounded-8 border border-blue-900 px-4 noscript:hidden ${
              shown ? "bg-blue-900 text-white" : "bg-white text-blue-900 hover:bg-blue-50 hover:underline"
            }`}
          >
            表示
          </button>
        )}
      </div>
      {error && (
        <p id={`${name}-error`} className="mt-1 text-red-900">
          ＊{error}
        </p>
      )}
    </div>
  );
}

/** Six digits, wide enough apart to compare with the phone. */
export function OneTimePasswordField({ help }: { help: ReactNode }) {
  return (
    <TextField
      name="oneTimePassword"
      label="ワンタイムパスワード"
      help={help}
      once
      inputMode="numeric"
      autoComplete="one-time-code"
      className="digits max-w-64 text-2xl tracking-[0.25em]"
    />
  );
}
