import type { ReactNode } from "react";
import { HelpDeskLine } from "../ui/help-desk";

/** The phone's screens have no header: the heading, one thing to do, and whom to call. */
export function Screen({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-[40rem] flex-col px-4 pt-[max(1rem,env(safe-area-inset-top))] pb-[max(1rem,env(safe-area-inset-bottom))] sm:px-6">
      <main className="flex grow flex-col gap-6 pb-12">
        <h1 tabIndex={-1} className="text-xl outline-none">
          {title}
        </h1>
        {children}
      </main>
      <footer className="border-t border-solid-gray-300 pt-4 text-sm leading-175">
        <p>
          お問い合わせ先：
          <HelpDeskLine />
        </p>
      </footer>
    </div>
  );
}

export function WithoutScript() {
  return (
    <noscript>
      <p>この画面を利用するには、ブラウザの設定で JavaScript を有効にしてください。</p>
    </noscript>
  );
}
