import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { cursorOf, readCursor } from "@/lib/audit/history";
import { resultNames, staffEventLabels, wordsOf } from "@/lib/audit/words";
import { days, later } from "@/lib/platform/clock";
import { toCsvHead, toCsvLine } from "@/lib/platform/csv";
import { database, withinDeadline } from "@/lib/platform/database";
import { sortableTime, startOfDay } from "@/lib/platform/japan-time";
import type { AuditAnswer, AuditRow } from "./answers";
import { plainKey } from "./contracts";

const rowsPerPage = 100;
const rowsPerBatch = 500;

const day = (words: string) => z.literal("").or(z.iso.date(`${words}は、年月日を正しく入力してください。`)).default("");

export const auditFields = z.object({
  key: z.string().max(100, "100文字以内で入力してください。").default("").transform(plainKey),
  from: day("開始日"), to: day("終了日"),
}).refine(({ from, to }) => !from || !to || from <= to, { path: ["to"], error: "終了日は、開始日以降の日付を入力してください。" });

type AuditQuery = z.output<typeof auditFields>;

/** `about`: the companies that they belong to. */
type Subject = { corporations: string[]; users: string[]; staff: string[]; cases: string[]; about: string[] };

/** Whom a key names: a contract, a user, a member of staff, or a case with everything its requests did. Whole keys only. */
async function subjectOf(key: string): Promise<Subject | undefined> {
  const [row] = await withinDeadline(database().execute<Record<keyof Subject, string[]>>(sql`select
    to_json(array(select id::text from corporations where contract_number = ${key})) as corporations,
    to_json(array(select id::text from users where lower(login_id) = lower(${key}))) as users,
    to_json(array(select id::text from staff where lower(staff_id) = lower(${key}))) as staff,
    to_json(array(select number from cases where lower(number) = lower(${key}))) as cases,
    to_json(array(select id::text from corporations where contract_number = ${key} union select corporation_id::text from users where lower(login_id) = lower(${key})
      union select corporation_id::text from cases where lower(number) = lower(${key}) and corporation_id is not null)) as about`));
  return row && Object.values(row).some((ids) => ids.length > 0) ? row : undefined;
}

const uuids = (ids: string[]): SQL => sql`${`{${ids.join(",")}}`}::uuid[]`;

const ofCase = (number: string): SQL => sql`lower(e.details ->> 'caseNumber') = lower(${number})`;

/** What an approval did has its company, its moment and its request: the moment is an index's, the request makes it certain. */
const doneBy = (number: string): SQL => sql`(e.corporation_id, e.at, e.request_id) in (select c.corporation_id, c.at, c.request_id from audit_events c
  where lower(c.details ->> 'caseNumber') = lower(${number}) and c.name in ('case.approved', 'case.carried_out'))`;

type Facts = {
  id: string; at: string; name: string; result: "done" | "refused"; code: string | null; actor_kind: "anonymous" | "user" | "staff" | "system"; network: string; browser: string;
  request_id: string; details: object; actor: string | null; subject: string | null; company: string | null;
};

const actors = { anonymous: "―", user: "―", staff: "職員", system: "システム" } as const;

