"use client";

import { CheckBox } from "@/app/ui/check-box";
import { useForm } from "@/app/ui/form-state";

/** 確認書類: a box per document, ticked as it is checked. A box that two kinds of case share keeps its tick. */
export function Documents({ names, ticked, required }: { names: string[]; ticked: string[]; required: boolean }) {
  const error = useForm().errors.documents;
  const describedBy = [required && "documents-required", error && "documents-error"].filter(Boolean).join(" ") || undefined;
  return (
    <fieldset id="documents" tabIndex={-1} aria-describedby={describedBy}>
      <legend className="font-bold">
        確認書類
        {/* Outside the name, as at the fields. */}
        {required && (
          <span id="documents-required" aria-hidden="true" className="ml-2 text-sm font-normal text-red-900">
            ※必須
          </span>
        )}
      </legend>
      {names.length === 0 && <p>確認する書類はありません。</p>}
      <div className="flex flex-wrap gap-x-8">
        {names.map((name) => (
          <CheckBox key={name} name={`document:${name}`} label={name} defaultChecked={ticked.includes(name)} />
        ))}
      </div>
      {error && (
        <p id="documents-error" className="mt-1 text-red-900">
          ＊{error}
        </p>
      )}
    </fieldset>
  );
}
