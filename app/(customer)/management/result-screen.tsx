"use client";

import type { ReactNode } from "react";
import { IdleDialog } from "@/app/ui/idle-dialog";
import { Banner } from "@/app/ui/banner";
import { Button, ButtonLink } from "@/app/ui/button";
import { type Crumb, menuOf, Shell } from "@/app/ui/shell";
import { useStateRoute } from "@/app/ui/state-route";
import { Cell, Row, Table } from "@/app/ui/table";
import { Waiting } from "@/app/ui/waiting";
import type { ActResultAnswer } from "@/lib/corporation/act-result-answer";
import { userClassNames } from "@/lib/corporation/user-classes";
import { dateAndTime } from "@/lib/platform/japan-time";

type ResultRow = ActResultAnswer["rows"][number];

type ResultScreenProps = {
  title: string;
  trail: Crumb[];
  route: string;
  backTo: { path: string; words: string };
  /** 「2名のうち1名の停止を解除しました」 */
  summary: (done: number, all: number) => string;
  columns: { words: string; of: (row: ResultRow) => ReactNode }[];
  /** What each of them must do next. */
  next: ReactNode;
};

/** What came of an act, row by row. It can still be read when the act has ended the operator's own session; printed, it is evidence. */
export function ResultScreen({ title, trail, route, backTo, summary, columns, next }: ResultScreenProps) {
  const { state, refusal, again } = useStateRoute<ActResultAnswer>(route);
  const viewer = state?.viewer;
  return (
    <Shell title={title} wide user={viewer?.user} menu={viewer ? menuOf(viewer.isManager, "/management") : undefined} trail={viewer ? trail : undefined}>
      {state ? (
        <>
          <Summary rows={state.rows} summary={summary} />
          <Table name="対象利用者" count={`${state.rows.length}名`} columns={["ログインID", "利用者名", "利用者区分", ...columns.map(({ words }) => words), "結果"].map((words) => ({ words }))}>
            {state.rows.map((row, index) => (
              <Row key={index}>
                <Cell className="digits">{row.user?.loginId ?? "―"}</Cell>
                <Cell>{row.user?.name ?? "―"}</Cell>
                <Cell>{row.user ? userClassNames[row.user.userClass] : "―"}</Cell>
                {columns.map(({ words, of }) => (
                  <Cell key={words}>{of(row)}</Cell>
                ))}
                <Cell>{row.words}</Cell>
              </Row>
            ))}
          </Table>
          <section aria-labelledby="next">
            <h2 id="next">この後のお手続き</h2>
            {next}
          </section>
          <Evidence state={state} />
          {!viewer && state.rows.some(({ done, self }) => done && self) && (
            <Banner kind="information" title="ご自身のトークンを失効させたため、ログアウトしました。">
              <p>この画面は、操作から10分間表示できます。再発行可能日時を過ぎてから、もう一度ログインしてください。</p>
            </Banner>
          )}
          <div className="flex flex-wrap gap-4 print:hidden">
            <Button onClick={() => print()} className="sm:min-w-48">
              印刷
            </Button>
            <ButtonLink kind="secondary" href={viewer ? backTo.path : "/login"}>
              {viewer ? backTo.words : "ログイン画面へ"}
            </ButtonLink>
          </div>
          {viewer && <IdleDialog session={viewer.session} />}
        </>
      ) : (
        <Waiting refusal={refusal} again={again} />
      )}
    </Shell>
  );
}

function Summary({ rows, summary }: { rows: ResultRow[]; summary: ResultScreenProps["summary"] }) {
  const done = rows.filter((row) => row.done).length;
  return (
    <Banner kind={done === rows.length ? "success" : "warning"} title={summary(done, rows.length)}>
      {done < rows.length && <p>操作を行わなかった利用者については、表の「結果」をご確認ください。</p>}
    </Banner>
  );
}

function Evidence({ state: { company, operator, actedAt, number } }: { state: ActResultAnswer }) {
  const facts = [
    ["会社名", company], ["操作日時", dateAndTime(new Date(actedAt))],
    ["操作者", `${operator.name}（${operator.loginId}、${userClassNames[operator.userClass]}）`], ["操作番号", number],
  ];
  return (
    <dl className="grid gap-x-6 text-sm leading-175 sm:grid-cols-[max-content_1fr]">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-solid-gray-700">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
