"use client";

import type { InputHTMLAttributes, ReactNode } from "react";
import { Field } from "./field";
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
  const { shown, show } = useForm();
  return (
    <Field name={name} label={label} help={help} required={required}>
      {(framed, border) => (
        <div className="mt-2 flex gap-2">
          <input
            {...input}
            {...framed}
            type={secret && !shown ? "password" : "text"}
            data-secret={secret || once || undefined}
            autoCapitalize="none"
            spellCheck={false}
            className={`min-h-12 w-full min-w-0 px-4 py-2 ${border} ${className}`}
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
      )}
    </Field>
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
