"use client";

import { type ReactNode, useState } from "react";
import { FormContext } from "@/app/ui/form-state";
import { ErrorSummary } from "@/app/ui/post-form";

type GetFormProps = { action: string; problems: Record<string, string>; className?: string; children: ReactNode };

/** A plain form whose answer is a page with what was asked in its address: it can be reloaded and gone back to. */
export function GetForm({ action, problems, className, children }: GetFormProps) {
  const [answer] = useState({ fields: problems }); // the page's, for as long as it is shown: the summary takes the focus once
  return (
    <FormContext value={{ errors: problems, refused: false, sending: false, shown: false, show: () => undefined }}>
      {Object.keys(answer.fields).length > 0 && <ErrorSummary answer={answer} />}
      <form method="get" action={action} noValidate className={className}>
        {children}
      </form>
    </FormContext>
  );
}
