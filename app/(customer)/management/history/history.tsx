"use client";

import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { HistoryPage, HistoryRow, Named } from "@/lib/audit/history";
import { eventGroups, eventsPerPage, resultNames } from "@/lib/audit/words";
import type { Answer, ViewerAnswer } from "@/lib/platform/answer";
import { dateAndTime } from "@/lib/platform/japan-time";
import { PersonalScreen } from "@/app/(customer)/personal-screen";
import { elsewhere, get, leadAway } from "@/app/ui/answer";
import { Button } from "@/app/ui/button";
import { DateField } from "@/app/ui/date-field";
import { PostForm } from "@/app/ui/post-form";
import { SelectField } from "@/app/ui/select-field";
import { useStateRoute } from "@/app/ui/state-route";
import { Status } from "@/app/ui/status";
import { Cell, Row, Table } from "@/app/ui/table";
import { TextField } from "@/app/ui/text-field";

const path = "/management/history";

/** As JSON has them. */
type Event = Omit<HistoryRow, "at"> & { at: string };
type Page = Omit<HistoryPage, "rows"> & { rows: Event[] };
type HistoryState = ViewerAnswer & { days: number; firstDay: string; lastDay: string; found: Page | { fields: Record<string, string> } };

/** What is shown, and what it was asked for: paging and the CSV file go by that, not by what has been typed since. */
type Shown = { asked: [name: string, value: string][]; page: Page };

export function History() {
  const answer = useStateRoute<HistoryState>(`${path}/state`);
  return (
    <PersonalScreen title="操作履歴照会" here="/management" trail={answer.state?.isManager ? [{ path: "/management", words: "管理" }] : undefined} answer={answer}>
      {(state) => <Inquiry first={state} />}
    </PersonalScreen>
  );
}

async function ask(form: FormData): Promise<Answer<Shown>> {
  const all = [...form].filter((field): field is [string, string] => typeof field[1] === "string");
  const began = performance.now();
  const answer = await get<HistoryState>(`${path}/state?${new URLSearchParams(all).toString()}`);
  if (!answer.ok) {
    const away = elsewhere(answer.refusal.go); // whose session is over sees no more of it
    if (away) leadAway(away, began);
    return answer;
  }
  const { found } = answer.state;
  return "fields" in found ? { ok: false, fields: found.fields } : { ok: true, go: path, asked: all.filter(([name]) => name !== "cursor"), page: found };
}

function Inquiry({ first }: { first: HistoryState }) {
  const [shown, setShown] = useState<Shown>({ asked: [], page: "fields" in first.found ? { rows: [], newer: null, older: null } : first.found });
  const [asking, setAsking] = useState(false);
  const results = useRef<HTMLDivElement>(null);

  async function look(form: FormData): Promise<Answer<Shown>> {
    setAsking(true);
    const answered = await ask(form);
    setAsking(false);
    return answered;
  }
  function show({ asked, page }: Shown) {
    flushSync(() => setShown({ asked, page }));
    results.current?.focus();
  }

  return (
    <>
      <p>
        {first.isManager ? "貴社のすべての利用者の操作を、" : "ご自身の操作と、ご自身に対して行われた操作を、"}
        過去{first.days}日分まで照会できます。
      </p>
      <Filters state={first} look={look} show={show} />
      <div ref={results} tabIndex={-1} aria-busy={asking} className="flex flex-col gap-6">
        <p role="status" className={asking ? "" : "sr-only"}>
          {asking ? "照会しています。" : `${shown.page.rows.length}件を表示しました。`}
        </p>
        <Events rows={shown.page.rows} />
        <Paging shown={shown} look={look} show={show} />
        {shown.page.rows.length > 0 && <Download asked={shown.asked} />}
      </div>
    </>
  );
}

type Looking = { look: (form: FormData) => Promise<Answer<Shown>>; show: (shown: Shown) => void };

const everything = { value: "", words: "すべて" };
const optionsOf = (names: Record<string, string>) => [everything, ...Object.entries(names).map(([value, words]) => ({ value, words }))];

