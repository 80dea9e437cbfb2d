import { expect, test } from "vitest";
import { refusalAnswer } from "./platform/http";
import { refusals, type RefusalReason } from "./refusals";

const reasons = Object.keys(refusals) as RefusalReason[];

test("each refusal has a code of its own", () => {
  expect(new Set(reasons.map((reason) => refusals[reason].code)).size).toBe(reasons.length);
});

test.each(reasons)("%s says what happened and what to do, in sentences, and leads to a path of ours", (reason) => {
  const { code, what, next, go } = refusalAnswer({ reason, until: new Date("2026-11-22T05:32:00Z"), attemptsLeft: 2, now: new Date("2026-11-22T05:02:00Z") });
  expect(code).toMatch(/^OTP-[123459][0-9]{2}$/);
  for (const sentence of [what, next]) expect(sentence).toMatch(/^[^a-zA-Z!！]*(ID|URL|IB)?[^!！]*。$/u);
  expect(`${what}${next}`).not.toMatch(/undefined|NaN/);
  if (go) expect(go).toMatch(/^\/(?![/\\])/);
});

test("a wait says when it ends, with the day where it is another one", () => {
  const now = new Date("2026-11-22T05:02:00Z");
  expect(refusalAnswer({ reason: "waiting_after_revocation", until: new Date("2026-11-22T05:32:00Z"), now }).next).toBe("14:32 以降にもう一度ログインしてください。");
  expect(refusalAnswer({ reason: "waiting_after_revocation", until: new Date("2026-11-22T15:10:00Z"), now: new Date("2026-11-22T14:40:00Z") }).next).toBe("11月23日(月) 0:10 以降にもう一度ログインしてください。");
});
