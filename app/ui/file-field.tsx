"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { Field } from "./field";
import { useForm } from "./form-state";

type FileFieldProps = {
  name: string;
  label: string;
  help?: ReactNode;
  accept: string;
  /** Another file was chosen, or the one that was chosen will not do. */
  onChange: () => void;
};

/** A file that will not do has to be chosen again: the browser would not read what was saved since. */
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

  return (
    <Field name={name} label={label} help={help} required>
      {(framed, border) => (
        <input
          {...framed}
          ref={input}
          type="file"
          accept={accept}
          onChange={onChange}
          className={`mt-2 min-h-12 w-full min-w-0 p-2 file:mr-4 file:min-h-8 file:cursor-pointer file:rounded-4 file:border file:border-solid file:border-blue-900 file:bg-white file:px-4 file:text-blue-900 ${border}`}
        />
      )}
    </Field>
  );
}
