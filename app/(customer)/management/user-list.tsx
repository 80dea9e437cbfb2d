"use client";

import { type ReactNode, useEffect, useState } from "react";
import { Button } from "@/app/ui/button";
import { useStateRoute } from "@/app/ui/state-route";
import { Cell, Row, Table } from "@/app/ui/table";
import { userClassNames } from "@/lib/corporation/user-classes";
import type { UserListAnswer } from "@/lib/corporation/list-request";
import type { SortKey } from "@/lib/corporation/user-list";

export type ListedUser = UserListAnswer["users"][number];

const turns: SortKey[] = ["login_id", "name", "user_class"];

const typingPauseMs = 300;

/** A list's page, order and search, and the answer to them. The answer before stays until the next one is there. */
export function useUserList(route: string, firstSort: SortKey) {
  const [query, setQuery] = useState({ search: "", sort: firstSort, descending: false, page: 1 });
  const { search, sort, descending, page } = query;
  const asked = new URLSearchParams({ search, sort, page: String(page), ...(descending && { descending: "1" }) });
  const answer = useStateRoute<UserListAnswer>(`${route}?${asked}`);
  return {
    answer, query,
    turnTo: (page: number) => setQuery((now) => ({ ...now, page })),
    searchFor: (search: string) => setQuery((now) => ({ ...now, search, page: 1 })),
    /** The same again turns the order round; who waits for somebody is always first. */
    sortBy: (sort: SortKey) => setQuery((now) => ({ ...now, sort, page: 1, descending: now.sort === sort && turns.includes(sort) && !now.descending })),
  };
}

type UserList = ReturnType<typeof useUserList>;

/** Users chosen, over all pages of a list, in the order of choosing. */
export function useTicks() {
  const [ticks, setTicks] = useState<ReadonlyMap<string, ListedUser>>(new Map());
  return {
    chosen: [...ticks.values()],
    has: (user: ListedUser) => ticks.has(user.id),
    set: (users: ListedUser[], ticked: boolean) => setTicks((now) => {
      const next = new Map(now);
      for (const user of users) if (ticked) next.set(user.id, user); else next.delete(user.id);
      return next;
    }),
    clear: () => setTicks(new Map()),
  };
}

export type Ticks = ReturnType<typeof useTicks>;

type UserTableProps = {
  list: UserList;
  state: UserListAnswer;
  /** The columns behind 利用者区分, and which order puts them first. */
  columns: { words: string; sort?: SortKey; of: (user: ListedUser) => ReactNode }[];
  ticks?: Ticks;
  /** Whom the act is for: 「すべて選択」 ticks these. */
  isMeant?: (user: ListedUser) => boolean;
};

export function UserTable({ list, state, columns, ticks, isMeant }: UserTableProps) {
  const { query, sortBy } = list;
  const sorted = (words: string, sort: SortKey) =>
    ({ words, sort: { pressed: () => sortBy(sort), now: query.sort === sort ? (query.descending ? ("descending" as const) : ("ascending" as const)) : undefined } });
  return (
    <section aria-label="利用者の検索と一覧" className="flex flex-col gap-4">
      <Search list={list} total={state.total} />
      {ticks && isMeant && <TickAll ticks={ticks} shown={state.users.filter(isMeant)} />}
      <Table
        name="利用者一覧"
        count={`${state.total.toLocaleString("ja-JP")}名`}
        columns={[
          ...(ticks ? [{ words: "選択" }] : []),
          sorted("ログインID", "login_id"), sorted("利用者名", "name"), sorted("利用者区分", "user_class"),
          ...columns.map(({ words, sort }) => (sort ? sorted(words, sort) : { words })),
        ]}
      >
        {state.users.map((user) => (
          <Row key={user.id} className={ticks?.has(user) ? "bg-blue-50" : ""}>
            {ticks && (
              <Cell className="w-16 py-0">
                <Tick user={user} ticks={ticks} />
              </Cell>
            )}
            <Cell className="digits">
              <a href={`/management/users/${user.id}`}>{user.loginId}</a>
            </Cell>
            <Cell>
              {user.name}
              {user.self && <span className="text-solid-gray-700">（ご自身）</span>}
            </Cell>
            <Cell>{userClassNames[user.userClass]}</Cell>
            {columns.map(({ words, of }) => (
              <Cell key={words}>{of(user)}</Cell>
            ))}
          </Row>
        ))}
      </Table>
      {state.total === 0 && <p>該当する利用者はいません。検索する言葉をご確認ください。</p>}
      <Pages list={list} shown={state.page} pages={state.pages} />
    </section>
  );
}

function Search({ list, total }: { list: UserList; total: number }) {
  const [words, setWords] = useState("");
  const { searchFor, query } = list;
  useEffect(() => {
    if (words === query.search) return;
    const timer = setTimeout(() => searchFor(words), typingPauseMs);
    return () => clearTimeout(timer);
  });
  return (
    <div role="search" className="max-w-[40rem]">
      <label htmlFor="search" className="font-bold">
        利用者を検索
      </label>
      <p id="search-help" className="text-sm leading-150 text-solid-gray-700">
        ログインIDまたは利用者名の一部を入力してください。
      </p>
      <input
        id="search"
        type="search"
        value={words}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        aria-describedby="search-help"
        onChange={(event) => setWords(event.target.value)}
        className="mt-2 min-h-12 w-full rounded-8 border border-solid-gray-600 bg-white px-4 py-2"
      />
      <p role="status" className="sr-only">
        {query.search ? `${total}名が該当しました。` : ""}
      </p>
    </div>
  );
}

function Tick({ user, ticks }: { user: ListedUser; ticks: Ticks }) {
  return (
    <label className="flex min-h-11 min-w-11 cursor-pointer items-center justify-center">
      <input
        type="checkbox"
        aria-label={user.loginId}
        checked={ticks.has(user)}
        onChange={(event) => ticks.set([user], event.target.checked)}
        className="size-6"
      />
    </label>
  );
}

function TickAll({ ticks, shown }: { ticks: Ticks; shown: ListedUser[] }) {
  const allTicked = shown.length > 0 && shown.every(ticks.has);
  return (
    <div className="flex flex-wrap gap-4">
      <Button kind="secondary" off={shown.length === 0 || allTicked} onClick={() => ticks.set(shown, true)}>
        表示中の対象者をすべて選択
      </Button>
      <Button kind="secondary" off={ticks.chosen.length === 0} onClick={ticks.clear}>
        選択をすべて解除
      </Button>
    </div>
  );
}

/** The number is the page's that is shown; the buttons go on from the page that was asked for last. */
function Pages({ list: { query, turnTo }, shown, pages }: { list: UserList; shown: number; pages: number }) {
  if (pages === 1) return null;
  const { page } = query;
  return (
    <nav aria-label="ページ" className="flex flex-wrap items-center gap-4">
      <Button kind="secondary" off={page <= 1} onClick={() => turnTo(page - 1)} className="max-sm:w-auto!">
        前のページ
      </Button>
      <p role="status" className="digits">
        {shown}／{pages}ページ
      </p>
      <Button kind="secondary" off={page >= pages} onClick={() => turnTo(page + 1)} className="max-sm:w-auto!">
        次のページ
      </Button>
    </nav>
  );
}
