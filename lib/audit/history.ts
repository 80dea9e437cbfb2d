import { sql, type SQL } from "drizzle-orm";
import { searchPattern } from "@/lib/corporation/user-list";
import { isManager, type UserClass } from "@/lib/corporation/user-classes";
import { days, later } from "@/lib/platform/clock";
import { toCsvHead, toCsvLine } from "@/lib/platform/csv";
import { database, withinDeadline } from "@/lib/platform/database";
import { institution } from "@/lib/platform/institution";
import { sortableTime, startOfDay } from "@/lib/platform/japan-time";
import { policy } from "@/lib/policy";
import { resultOf } from "./events";
import type { HistoryFilter } from "./history-fields";
import { eventGroups, eventsPerPage, eventWords, resultNames, wordsOf, type EventResult } from "./words";

const mostPeople = 100; // one lane through an index each
const eventsPerBatch = 500;

/** Whose session asks; a general user is shown nothing but their own. */
export type Viewer = { now: Date; user: { id: string; userClass: UserClass }; corporation: { id: string } };

/** A user, or in place of one the institution, 「システム」 or 「―」. */
export type Named = { name: string; loginId: string | null };

export type HistoryRow = {
  id: string; at: Date; label: string; group: string; result: EventResult; code: string | null; by: Named; to: Named; network: string; browser: string;
};

/** `newer` and `older` are cursors, where there may be more. */
export type HistoryPage = { rows: HistoryRow[]; newer: string | null; older: string | null };

type Problem = { fields: { person: string } };

type Cursor = { direction: "newer" | "older"; at: Date; id: string };

export const cursorOf = (direction: Cursor["direction"], row: Pick<HistoryRow, "at" | "id"> | undefined): string | null => (row ? `${direction}.${row.at.getTime()}.${row.id}` : null);

/** A cursor came from the browser: one that is not of our making asks for the first page. */
export function readCursor(text: string | null): Cursor | undefined {
  const [, direction, milliseconds, id] = /^(newer|older)\.(\d{1,13})\.(\d{1,18})$/.exec(text ?? "") ?? []; // as much as a year of four digits and a bigint hold
  return id === undefined ? undefined : { direction: direction as Cursor["direction"], at: new Date(Number(milliseconds)), id };
}

/** From when on events are shown. */
export const historyBegins = (now: Date): Date => later(now, -days(policy.historyDays));

/** An event's result is decided by its name, so group and result are a set of names; undefined is all of them. */
function namesOf({ group, result }: HistoryFilter): string[] | undefined {
  if (!group && !result) return undefined;
  return (Object.keys(eventWords) as (keyof typeof eventWords)[]).filter((name) =>
    (!group || eventWords[name].group === group) && (!result || resultOf({ name }) === result));
}

/** A limit in the statement's text: as a parameter it would be planned for a tenth of the table, and read other indexes. */
const literal = (count: number): SQL => sql.raw(String(count));

/** The company's users, deleted ones too, that a text is part of; "many" when they are more than can be looked through. */
async function peopleOf(corporationId: string, text: string): Promise<string[] | "many"> {
  const some = (which: SQL) => sql`(select id from users where corporation_id = ${corporationId} and ${which} and search_text like ${searchPattern(text)} limit ${literal(mostPeople + 1)})`;
  const rows = await withinDeadline(database().execute<{ id: string }>(sql`${some(sql`deleted_at is null`)} union all ${some(sql`deleted_at is not null`)}`));
  return rows.length > mostPeople ? "many" : rows.map(({ id }) => id);
}

const newest = (one: Date, other: Date): Date => (one > other ? one : other);

const list = (items: string[], type: "text" | "uuid"): SQL => sql`${`{${items.join(",")}}`}::${sql.raw(type)}[]`;

/** What the counter's people look up and decide is no customer's business; what it came to is in the log by its own name. */
const notTheCountersOwn = sql`e.name not like 'staff.%' and e.name not like 'case.%'`;

type Selection = { viewer: Viewer; filter: HistoryFilter; people: string[] | undefined };

/**
 * The newest (or, going back, the oldest) events past a cursor: each name's or each person's own through the index that has
 * them in order, never more than a page of each, and of those the page. However many events the company has, a page reads as much.
 */
function selected({ viewer, filter, people }: Selection, cursor: Cursor | undefined, limit: number): SQL {
  const { direction = "older", at, id } = cursor ?? {};
  const names = namesOf(filter);
  const begins = historyBegins(viewer.now);
  const from = filter.from ? newest(startOfDay(filter.from), begins) : begins;
  const end = filter.to ? newest(later(startOfDay(filter.to), days(1)), begins) : undefined;
  const order = direction === "older" ? sql`at desc, id desc` : sql`at, id`;
  const past = direction === "older" ? sql`<` : sql`>`;
  const most = literal(limit);

  const lane = (which: SQL) => sql`(select at, id from audit_events e where e.corporation_id = ${viewer.corporation.id} and ${which} and ${notTheCountersOwn}
    and e.at >= ${from.toISOString()} ${end ? sql`and e.at < ${end.toISOString()}` : sql``}
    ${at ? sql`and (e.at, e.id) ${past} (${at.toISOString()}::timestamptz, ${id}::bigint)` : sql``}
    order by ${order} limit ${most})`;
  const ofNames = names ? sql`and e.name = any(${list(names, "text")})` : sql``;

  const lanes = !isManager(viewer.user.userClass) ? lane(sql`e.user_id = ${viewer.user.id} ${ofNames}`)
    : people ? sql`select lane.* from unnest(${list(people, "uuid")}) person cross join lateral (
        ${lane(sql`e.user_id = person ${ofNames}`)} union all ${lane(sql`e.actor_id = person and (e.user_id is null or e.actor_id <> e.user_id) ${ofNames}`)}) lane`
    : names ? sql`select lane.* from unnest(${list(names, "text")}) wanted cross join lateral ${lane(sql`e.name = wanted`)} lane`
    : lane(sql`true`);
  return sql`select distinct at, id from (${lanes}) lanes order by ${order} limit ${most}`;
}