/** The newest events of a subject past a cursor: a lane through an index for each of what it names. */
async function rowsOf(subject: Subject, { from, to }: AuditQuery, cursor: ReturnType<typeof readCursor>, limit: number): Promise<AuditRow[]> {
  const lane = (which: SQL) => sql`(select e.at, e.id from audit_events e where ${which}
    ${from ? sql`and e.at >= ${startOfDay(from).toISOString()}` : sql``} ${to ? sql`and e.at < ${later(startOfDay(to), days(1)).toISOString()}` : sql``}
    ${cursor ? sql`and (e.at, e.id) < (${cursor.at.toISOString()}::timestamptz, ${cursor.id}::bigint)` : sql``} order by e.at desc, e.id desc limit ${sql.raw(String(limit))})`;
  const lanes = [
    ...(subject.corporations.length > 0 ? [lane(sql`e.corporation_id = any(${uuids(subject.corporations)})`)] : []),
    ...(subject.users.length > 0 ? [lane(sql`e.user_id = any(${uuids(subject.users)})`)] : []),
    ...(subject.users.length + subject.staff.length > 0 ? [lane(sql`e.actor_id = any(${uuids([...subject.users, ...subject.staff])}) and (e.user_id is null or e.actor_id <> e.user_id)`)] : []),
    ...subject.cases.flatMap((number) => [lane(ofCase(number)), lane(doneBy(number))]),
  ];
  const rows = await withinDeadline(database().execute<Facts>(sql`
    select e.id, e.at, e.name, e.result, e.code, e.actor_kind, e.network, e.browser, e.request_id, e.details,
      coalesce(by_user.name || '（' || by_user.login_id || '）', by_staff.name || '（' || by_staff.staff_id || '）') as actor,
      subject.name || '（' || subject.login_id || '）' as subject, corporations.contract_number || ' ' || corporations.name as company
    from (select distinct at, id from (${sql.join(lanes, sql` union all `)}) lanes order by at desc, id desc limit ${sql.raw(String(limit))}) page
    join audit_events e on e.id = page.id
    left join users by_user on e.actor_kind = 'user' and by_user.id = e.actor_id left join staff by_staff on e.actor_kind = 'staff' and by_staff.id = e.actor_id
    left join users subject on subject.id = e.user_id left join corporations on corporations.id = e.corporation_id
    order by page.at desc, page.id desc`));
  return rows.map((row) => ({
    id: row.id, at: new Date(row.at).toISOString(), name: row.name, label: (staffEventLabels as Record<string, string>)[row.name] ?? wordsOf(row.name).label,
    result: row.result, code: row.code, by: row.actor ?? actors[row.actor_kind], to: row.subject ?? "―", company: row.company ?? "",
    network: row.network, browser: row.browser, requestId: row.request_id, details: escaped(JSON.stringify(row.details)),
  }));
}

const cursorAfter = (row: AuditRow | undefined): string | null => cursorOf("older", row && { at: new Date(row.at), id: row.id });

/** What breaks a line or turns the text around, written out: the log keeps it as it came. */
const escaped = (json: string): string => json.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (letter) => `\\u${letter.codePointAt(0)!.toString(16).padStart(4, "0")}`);

const nobody = "当てはまる契約、利用者、職員、受付票がありません。番号またはIDの全体を入力してください。";

type AuditPage = Pick<AuditAnswer, "key" | "problem" | "rows" | "older"> & { about: string[] };

/** A page of the audit log about what a key names, newest first. Without a key there is nothing to see (STF-05). */
export async function searchAudit(query: AuditQuery, cursorText: string | null): Promise<AuditPage> {
  const { key } = query;
  if (!key) return { key, problem: null, rows: null, older: null, about: [] };
  const subject = await subjectOf(key);
  if (!subject) return { key, problem: nobody, rows: null, older: null, about: [] };
  const found = await rowsOf(subject, query, readCursor(cursorText), rowsPerPage + 1);
  const rows = found.slice(0, rowsPerPage);
  return { key, problem: null, about: subject.about, rows, older: found.length > rowsPerPage ? cursorAfter(rows.at(-1)) : null };
}

const headings = ["日時", "操作", "名称", "結果", "照会番号", "操作した方", "対象", "会社", "接続元", "ブラウザ", "要求番号", "詳細"];

/** All of it as a file, a batch at a time; undefined where the key names nobody. */
export async function auditCsv(query: AuditQuery): Promise<{ chunks: AsyncGenerator<string, void, void>; about: string[] } | undefined> {
  const subject = query.key ? await subjectOf(query.key) : undefined;
  return subject && { chunks: csvOf(subject, query), about: subject.about };
}

async function* csvOf(subject: Subject, query: AuditQuery): AsyncGenerator<string, void, void> {
  yield toCsvHead(headings);
  let rows: Awaited<ReturnType<typeof rowsOf>>;
  let cursor: string | null = null;
  do {
    rows = await rowsOf(subject, query, readCursor(cursor), rowsPerBatch);
    yield rows.map((row) => toCsvLine([
      sortableTime(new Date(row.at)), row.label, row.name, resultNames[row.result], row.code ?? "", row.by, row.to, row.company, row.network, row.browser, row.requestId, row.details,
    ])).join("");
    cursor = cursorAfter(rows.at(-1));
  } while (rows.length === rowsPerBatch);
}
