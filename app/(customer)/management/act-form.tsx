"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/app/ui/button";
import { PostForm } from "@/app/ui/post-form";
import { TextField } from "@/app/ui/text-field";
import type { Ticks } from "./user-list";

type ActFormProps = {
  action: string;
  button: string;
  ticks: Ticks;
  mostUsers: number;
  /** What the act means for those chosen, in the sentence above the button. */
  consequence: string;
  children?: ReactNode;
};

/** 確認用パスワード and the button, under a list. The choice stays when the password was wrong. */
export function ActForm({ action, button, ticks: { chosen }, mostUsers, consequence, children }: ActFormProps) {
  const [typed, setTyped] = useState(false);
  const tooMany = chosen.length > mostUsers;
  return (
    <section aria-label="操作" className="max-w-[40rem] rounded-8 bg-solid-gray-50 p-4 sm:p-8 print:hidden">
      <PostForm action={action} className="flex flex-col gap-6">
        <input type="hidden" id="users" name="users" value={chosen.map(({ id }) => id).join(",")} />
        {children}
        <div onInput={(event) => setTyped((event.target as HTMLInputElement).value !== "")}>
          <TextField name="confirmationPassword" label="確認用パスワード" secret showButton autoComplete="off" />
        </div>
        <p>{consequence}</p>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
          <Button type="submit" kind={typed ? "primary" : "secondary"} className="sm:min-w-48">
            {button}
          </Button>
          <p role="status" className={tooMany ? "font-bold text-red-900" : ""}>
            {chosen.length}名を選択中{tooMany && `（一度に選択できるのは${mostUsers}名までです）`}
          </p>
        </div>
      </PostForm>
    </section>
  );
}
