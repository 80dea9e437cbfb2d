import { readFileSync } from "node:fs";
import holidays from "@holiday-jp/holiday_jp";
import { z } from "zod";
import { type CaseKind, caseKindNames, caseKinds } from "@/lib/staff/case-kinds";
import { env } from "./env";

const clock = z.string().regex(/^([01]?\d|2[0-4]):[0-5]\d$/, "must be a time of day such as 9:00, 24:00 at most");
const minuteOf = (time: string) => { const [hour, minute] = time.split(":").map(Number); return hour! * 60 + minute!; };

const closedDay = /^(\d{1,2})月(\d{1,2})日(?:〜(\d{1,2})月(\d{1,2})日)?$/;

const documentNames = z.array(z.string().regex(/^(?!\s)[^\p{C}]{1,40}(?<!\s)$/u, "must be 1 to 40 printable characters, without spaces around them"))
  .min(1, "must name a document").max(12, "must name 12 documents at most")
  .refine((names) => new Set(names).size === names.length, "names a document twice");

// What people read is also what is reckoned with, so that the two cannot differ.
const schema = z.strictObject({
  name: z.string().min(1).max(60).regex(/^[^\p{C}]+$/u, "must be printable, on one line"), // it stands in the subject of every mail
  serviceId: z.string().regex(/^\d{4,12}$/, "must be 4 to 12 digits"),
  helpDesk: z.strictObject({
    name: z.string().min(1).max(80),
    number: z.string().regex(/^[\d-]{8,16}$/, "must be a telephone number"),
    hours: z.array(z.strictObject({ days: z.enum(["平日", "土・日・祝日", "毎日"]), from: clock, to: clock })
      .refine(({ from, to }) => minuteOf(from) < minuteOf(to), "must end after it begins")).min(1),
    closedDays: z.array(z.string().regex(closedDay, "must be written 12月31日 or 1月1日〜1月3日")),
  }),
  documents: z.strictObject(Object.fromEntries(caseKinds.map((kind) => [caseKindNames[kind], documentNames.optional()]))).optional(), // 確認書類 by 種別
});

export type Institution = z.infer<typeof schema>;

// The notice's hours and closed days, with a fictional institution and number.
const fictional: Institution = {
  name: "いちど信用組合",
  serviceId: "10010001",
  helpDesk: {
    name: "いちど信用組合インターネットバンキングヘルプデスク",
    number: "0120-000-000",
    hours: [{ days: "平日", from: "9:00", to: "24:00" }, { days: "土・日・祝日", from: "9:00", to: "17:00" }],
    closedDays: ["1月1日〜1月3日", "5月3日〜5月5日", "12月31日"],
  },
};

const usualDocuments = ["届出印", "本人確認書類", "委任状"]; // a 委任状 where an agent comes
const documentsByDefault = (kind: CaseKind) => (kind === "emergency_stop" ? ["届出印", "本人確認書類", "届出電話番号への折返し"] : usualDocuments);

function read(): { institution: Institution; problems: string[] } {
  const file = env().INSTITUTION_FILE;
  if (!file) return { institution: fictional, problems: [] };
  try {
    const result = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
    if (result.success) return { institution: result.data, problems: [] };
    return { institution: fictional, problems: result.error.issues.map((issue) => `INSTITUTION_FILE: ${issue.path.join(".")} ${issue.message}`) };
  } catch {
    return { institution: fictional, problems: ["INSTITUTION_FILE cannot be read as JSON"] };
  }
}

let known: Institution | undefined;

/** Everything wrong with INSTITUTION_FILE, a sentence each. Needs a whole environment. */
export const institutionProblems = (): string[] => read().problems;

/** Whose service this is. Read once a process; throws where the file is wrong, so that no bank's customer sees another bank's name. */
export function institution(): Institution {
  if (!known) {
    const { institution: value, problems } = read();
    if (problems.length > 0) throw new Error(problems.join("; "));
    known = value;
  }
  return known;
}

/** 確認書類 that the counter may tick for a case of this kind. */
export const documentsOf = (kind: CaseKind): string[] => institution().documents?.[caseKindNames[kind]] ?? documentsByDefault(kind);

const japan = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Asia/Tokyo", year: "numeric", month: "2-digit", day: "2-digit", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

/** Whether the help desk answers at this moment, in Japan time. */
export function helpDeskIsOpen(at: Date, { hours, closedDays } = institution().helpDesk): boolean {
  const part = Object.fromEntries(japan.formatToParts(at).map(({ type, value }) => [type, value])) as Record<string, string>;
  const dayOfYear = Number(part.month) * 100 + Number(part.day);
  const closed = closedDays.some((text) => {
    const [month, day, toMonth = month, toDay = day] = closedDay.exec(text)!.slice(1).map((number) => (number === undefined ? undefined : Number(number)));
    const [from, to] = [month! * 100 + day!, toMonth! * 100 + toDay!];
    return from <= to ? from <= dayOfYear && dayOfYear <= to : from <= dayOfYear || dayOfYear <= to; // 12月31日〜1月3日 goes over the year's end
  });
  if (closed) return false;

  const dayOff = ["Sat", "Sun"].includes(part.weekday!) || `${part.year}-${part.month}-${part.day}` in holidays.holidays;
  const minute = Number(part.hour) * 60 + Number(part.minute);
  return hours.some(({ days, from, to }) =>
    (days === "毎日" || (days === "平日") !== dayOff) && minuteOf(from) <= minute && minute < minuteOf(to));
}
