import { describe, expect, test } from "vitest";
import { minutes, later } from "@/lib/platform/clock";
import { after, reissuableAt, renewableFrom, tokenEvents, tokenState, type TokenEvent } from "./states";
import { tokenStates, type TokenState } from "./state-names";

// Spec, section 1, written a second time: every other pair is a refusal.
const allowed: [TokenState, TokenEvent, TokenState][] = [
  ["unregistered", "issue", "issued"],
  ["issued", "issue", "issued"],
  ["issued", "confirm", "in_use"],
  ["issued", "lapse", "unregistered"],
  ["issued", "revoke", "revoked"],
  ["in_use", "expire", "expired"],
  ["in_use", "revoke", "revoked"],
  ["expired", "issue", "issued"],
  ["expired", "revoke", "revoked"],
  ["revoked", "wait_ends", "unregistered"],
];
const pairs = tokenStates.flatMap((state) => tokenEvents.map((event) =>
  [state, event, allowed.find(([from, by]) => from === state && by === event)?.[2]] as const));

test.each(pairs)("%s, on %s, becomes %s", (state, event, next) => {
  expect(after(state, event)).toBe(next);
});

describe("a user's state is computed from rows and now", () => {
  const now = new Date("2026-11-22T05:32:00Z");
  const before = later(now, -1);
  const none = { inUse: null, issuance: null, revokedAt: null };
  const cases: [string, Parameters<typeof tokenState>[0], TokenState][] = [
    ["nothing", none, "unregistered"],
    ["an open issuance", { ...none, issuance: { lapsesAt: later(now, 1) } }, "issued"],
    ["an issuance whose validity ends now", { ...none, issuance: { lapsesAt: now } }, "unregistered"],
    ["a token", { ...none, inUse: { expiresAt: later(now, 1) } }, "in_use"],
    ["a token that expires now", { ...none, inUse: { expiresAt: now } }, "expired"],
    ["a renewal under way", { ...none, inUse: { expiresAt: later(now, 1) }, issuance: { lapsesAt: later(now, 1) } }, "in_use"],
    ["an expired token and an open issuance", { ...none, inUse: { expiresAt: before }, issuance: { lapsesAt: later(now, 1) } }, "issued"],
    ["a revocation 29:59 ago", { ...none, revokedAt: later(now, -minutes(30) + 1_000) }, "revoked"],
    ["a revocation 30:00 ago", { ...none, revokedAt: later(now, -minutes(30)) }, "unregistered"],
    ["an issuance after a revocation", { ...none, revokedAt: later(now, -minutes(31)), issuance: { lapsesAt: later(now, 1) } }, "issued"],
  ];
  test.each(cases)("%s", (_, facts, state) => {
    expect(tokenState(facts, now)).toBe(state);
  });
});

test("re-issuance waits 30 minutes, renewal opens 30 days before the end", () => {
  expect(reissuableAt(new Date("2026-11-22T05:02:00Z"))).toEqual(new Date("2026-11-22T05:32:00Z"));
  expect(renewableFrom(new Date("2028-11-22T00:00:00Z"))).toEqual(new Date("2028-10-23T00:00:00Z"));
});
