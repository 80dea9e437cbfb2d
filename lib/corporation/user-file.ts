import Papa from "papaparse";
import { z } from "zod";
import { actorOf, type CurrentSession } from "@/lib/login/guards";
import type { Caller } from "@/lib/platform/caller";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { assignableClasses } from "./acts";
import { placesLeft, problemsOfPasswords, takenLoginIds } from "./register";
import { userClasses, userClassNames } from "./user-classes";
import { type FileReport, fileColumns, type LineProblem } from "./user-file-report";
import { type NewUser, newUserFields } from "./user-fields";

const headings = Object.values(fileColumns);

/** A line as a spreadsheet numbers it: the headings are line 1. */
type Line = { line: number; cells: string[] };
type UserOnLine = { line: number; user: NewUser };
type Unusable = { unusable: string };

const unreadable = { unusable: "CSVファイルとして読み取れません。文字コードをUTF-8またはシフトJISにして、CSV形式で保存してください。" };

/** Windows' Shift_JIS is what a Japanese spreadsheet writes. Text in one of the two is never whole in the other, but for ASCII. */
function textOf(bytes: Uint8Array): string | undefined {
  for (const encoding of ["utf-8", "shift_jis"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // not in this one
    }
  }
}

const isBlank = (cell: string) => cell.trim() === "";

/** The lines that say something, below the headings. Empty ones are left out, but counted. */
export function linesOf(bytes: Uint8Array): Line[] | Unusable {
  const text = textOf(bytes);
  if (text === undefined || text.includes("\0")) return unreadable;
  if (isBlank(text)) return { unusable: "ファイルに何も入力されていません。" };
  const tooMany = { unusable: `1つのファイルで登録できる利用者は${policy.usersPerImport}名までです。ファイルを分けてください。` };
  const { data, errors, meta } = Papa.parse<string[]>(text.replace(/\r\n?/g, "\n"), { delimiter: ",", newline: "\n", preview: 2 * policy.usersPerImport + 2 });
  const [broken] = errors;
  if (broken) return { unusable: `${(broken.row ?? 0) + 1}行目の引用符（"）の使い方が正しくありません。` };

  const [first, ...lines] = data.map((cells, index) => ({ line: index + 1, cells: [...cells.slice(0, headings.length), ...withoutBlanksAtEnd(cells.slice(headings.length))] }));
  if (first!.cells.map((cell) => cell.normalize("NFKC").trim()).join() !== headings.join()) return { unusable: `1行目に、見出し「${headings.join(",")}」を入れてください。` };
  const filled = lines.filter(({ cells }) => !cells.every(isBlank));
  if (filled.length > policy.usersPerImport || meta.truncated) return tooMany;
  if (filled.length === 0) return { unusable: "見出しの下に、登録する利用者を1名以上入力してください。" };
  return filled;
}

/** A spreadsheet fills every line up to its longest. */
const withoutBlanksAtEnd = (cells: string[]) => cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1);

const lineFields = newUserFields.extend({
  userClass: z.string().transform((words, context) => {
    const found = userClasses.find((userClass) => userClassNames[userClass] === words.normalize("NFKC").trim());
    if (!found) context.addIssue({ code: "custom", message: `${Object.values(userClassNames).map((name) => `「${name}」`).join("")}のいずれかを入力してください。` });
    return found ?? z.NEVER;
  }),
});

function readLine({ line, cells }: Line): { user?: NewUser; problems: LineProblem[] } {
  if (cells.length !== headings.length) return { problems: [{ line, problem: `項目が${cells.length}個あります。${headings.length}個にしてください。` }] };
  const read = lineFields.safeParse(Object.fromEntries(Object.keys(fileColumns).map((field, index) => [field, cells[index]])));
  if (read.success) return { user: read.data, problems: [] };
  const fields = read.error.issues.map((issue) => issue.path[0] as keyof NewUser);
  return { problems: read.error.issues.flatMap((issue, index) => (fields.indexOf(fields[index]!) === index ? [{ line, column: fields[index], problem: issue.message }] : [])) };
}

function repeatedIn(users: UserOnLine[]): LineProblem[] {
  const firstLines = new Map<string, number>();
  return users.flatMap(({ line, user }) => {
    const key = user.loginId.toLowerCase();
    const first = firstLines.get(key);
    if (first === undefined) firstLines.set(key, line);
    return first === undefined ? [] : [{ line, column: "loginId" as const, problem: `${first}行目と同じログインIDです。` }];
  });
}

export const takenOn = (users: UserOnLine[], taken: string[]): LineProblem[] =>
  users.flatMap(({ line, user }) => (taken.includes(user.loginId.toLowerCase()) ? [{ line, column: "loginId" as const, problem: "このログインIDは、すでに使われています。" }] : []));

export type Judged = { users: UserOnLine[]; report: FileReport };

/**
 * Everything that can be said of a file before anything is written. What it asks for and may not have leaves an audit event: a login ID is the whole
 * institution's, and nobody tries out 300 at a time unseen.
 */
export async function judgeFile(caller: Caller, session: CurrentSession, bytes: Uint8Array): Promise<Judged | Unusable | { refusal: Refusal }> {
  const lines = linesOf(bytes);
  if ("unusable" in lines) return lines;
  const read = lines.map((line) => ({ line: line.line, ...readLine(line) }));
  const users = read.flatMap(({ line, user }) => (user ? [{ line, user }] : []));
  const forbidden = users.filter(({ user }) => !assignableClasses(session.user).includes(user.userClass));

  const known = await inOneTransaction(caller, byTheClock, async (work) => {
    work.corporationId = session.corporation.id;
    const taken = await takenLoginIds(work.tx, users.map(({ user }) => user.loginId));
    if (taken.length > 0) work.record({ name: "user.register_refused", reason: "login_id_taken" });
    if (forbidden.length > 0) work.record({ name: "user.register_refused", reason: "not_permitted_on_user" });
    return { taken, places: await placesLeft(work.tx, session.corporation.id) };
  }, actorOf(session));
  if (lines.length > known.places) return { refusal: { reason: "too_many_users" } };

  const weak: LineProblem[] = [];
  for (const { line, user } of users) {
    const problems = Object.entries(await problemsOfPasswords(user, session.corporation));
    weak.push(...problems.map(([column, problem]) => ({ line, column: column as keyof NewUser, problem })));
  }
  const problems = [
    ...read.flatMap((line) => line.problems), ...repeatedIn(users), ...takenOn(users, known.taken), ...weak,
    ...forbidden.map(({ line }) => ({ line, column: "userClass" as const, problem: "この利用者区分の利用者は登録できません。" })),
  ];
  return { users, report: reportOf(lines.length, problems) };
}

export const reportOf = (users: number, problems: LineProblem[]): FileReport => {
  const columns = Object.keys(fileColumns);
  const place = ({ column }: LineProblem) => columns.indexOf(column ?? "");
  return { users, wrong: new Set(problems.map(({ line }) => line)).size, problems: problems.toSorted((one, other) => one.line - other.line || place(one) - place(other)) };
};