type Facts = {
  id: string; at: string; name: string; result: EventResult; code: string | null; actor_kind: "anonymous" | "user" | "staff" | "system"; network: string; browser: string;
  actor_name: string | null; actor_login_id: string | null; subject_name: string | null; subject_login_id: string | null;
};

/** Newest first, whichever way they were looked for. */
async function rowsOf(selection: Selection, cursor: Cursor | undefined, limit: number): Promise<HistoryRow[]> {
  const { corporation } = selection.viewer;
  const rows = await withinDeadline(database().execute<Facts>(sql`
    select e.id, e.at, e.name, e.result, e.code, e.actor_kind, e.network, e.browser,
      actor.name as actor_name, actor.login_id as actor_login_id, subject.name as subject_name, subject.login_id as subject_login_id
    from (${selected(selection, cursor, limit)}) page join audit_events e on e.id = page.id
    left join users actor on actor.id = e.actor_id and actor.corporation_id = ${corporation.id}
    left join users subject on subject.id = e.user_id and subject.corporation_id = ${corporation.id}
    order by page.at desc, page.id desc`));
  return rows.map(shown);
}

function shown(row: Facts): HistoryRow {
  const others = { anonymous: "―", user: "―", staff: institution().name, system: "システム" };
  const { label, group } = wordsOf(row.name);
  const ours = row.actor_kind === "staff"; // where our staff sit is no customer's business
  return {
    id: row.id, at: new Date(row.at), label, group: eventGroups[group], result: row.result, code: row.code,
    by: row.actor_kind === "user" && row.actor_name !== null ? { name: row.actor_name, loginId: row.actor_login_id } : { name: others[row.actor_kind], loginId: null },
    to: { name: row.subject_name ?? "―", loginId: row.subject_login_id },
    network: ours ? "" : row.network, browser: ours ? "" : row.browser,
  };
}

/** The people asked for are looked up first. A general user's text is not looked at: it would tell who else is in the company. */
async function select(viewer: Viewer, filter: HistoryFilter): Promise<Selection | Problem> {
  if (!filter.person.trim() || !isManager(viewer.user.userClass)) return { viewer, filter, people: undefined };
  const people = await peopleOf(viewer.corporation.id, filter.person);
  return people === "many"
    ? { fields: { person: `利用者名に当てはまる利用者が${mostPeople}名を超えています。ログインIDまたは利用者名を詳しく入力してください。` } }
    : { viewer, filter, people };
}

/** One page of a company's history, or of a general user's own, newest first. */
export async function readHistory(viewer: Viewer, filter: HistoryFilter, cursorText: string | null): Promise<HistoryPage | Problem> {
  const selection = await select(viewer, filter);
  if ("fields" in selection) return selection;
  const cursor = readCursor(cursorText);
  const found = await rowsOf(selection, cursor, eventsPerPage + 1);
  const backwards = cursor?.direction === "newer";
  const more = found.length > eventsPerPage;
  const rows = backwards ? found.slice(-eventsPerPage) : found.slice(0, eventsPerPage);
  return {
    rows,
    newer: cursor && (!backwards || more) ? cursorOf("newer", rows[0]) : null,
    older: backwards || more ? cursorOf("older", rows.at(-1)) : null,
  };
}

const headings = ["操作日付", "利用者名", "ログインID", "分類", "操作内容", "結果", "照会番号", "対象の利用者", "対象のログインID", "接続元", "ブラウザ"];

const csvLine = ({ at, by, to, group, label, result, code, network, browser }: HistoryRow) =>
  toCsvLine([sortableTime(at), by.name, by.loginId ?? "", group, label, resultNames[result], code ?? "", to.name, to.loginId ?? "", network, browser]);

/** All of it as CSV, a batch at a time: the database waits for whoever saves the file, and holds nothing meanwhile. */
export async function historyCsv(viewer: Viewer, filter: HistoryFilter): Promise<AsyncGenerator<string, void, void> | Problem> {
  const selection = await select(viewer, filter);
  return "fields" in selection ? selection : csvOf(selection);
}

async function* csvOf(selection: Selection): AsyncGenerator<string, void, void> {
  yield toCsvHead(headings);
  let rows: HistoryRow[];
  let cursor: Cursor | undefined;
  do {
    rows = await rowsOf(selection, cursor, eventsPerBatch);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(csvLine).join("");
    cursor = { direction: "older", at: last.at, id: last.id };
  } while (rows.length === eventsPerBatch);
}
