import { expect, test } from "vitest";
import { isReplaced, lifeOf, type StoredToken } from "./token";

const expiresAt = "2028-11-22T05:32:00.000Z";
const end = Date.parse(expiresAt);
const days = (number: number) => number * 86_400_000;

test("the end of a token is announced from 30 days before, and is exact", () => {
  expect(lifeOf({ expiresAt }, end - days(30) - 1, 30)).toEqual({ state: "valid" });
  expect(lifeOf({ expiresAt }, end - days(30), 30)).toEqual({ state: "ending", days: 30 });
  expect(lifeOf({ expiresAt }, end - 1, 30)).toEqual({ state: "ending", days: 1 });
  expect(lifeOf({ expiresAt }, end, 30)).toEqual({ state: "expired" });
  expect(lifeOf({ expiresAt }, end - days(30), 14)).toEqual({ state: "valid" }); // a bank that announces later
});

test("of two tokens of one user the older one is marked, and users of another company are let alone", () => {
  const token = (setUpAt: number, company = "データ商事株式会社") =>
    ({ serviceId: "1", company, loginId: "haruki", setUpAt }) as StoredToken;
  const [old, fresh, elsewhere] = [token(1), token(2), token(0, "見本工業株式会社")] as const;
  expect([old, fresh, elsewhere].map((one) => isReplaced(one, [old, fresh, elsewhere]))).toEqual([true, false, false]);
});
