import { expect, test } from "vitest";
import { helpDeskIsOpen } from "./institution";

const noticesHours = {
  name: "", number: "",
  hours: [{ days: "平日" as const, from: "9:00", to: "24:00" }, { days: "土・日・祝日" as const, from: "9:00", to: "17:00" }],
  closedDays: ["1月1日〜1月3日", "5月3日〜5月5日", "12月31日"],
};

test.each([
  ["2026-11-20T08:59:59", false, "a Friday before nine"],
  ["2026-11-20T09:00:00", true, "a Friday at nine"],
  ["2026-11-20T23:59:59", true, "a Friday until midnight"],
  ["2026-11-21T00:00:00", false, "a Saturday at midnight"],
  ["2026-11-21T16:59:59", true, "a Saturday until five"],
  ["2026-11-21T17:00:00", false, "a Saturday at five"],
  ["2026-11-23T17:00:00", false, "a public holiday on a Monday"],
  ["2026-11-24T17:00:00", true, "the Tuesday after it"],
  ["2027-03-22T18:00:00", false, "a holiday in lieu"],
  ["2026-12-31T12:00:00", false, "New Year's Eve"],
  ["2027-01-03T12:00:00", false, "the third of January"],
  ["2027-01-04T12:00:00", true, "the fourth of January, a Monday"],
  ["2027-05-04T12:00:00", false, "the fourth of May"],
])("help desk at %s Japan time: open %s (%s)", (at, open) => {
  expect(helpDeskIsOpen(new Date(`${at}+09:00`), noticesHours)).toBe(open);
});

test("closed days may go over the year's end", () => {
  const hours = { ...noticesHours, closedDays: ["12月30日〜1月2日"] };
  expect(helpDeskIsOpen(new Date("2026-12-31T12:00:00+09:00"), hours)).toBe(false);
  expect(helpDeskIsOpen(new Date("2027-01-04T12:00:00+09:00"), hours)).toBe(true);
});
