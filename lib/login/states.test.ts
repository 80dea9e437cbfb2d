import { expect, test } from "vitest";
import { later, minutes } from "@/lib/platform/clock";
import { afterPassword, attemptsLeft, serviceApplies } from "./states";

const now = new Date("2026-11-22T05:32:00Z");
type Facts = Parameters<typeof afterPassword>[0];
const plain = {
  stop: null, passwordSuspendedAt: null, suspendedAt: null, corporation: { serviceAppliesFrom: "2026-11-01" }, inUse: null, issuance: null, revokedAt: null,
} as unknown as Facts;
const facts = (changes: object) => ({ ...plain, ...changes }) as Facts;
const inUse = { expiresAt: later(now, 1) };

// R2: the first that applies decides. Each row has everything of the rows below it, and still decides alone.
const everything = { stop: { at: now, cause: "manager" }, passwordSuspendedAt: now, suspendedAt: now, corporation: { serviceAppliesFrom: null }, revokedAt: later(now, -1) };
test.each([
  ["停止中", everything, { refused: "user_stopped" }],
  ["login password 利用停止", { ...everything, stop: null }, { refused: "login_password_suspended" }],
  ["OTP 利用停止, also where the contract is 未申込", { ...everything, stop: null, passwordSuspendedAt: null }, { refused: "suspended" }],
  ["未申込", { ...everything, stop: null, passwordSuspendedAt: null, suspendedAt: null }, { step: "session" }],
  ["申込済 before its date", { corporation: { serviceAppliesFrom: "2026-11-23" } }, { step: "session" }],
  ["失効中", { revokedAt: later(now, -1) }, { refused: "waiting_after_revocation", until: later(now, minutes(30) - 1) }],
  ["期限切れ", { inUse: { expiresAt: now } }, { step: "issuance" }],
  ["非登録", {}, { step: "issuance" }],
  ["発行済", { issuance: { lapsesAt: later(now, 1) } }, { step: "confirmation" }],
  ["発行済, its validity over", { issuance: { lapsesAt: now } }, { step: "issuance" }],
  ["サービス利用中", { inUse }, { step: "one_time_password" }],
  ["サービス利用中 with a renewal under way", { inUse, issuance: { lapsesAt: later(now, 1) } }, { step: "one_time_password" }],
])("%s", (_, changes, expected) => {
  expect(afterPassword(facts(changes), now)).toEqual(expected);
});

test("the service applies from 00:00 Japan time of its date", () => {
  expect(serviceApplies("2026-11-23", new Date("2026-11-22T14:59:59.999Z"))).toBe(false);
  expect(serviceApplies("2026-11-23", new Date("2026-11-22T15:00:00Z"))).toBe(true);
});

test.each([[0, undefined], [2, undefined], [3, 2], [4, 1], [5, undefined]])("after %i failures the screen says %s attempts are left", (failures, left) => {
  expect(attemptsLeft(failures)).toBe(left);
});
