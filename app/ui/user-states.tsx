"use client";

import type { UserState } from "@/lib/corporation/user-states";
import { dateAndTime } from "@/lib/platform/japan-time";
import type { Attempt } from "@/lib/suspension/attempts";
import { Attempts } from "./attempts";
import { Banner } from "./banner";
import { Status } from "./status";
import { Cell, Row, Table } from "./table";

/** What happens at this user's next login. */
export function Verdict({ verdict: { mayLogIn, words, until } }: { verdict: { mayLogIn: boolean; words: string; until?: string } }) {
  return (
    <Banner kind={mayLogIn ? "information" : "warning"} title={words}>
      {until && <p>{dateAndTime(new Date(until))} 以降にログインできます。</p>}
    </Banner>
  );
}

const at = (moment: string | undefined) => (moment ? dateAndTime(new Date(moment)) : "");

/** Every question of spec section 1 about a user, and what led to a suspension. */
export function UserStates({ shown: { states, attempts, name } }: { shown: { name: string; states: UserState[]; attempts: Attempt[] } }) {
  const suspended = states.some(({ question, kind }) => question === "ワンタイムパスワード認証状態" && kind === "stopped");
  return (
    <>
      <Table name="現在の状態" columns={["項目", "状態", "いつから", "いつまで", "理由", "解除できる方"].map((words) => ({ words }))}>
        {states.map(({ question, state, kind, since, until, cause, release }) => (
          <Row key={question}>
            <th scope="row" className="px-4 py-2 text-left font-normal whitespace-nowrap">
              {question}
            </th>
            <Cell>
              <Status kind={kind} words={state} />
            </Cell>
            <Cell className="digits min-w-44 break-keep">{at(since)}</Cell>
            <Cell className="digits min-w-44 break-keep">{at(until)}</Cell>
            <Cell className="min-w-32">{cause}</Cell>
            <Cell className="min-w-48">{release}</Cell>
          </Row>
        ))}
      </Table>
      {suspended && (
        <section aria-labelledby="what-led-to-it" className="rounded-8 border border-solid-gray-420 p-4 sm:p-6">
          <h2 id="what-led-to-it">{name} 様の、利用停止までの入力</h2>
          <Attempts attempts={attempts} />
        </section>
      )}
    </>
  );
}
