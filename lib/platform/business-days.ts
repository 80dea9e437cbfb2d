import holidays from "@holiday-jp/holiday_jp";
import { sortableDate } from "./japan-time";

/** Saturdays, Sundays, holidays, and 31 December to 3 January, when Japanese banks are closed. */
function isBusinessDay(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !(date in holidays.holidays) && !["12-31", "01-01", "01-02", "01-03"].includes(date.slice(5));
}

/** 第1営業日, of the month in which it is `at` in Japan: 2026-11-02. */
export function firstBusinessDay(at: Date): string {
  const month = sortableDate(at).slice(0, 8);
  for (let day = 1; ; day += 1) {
    const date = month + String(day).padStart(2, "0");
    if (isBusinessDay(date)) return date;
  }
}