function Filters({ state, look, show }: Looking & { state: HistoryState }) {
  const days = { min: state.firstDay, max: state.lastDay };
  return (
    <section aria-labelledby="filters" className="rounded-8 bg-solid-gray-50 p-4 sm:p-6">
      <h2 id="filters">照会の条件</h2>
      <div className="mt-4">
        <PostForm<Shown> action={path} send={look} onStay={show}>
          <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
            <DateField name="from" label="操作日付（開始）" {...days} />
            <DateField name="to" label="操作日付（終了）" {...days} />
            <SelectField name="group" label="操作内容" required={false} options={optionsOf(eventGroups)} />
            <SelectField name="result" label="結果" required={false} options={optionsOf(resultNames)} />
            {state.isManager && (
              <div className="sm:col-span-2">
                <TextField name="person" label="利用者名" required={false} maxLength={100} autoComplete="off" help="利用者名またはログインIDの一部。操作した利用者と、対象の利用者から探します。" />
              </div>
            )}
          </div>
          <Button type="submit" className="mt-6">
            照会
          </Button>
        </PostForm>
      </div>
    </section>
  );
}

const columns = ["操作日付", "利用者名", "操作内容", "結果", "対象の利用者", "接続元"].map((words) => ({ words }));

function Events({ rows }: { rows: Event[] }) {
  if (rows.length === 0) {
    return (
      <section aria-labelledby="none">
        <h2 id="none">操作履歴</h2>
        <p className="mt-2">条件に合う操作履歴はありません。操作日付の範囲を広げるか、ほかの条件を「すべて」にして、もう一度照会してください。</p>
      </section>
    );
  }
  return (
    <Table name="操作履歴" count={`${rows.length}件を表示`} columns={columns}>
      {rows.map((row) => (
        <Row key={row.id} className="align-top">
          <Cell className="digits max-sm:min-w-44 sm:whitespace-nowrap">{dateAndTime(new Date(row.at))}</Cell>
          <Cell className="min-w-36">
            <Person {...row.by} />
          </Cell>
          <Cell className="min-w-48">
            {row.label}
            <Small>{row.group}</Small>
          </Cell>
          <Cell>
            <Status kind={row.result === "done" ? "good" : "stopped"} words={resultNames[row.result]} />
            {row.code && <Small className="digits whitespace-nowrap">{row.code}</Small>}
          </Cell>
          <Cell className="min-w-36">
            <Person {...row.to} />
          </Cell>
          <Cell className="min-w-40">
            <span className="digits">{row.network || "―"}</span>
            {row.browser && <Small>{row.browser}</Small>}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

const Small = ({ children, className = "" }: { children: string; className?: string }) => <span className={`block text-sm text-solid-gray-700 ${className}`}>{children}</span>;

const Person = ({ name, loginId }: Named) => (
  <>
    <bdi>{name}</bdi>
    {loginId && <Small>{loginId}</Small>}
  </>
);

const Asked = ({ asked }: { asked: Shown["asked"] }) => asked.map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);

function Paging({ shown: { asked, page }, look, show }: Looking & { shown: Shown }) {
  if (!page.newer && !page.older) return null;
  return (
    <nav aria-label="操作履歴のページ">
      <PostForm<Shown> action={path} send={look} onStay={show} className="flex flex-wrap gap-4">
        <Asked asked={asked} />
        {page.newer && (
          <Button type="submit" kind="secondary" name="cursor" value={page.newer}>
            前の{eventsPerPage}件
          </Button>
        )}
        {page.older && (
          <Button type="submit" kind="secondary" name="cursor" value={page.older}>
            次の{eventsPerPage}件
          </Button>
        )}
      </PostForm>
    </nav>
  );
}

/** A plain post, so that the browser itself saves the file; a refusal is a page of its own. */
function Download({ asked }: { asked: Shown["asked"] }) {
  return (
    <form method="post" action={`${path}/csv`} className="border-t border-solid-gray-420 pt-6">
      <Asked asked={asked} />
      <Button type="submit" kind="secondary">
        CSVダウンロード
      </Button>
      <p className="mt-2 text-sm leading-150 text-solid-gray-700">照会した条件のすべての操作履歴を、CSVファイルに保存します。</p>
    </form>
  );
}
