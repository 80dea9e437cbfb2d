import { expect, test } from "vitest";
import { later, minutes } from "@/lib/platform/clock";
import { afterPassword, attemptsLeft, mayBeAt, passkeyIsRequired, serviceApplies } from "./states";

const now = new Date("2026-11-22T05:32:00Z");
type Facts = Parameters<typeof afterPassword>[0];
const plain = {
  stop: null, passwordSuspendedAt: null, suspendedAt: null, corporation: { serviceAppliesFrom: "2026-11-01" }, inUse: null, issuance: null, revokedAt: null, passkeySince: null,
} as unknown as Facts;
const facts = (changes: object) => ({ ...plain, ...changes }) as Facts;
const required = (from: string, appliesFrom: string | null = "2026-11-01") => ({ serviceAppliesFrom: appliesFrom, passkeyPolicy: "required", passkeyRequiredFrom: from });
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
  ["失効中, with a passkey that it left", { revokedAt: later(now, -1), passkeySince: now }, { refused: "waiting_after_revocation", until: later(now, minutes(30) - 1) }],
  ["未申込, with a passkey", { corporation: { serviceAppliesFrom: null }, passkeySince: now }, { step: "session" }],
  ["利用停止, with a passkey", { suspendedAt: now, passkeySince: now }, { refused: "suspended" }],
  ["期限切れ, with a passkey", { inUse: { expiresAt: now }, passkeySince: now }, { step: "passkey" }],
  ["非登録, with a passkey", { passkeySince: now }, { step: "passkey" }],
  ["発行済, with a passkey", { issuance: { lapsesAt: later(now, 1) }, passkeySince: now }, { step: "confirmation" }],
  ["サービス利用中, with a passkey", { inUse, passkeySince: now }, { step: "one_time_password" }],
  ["サービス利用中, with a passkey that is required", { inUse, passkeySince: now, corporation: required("2026-11-22") }, { step: "passkey", only: true }],
  ["発行済, with a passkey that is required", { issuance: { lapsesAt: later(now, 1) }, passkeySince: now, corporation: required("2026-11-22") }, { step: "passkey", only: true }],
  ["サービス利用中, with a passkey that is required from tomorrow", { inUse, passkeySince: now, corporation: required("2026-11-23") }, { step: "one_time_password" }],
  ["サービス利用中, without the passkey that is required", { inUse, corporation: required("2026-11-22") }, { step: "one_time_password" }],
  ["失効中, with a passkey that is required", { revokedAt: later(now, -1), passkeySince: now, corporation: required("2026-11-22") }, { refused: "waiting_after_revocation", until: later(now, minutes(30) - 1) }],
  ["利用停止, with a passkey that is required", { suspendedAt: now, inUse, passkeySince: now, corporation: required("2026-11-22") }, { refused: "suspended" }],
  ["未申込, with a passkey that would be required", { passkeySince: now, corporation: required("2026-11-22", null) }, { step: "session" }],
])("%s", (_, changes, expected) => {
  expect(afterPassword(facts(changes), now)).toEqual(expected);
});

const steps = ["one_time_password", "passkey", "issuance", "confirmation"] as const;
test.each([
  ["サービス利用中", { inUse }, ["one_time_password"]],
  ["サービス利用中, with a passkey", { inUse, passkeySince: now }, ["one_time_password", "passkey"]],
  ["非登録", {}, ["issuance"]],
  ["非登録, with a passkey", { passkeySince: now }, ["passkey", "issuance"]],
  ["発行済", { issuance: { lapsesAt: later(now, 1) } }, ["issuance", "confirmation"]],
  ["発行済, with a passkey", { issuance: { lapsesAt: later(now, 1) }, passkeySince: now }, ["passkey", "issuance", "confirmation"]],
  ["サービス利用中, with a passkey that is required", { inUse, passkeySince: now, corporation: required("2026-11-22") }, ["passkey"]],
  ["非登録, with a passkey that is required", { passkeySince: now, corporation: required("2026-11-22") }, ["passkey"]],
  ["発行済, with a passkey that is required", { issuance: { lapsesAt: later(now, 1) }, passkeySince: now, corporation: required("2026-11-22") }, ["passkey"]],
  ["未申込, with a passkey", { corporation: { serviceAppliesFrom: null }, passkeySince: now }, []],
  ["失効中, with a passkey", { revokedAt: later(now, -1), passkeySince: now }, []],
  ["停止中, with a passkey", { stop: { at: now, cause: "manager" }, inUse, passkeySince: now }, []],
])("half a login of one who is %s may be at %3$j", (_, changes, expected) => {
  expect(steps.filter((step) => mayBeAt(step, afterPassword(facts(changes), now), facts(changes)))).toEqual(expected);
});

test("a passkey is required from 00:00 Japan time of its date", () => {
  const contract = required("2026-11-23") as Parameters<typeof passkeyIsRequired>[0];
  expect(passkeyIsRequired(contract, new Date("2026-11-22T14:59:59.999Z"))).toBe(false);
  expect(passkeyIsRequired(contract, new Date("2026-11-22T15:00:00Z"))).toBe(true);
});

test("the service applies from 00:00 Japan time of its date", () => {
  expect(serviceApplies("2026-11-23", new Date("2026-11-22T14:59:59.999Z"))).toBe(false);
  expect(serviceApplies("2026-11-23", new Date("2026-11-22T15:00:00Z"))).toBe(true);
});

test.each([[0, undefined], [2, undefined], [3, 2], [4, 1], [5, undefined]])("after %i failures the screen says %s attempts are left", (failures, left) => {
  expect(attemptsLeft(failures)).toBe(left);
});
