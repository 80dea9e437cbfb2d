"use client";

import type { ReactNode } from "react";
import { isManager, type UserClass, userClassNames } from "@/lib/corporation/user-classes";
import { Button } from "./button";
import { HelpDeskLine } from "./help-desk";
import { useInstitution } from "./institution";
import { PostForm } from "./post-form";

type ShellUser = { name: string; userClass: UserClass };

export type Crumb = { path: string; words: string };

type ShellProps = {
  title: string;
  children: ReactNode;
  steps?: ReactNode;
  /** 640 px for a form alone, 1,120 px where there is something beside it. */
  wide?: boolean;
  user?: ShellUser;
  /** What is on the screen is still asked for. Nothing in sight moves when it comes: the header keeps the place of the name, the foot begins below the window. */
  waiting?: boolean;
  menu?: { path: string; words: string; here: boolean }[];
  /** The screens above this one. */
  trail?: Crumb[];
  /** The login screen shows the help desk in full instead. */
  helpDeskBelow?: boolean;
};

/** A customer screen: where am I (header, menu, h1), what is asked (main), whom do I call (below). */
export function Shell({ title, steps, children, wide = false, user, waiting = false, menu, trail, helpDeskBelow = true }: ShellProps) {
  const institution = useInstitution();
  const column = "mx-auto w-full max-w-[70rem] px-4 sm:px-6";

  return (
    <div className="flex min-h-screen flex-col">
      <a href="#main" className="sr-only bg-white px-4 py-2 focus:not-sr-only">
        本文へ移動
      </a>
      <header className={`print:border-b ${menu ? "" : "border-b-4 border-blue-900"}`}>
        <div className={`${column} flex min-h-18 flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3`}>
          <p className="leading-150">
            <span className="block min-h-[1.5em] text-lg font-bold">{institution?.name}</span>
            <span className="block text-sm text-solid-gray-700">法人インターネットバンキング</span>
          </p>
          {waiting && <div className="h-12 w-56 noscript:hidden" />}
          {user && (
            <div className="flex min-w-0 items-center gap-4 sm:max-w-3/5 print:hidden">
              <p className="min-w-0 leading-150">
                <span className="block">{user.name}</span>
                {isManager(user.userClass) && <span className="block text-sm text-solid-gray-700">{userClassNames[user.userClass]}</span>}
              </p>
              <PostForm action="/logout">
                <Button type="submit" kind="secondary" className="shrink-0 whitespace-nowrap max-sm:w-auto!">
                  ログアウト
                </Button>
              </PostForm>
            </div>
          )}
        </div>
        {menu && (
          <nav aria-label="メニュー" className="bg-blue-900 print:hidden">
            <ul className={`${column} flex flex-wrap`}>
              {menu.map(({ path, words, here }) => (
                <li key={path}>
                  <a
                    href={path}
                    aria-current={here ? (trail ? "true" : "page") : undefined}
                    className={`flex min-h-12 items-center px-6 font-bold text-white no-underline hover:bg-blue-1000 hover:underline ${
                      here ? "border-b-4 border-white pt-1" : ""
                    }`}
                  >
                    {words}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </header>
      <main id="main" tabIndex={-1} className={`${column} grow pt-8 pb-16 outline-none ${waiting ? "min-h-screen noscript:min-h-0" : ""}`}>
        <div className="flex flex-col gap-6">
          {trail && <Trail trail={trail} title={title} />}
          <h1>{title}</h1>
          {steps}
          <div className={`flex flex-col gap-6 ${wide ? "" : "max-w-[40rem]"}`}>{children}</div>
        </div>
      </main>
      <footer className="border-t border-solid-gray-300 bg-solid-gray-50 text-sm leading-175">
        <div className={`${column} flex flex-wrap justify-between gap-x-8 py-4`}>
          {helpDeskBelow && (
            <p>
              お問い合わせ先：
              <HelpDeskLine />
            </p>
          )}
          <p className="print:hidden">
            <a href="/accessibility">アクセシビリティへの取り組み</a>
          </p>
          <p className="text-solid-gray-700">表示の日時は、すべて日本時間です。</p>
        </div>
      </footer>
    </div>
  );
}

export function Trail({ trail, title }: { trail: Crumb[]; title: string }) {
  return (
    <nav aria-label="現在地" className="text-sm leading-175 print:hidden">
      <ol className="flex flex-wrap gap-x-2">
        {trail.map(({ path, words }) => (
          <li key={path} className="flex gap-x-2">
            <a href={path}>{words}</a>
            <span aria-hidden="true">›</span>
          </li>
        ))}
        <li aria-current="page">{title}</li>
      </ol>
    </nav>
  );
}

export type MenuPath = "/" | "/management" | "/settings";

export const menuOf = (isManager: boolean, here?: MenuPath) =>
  [
    { path: "/", words: "トップページ" },
    ...(isManager ? [{ path: "/management", words: "管理" }] : []),
    { path: "/settings", words: "利用者設定" },
  ].map((item) => ({ ...item, here: item.path === here }));
