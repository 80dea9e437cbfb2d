"use client";

import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { Banner } from "@/app/ui/banner";
import { ButtonLink } from "@/app/ui/button";
import { useBrowserValue } from "@/app/ui/browser-values";
import { passkeyStatus, stop, suspension, tokenStatus } from "@/app/ui/user-status";
import { trails } from "../trails";
import { CsvDownload } from "./csv-download";
import { useUserList, UserTable } from "../user-list";

const readDeleted = () => new URLSearchParams(location.search).get("deleted");

export function Users() {
  const list = useUserList("/management/users/state", "login_id");
  const deleted = useBrowserValue(readDeleted) !== null;
  return (
    <PersonalScreen title="利用者管理" here="/management" trail={trails.belowManagement} answer={list.answer}>
      {(state) => (
        <>
          {deleted && <Banner kind="success" title="利用者を削除しました。" />}
          <div className="flex flex-wrap gap-4">
            <ButtonLink href="/management/users/new">利用者登録</ButtonLink>
            <ButtonLink kind="secondary" href="/management/users/import">
              CSV一括登録
            </ButtonLink>
            <CsvDownload />
          </div>
          <UserTable
            list={list}
            state={state}
            columns={[
              { words: "ワンタイムパスワード状態", sort: "revoked", of: tokenStatus },
              { words: "パスキー", of: passkeyStatus },
              { words: "ワンタイムパスワード認証状態", sort: "suspended", of: suspension },
              { words: "利用者状態", sort: "stopped", of: stop },
            ]}
          />
        </>
      )}
    </PersonalScreen>
  );
}
