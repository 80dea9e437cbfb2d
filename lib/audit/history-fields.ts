import { z } from "zod";
import { eventGroups, resultNames } from "./words";

const day = (words: string) => z.literal("").or(z.iso.date(`操作日付（${words}）は、年月日を正しく入力してください。`)).default("");

/** One of the table's keys, or "" for all. */
const oneOf = <Key extends string>(names: Record<Key, string>, label: string) =>
  z.union([z.literal(""), z.enum(Object.keys(names) as Key[])], { error: `${label}を選択してください。` }).default("");

/** What a history is asked for, by an address or a form; "" asks for all. Days are Japan's. */
export const historyFields = z.object({
  from: day("開始"),
  to: day("終了"),
  person: z.string().max(100, "利用者名は100文字以内で入力してください。").regex(/^\P{Cc}*$/u, "利用者名に使えない文字が含まれています。").default(""),
  group: oneOf(eventGroups, "操作内容"),
  result: oneOf(resultNames, "結果"),
}).refine(({ from, to }) => !from || !to || from <= to, { path: ["to"], error: "操作日付（終了）は、操作日付（開始）以降の日付を入力してください。" });

export type HistoryFilter = z.output<typeof historyFields>;
