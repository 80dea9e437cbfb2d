"use client";

import { useEffect, useRef, useState } from "react";
import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { Banner } from "@/app/ui/banner";
import { Button, ButtonLink } from "@/app/ui/button";
import { FileField } from "@/app/ui/file-field";
import { useForm } from "@/app/ui/form-state";
import { PostForm } from "@/app/ui/post-form";
import { useStateRoute } from "@/app/ui/state-route";
import { Cell, Row, Table } from "@/app/ui/table";
import { TextField } from "@/app/ui/text-field";
import { fileColumns, type FileReport } from "@/lib/corporation/user-file-report";
import type { ViewerAnswer } from "@/lib/platform/answer";
import { trails } from "../../trails";
import { fieldHelp } from "../field-help";

type ImportState = ViewerAnswer & { usersPerImport: number };
type ImportAnswer = { report?: FileReport; registered?: number };

export function Import() {
  const answer = useStateRoute<ImportState>("/management/users/import/state");
  const [registered, setRegistered] = useState<number>();
  return (
    <PersonalScreen title="CSV一括登録" here="/management" trail={trails.belowUsers} answer={answer}>
      {({ usersPerImport }) =>
        registered === undefined ? (
          <>
            <FileFormat usersPerImport={usersPerImport} />
            <ImportForm onRegistered={setRegistered} />
          </>
        ) : (
          <Registered users={registered} again={() => setRegistered(undefined)} />
        )
      }
    </PersonalScreen>
  );
}

const formats: Record<keyof typeof fileColumns, string> = {
  ...fieldHelp,
  userClass: "「マスターユーザ」「管理者ユーザ」「一般ユーザ」のいずれか。ご自身より上の利用者区分は登録できません。",
  loginPassword: "8文字以上。推測されやすいものは使えません。利用者ごとに異なるものにしてください。",
};

function FileFormat({ usersPerImport }: { usersPerImport: number }) {
  return (
    <section aria-labelledby="format" className="flex flex-col gap-4">
      <h2 id="format">CSVファイルの形式</h2>
      <p>
        1行目に見出しを入れ、2行目から、1行に1名ずつ入力してください。1つのファイルで{usersPerImport}名まで登録できます。文字コードは、UTF-8またはシフトJISです。
      </p>
      <dl className="grid gap-x-6 sm:grid-cols-[max-content_1fr]">
        {Object.entries(fileColumns).map(([field, words]) => (
          <div key={field} className="border-b border-solid-gray-300 py-2 sm:col-span-2 sm:grid sm:grid-cols-subgrid">
            <dt className="font-bold">{words}</dt>
            <dd>{formats[field as keyof typeof formats]}</dd>
          </div>
        ))}
      </dl>
      <p>
        <a href="/users-sample.csv" download="users-sample.csv">
          見本のCSVファイルをダウンロード
        </a>
      </p>
      <p>
        登録の後に、ログインIDと2つの仮パスワードをご本人に直接お渡しください。仮パスワードを書いたファイルは、お渡しが済みましたら削除してください。
      </p>
    </section>
  );
}

function ImportForm({ onRegistered }: { onRegistered: (users: number) => void }) {
  const [report, setReport] = useState<FileReport>();

  return (
    <PostForm<ImportAnswer>
      action="/management/users/import/register"
      upload
      className="flex flex-col gap-6"
      onStay={(answer) => (answer.registered === undefined ? setReport(answer.report) : onRegistered(answer.registered))}
    >
      <FileField name="file" label="CSVファイル" help="1MBまで" accept=".csv,text/csv" onChange={() => setReport(undefined)} />
      {report && <Report report={report} />}
      {report?.wrong === 0 ? (
        <>
          <div className="max-w-[40rem]">
            <TextField name="confirmationPassword" label="確認用パスワード" help="登録を行う、ご自身の確認用パスワードです。" secret showButton autoComplete="off" />
          </div>
          <Submit words="登録" meanwhile={`${report.users}名を登録しています。人数が多いときは、1分ほどかかることがあります。このままお待ちください。`} />
        </>
      ) : (
        <Submit words="内容を確認" action="/management/users/import/check" meanwhile="ファイルの内容を確認しています。このままお待ちください。" />
      )}
    </PostForm>
  );
}

function Submit({ words, action, meanwhile }: { words: string; action?: string; meanwhile: string }) {
  const { sending } = useForm();
  return (
    <div className="flex flex-wrap items-center gap-4">
      <Button type="submit" formAction={action} off={sending} className="sm:min-w-48">
        {words}
      </Button>
      <p role="status">{sending && meanwhile}</p>
    </div>
  );
}

/** What the file would come to. It takes the focus: what follows has changed. */
function Report({ report: { users, wrong, problems } }: { report: FileReport }) {
  const whole = useRef<HTMLDivElement>(null);
  useEffect(() => {
    whole.current?.focus();
  }, [problems]);

  return (
    <div ref={whole} tabIndex={-1} role="group" aria-label="ファイルの内容" className="flex flex-col gap-6">
      {wrong === 0 ? (
        <Banner kind="information" title={`${users}名を登録できます。`}>
          <p>まだ登録していません。確認用パスワードを入力し、「登録」を押してください。</p>
        </Banner>
      ) : (
        <>
          <Banner kind="warning" title={`${users}名のうち、${wrong}行に確認が必要な内容があります。`}>
            <p>まだ1名も登録していません。ファイルを修正して保存し、もう一度選択してください。</p>
          </Banner>
          <Table name="確認が必要な行" count={`${problems.length}件`} columns={["行", "項目", "内容"].map((words) => ({ words }))}>
            {problems.map(({ line, column, problem }) => (
              <Row key={`${line} ${column} ${problem}`}>
                <Cell className="whitespace-nowrap">{line}行目</Cell>
                <Cell className="whitespace-nowrap">{column ? fileColumns[column] : "行全体"}</Cell>
                <Cell>{problem}</Cell>
              </Row>
            ))}
          </Table>
        </>
      )}
    </div>
  );
}

function Registered({ users, again }: { users: number; again: () => void }) {
  return (
    <>
      <Banner kind="success" title={`${users}名を登録しました。`} urgent>
        <p>ログインIDと2つの仮パスワードを、ご本人に直接お渡しください。仮パスワードは、ご本人が初めてログインしたときに変更します。</p>
        <p>トークンの発行には発行許可が必要です。発行許可がない場合は、利用者詳細の画面で「発行許可」を行ってください。</p>
      </Banner>
      <div className="flex flex-wrap gap-4">
        <ButtonLink href="/management/users">利用者管理へ</ButtonLink>
        <Button kind="secondary" onClick={again}>
          続けて別のファイルを登録する
        </Button>
      </div>
    </>
  );
}
