const parts = new Intl.DateTimeFormat("ja-JP", {
  timeZone: "Asia/Tokyo", year: "numeric", month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

const read = (at: Date) => Object.fromEntries(parts.formatToParts(at).map((part) => [part.type, part.value])) as Record<string, string>;

/** 14:32, Japan time; with the date where it is not today's: 11月23日(月) 0:10. */
export function clockTime(at: Date, now: Date): string {
  const [then, today] = [read(at), read(now)];
  const time = `${Number(then.hour)}:${then.minute}`;
  return then.year === today.year && then.month === today.month && then.day === today.day ? time : `${then.month}月${then.day}日(${then.weekday}) ${time}`;
}

/** 2026年11月22日(日) 14:32, Japan time. */
export function dateAndTime(at: Date): string {
  const p = read(at);
  return `${p.year}年${p.month}月${p.day}日(${p.weekday}) ${Number(p.hour)}:${p.minute}`;
}

/** 2026年11月22日(日), Japan time. */
export const dateOnly = (at: Date): string => dateAndTime(at).replace(/ .*/, "");

const sortable = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo", dateStyle: "short", timeStyle: "medium" });

/** 2026-11-22 14:32:05, Japan time: for files and date fields. */
export const sortableTime = (at: Date): string => sortable.format(at);

/** 2026-11-22, Japan time. */
export const sortableDate = (at: Date): string => sortableTime(at).slice(0, 10);

/** 00:00 Japan time of a date written 2026-11-22. Japan has had no summer time since 1951. */
export const startOfDay = (date: string): Date => new Date(`${date}T00:00:00+09:00`);
