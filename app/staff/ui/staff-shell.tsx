"use client";

import type { ReactNode } from "react";
import { Button } from "@/app/ui/button";
import { AtCounter } from "@/app/ui/help-desk";
import { useInstitution } from "@/app/ui/institution";
import { PostForm } from "@/app/ui/post-form";
import { type Crumb, Trail } from "@/app/ui/shell";
import { dutyNames } from "@/lib/staff/duties";
import type { StaffViewer } from "@/lib/staff/answers";

type StaffMenuPath = "/staff" | "/staff/contracts" | "/staff/cases" | "/staff/audit" | "/staff/numbers";

const menu: { path: StaffMenuPath; words: string }[] = [
  { path: "/staff", words: "ホーム" }, { path: "/staff/contracts", words: "契約" }, { path: "/staff/cases", words: "受付票" },
  { path: "/staff/audit", words: "監査ログ" }, { path: "/staff/numbers", words: "設定値" },
];

export type StaffFrame = {
  title: string;
  here?: StaffMenuPath;
  trail?: Crumb[];
  /** False while nothing may be done but what this screen is for. */
  free?: boolean;
  /** False where what is printed has a heading of its own. */
  titleOnPaper?: boolean;
};

type StaffShellProps = StaffFrame & { staff?: StaffViewer["staff"]; children: ReactNode };

/** A screen of the counter console: branch, staff and duty always in view, dense, everything reachable by keyboard. */
export function StaffShell({ title, staff, here, trail, free = true, titleOnPaper = true, children }: StaffShellProps) {
  const institution = useInstitution();
  const column = "mx-auto w-full max-w-[80rem] px-4 sm:px-6";
  return (
    <AtCounter value={true}>
      <div className="flex min-h-screen flex-col text-sm leading-175">
        <a href="#main" className="sr-only bg-white px-4 py-2 focus:not-sr-only">
          本文へ移動
        </a>
        <header className="bg-green-900 text-white print:hidden">
          <div className={`${column} flex min-h-14 flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2`}>
            <p className="flex flex-wrap items-baseline gap-x-4">
              <span className="text-base font-bold">営業店コンソール</span>
              <span className="min-h-[1.5em]">{institution?.name}</span>
            </p>
            {staff && (
              <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2">
                <p className="flex min-w-0 flex-wrap gap-x-3">
                  <span>{staff.branch}</span>
                  <span>
                    {staff.name}（{staff.staffId}）
                  </span>
                  <span className="font-bold">{dutyNames[staff.duty]}</span>
                </p>
                {free && (
                  <p className="flex flex-wrap gap-x-4">
                    <a href="/staff/password/change" className="text-white">
                      パスワードの変更
                    </a>
                    <a href="/staff/passkeys" className="text-white">
                      パスキー
                    </a>
                  </p>
                )}
                <PostForm action="/staff/logout">
                  <Button type="submit" kind="secondary" className="shrink-0 whitespace-nowrap max-sm:w-auto!">
                    ログアウト
                  </Button>
                </PostForm>
              </div>
            )}
          </div>
          {staff && free && (
            <nav aria-label="メニュー" className="border-t border-green-700">
              <ul className={`${column} flex flex-wrap`}>
                {menu.map(({ path, words }) => (
                  <li key={path}>
                    <a
                      href={path}
                      aria-current={path === here ? (trail ? "true" : "page") : undefined}
                      className={`flex min-h-11 items-center px-4 font-bold text-white no-underline hover:underline ${path === here ? "border-b-4 border-white pt-1" : ""}`}
                    >
                      {words}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          )}
        </header>
        <main id="main" tabIndex={-1} className={`${column} grow pt-6 pb-12 outline-none`}>
          <div className="flex flex-col gap-5">
            {trail && <Trail trail={trail} title={title} />}
            <h1 className={`text-xl ${titleOnPaper ? "" : "print:hidden"}`}>{title}</h1>
            {children}
          </div>
        </main>
        <footer className="border-t border-solid-gray-300 bg-solid-gray-50 print:hidden">
          <p className={`${column} py-3 text-solid-gray-700`}>表示の日時は、すべて日本時間です。この画面の照会と操作は、すべて監査ログに記録されます。</p>
        </footer>
      </div>
    </AtCounter>
  );
}
