import { expect, test } from "vitest";
import { firstBusinessDay } from "./business-days";

test.each([
  ["2026-11-20T12:00:00+09:00", "2026-11-02", "the 1st is a Sunday"],
  ["2026-12-31T23:59:59+09:00", "2026-12-01", "still December in Japan"],
  ["2026-12-31T15:00:00Z", "2027-01-04", "January in Japan already; banks open on the 4th"],
  ["2026-05-15T00:00:00+09:00", "2026-05-01", "a Friday"],
  ["2027-05-15T00:00:00+09:00", "2027-05-06", "a weekend, then three holidays"],
])("at %s it is %s: %s", (at, date) => {
  expect(firstBusinessDay(new Date(at))).toBe(date);
});
