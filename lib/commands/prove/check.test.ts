import { expect, test } from "vitest";
import { contradictions } from "./check.mjs";

type Outcome = "ok" | "refused" | "unknown";
const sent = (kind: string, outcome: Outcome) => [{ address: "2001:db8::1", kind, outcome, status: 200 }];
const events = (...names: string[]) => [...new Set(names)].map((name) => ({ network: "2001:db8::1", name, count: names.filter((one) => one === name).length }));
const login = ["one_time_password.accepted", "session.opened"];

test.each<[string, Outcome, string[]]>([
  ["one-time password", "ok", login],
  ["one-time password", "refused", ["one_time_password.refused"]],
  ["one-time password", "unknown", login],
  ["one-time password", "unknown", []],
  ["password", "refused", ["login_password.accepted", "login.refused"]],
  ["lift", "ok", ["suspension.lift_refused"]],
  ["replay", "refused", ["one_time_password.replayed"]],
  ["passkey", "ok", ["passkey.accepted", "session.opened"]],
  ["passkey again", "refused", ["passkey.refused"]],
  ["new passkey", "unknown", ["passkey.registered"]],
  ["revocation", "ok", ["passkey.removed"]], // of who had nothing else
])("%s that was answered %s and left %j fits", (kind, outcome, names) => {
  expect(contradictions(sent(kind, outcome), events(...names))).toEqual([]);
});

test.each<[string, Outcome, string[]]>([
  ["one-time password", "ok", []], // lost
  ["one-time password", "ok", [...login, "one_time_password.accepted"]], // twice
  ["one-time password", "refused", login], // a no that was a yes
  ["one-time password", "unknown", ["one_time_password.accepted"]], // half a transaction
  ["one-time password", "unknown", [...login, ...login]],
  ["replay", "ok", []],
  ["replay", "unknown", login],
  ["wrong one-time password", "unknown", login],
  ["password", "ok", []],
  ["passkey", "ok", ["passkey.accepted"]],
  ["passkey", "refused", ["passkey.accepted", "session.opened"]],
  ["passkey again", "ok", ["passkey.refused"]],
  ["wrong passkey", "unknown", ["passkey.accepted", "session.opened"]],
  ["new passkey", "refused", ["passkey.registered"]],
  ["passkey's removal", "ok", []],
  ["lift", "ok", []],
  ["lift", "refused", ["suspension.lifted"]],
])("%s that was answered %s and left %j does not", (kind, outcome, names) => {
  expect(contradictions(sent(kind, outcome), events(...names))).toHaveLength(1);
});

test("an event that nobody asked for is seen", () => {
  expect(contradictions([], events("session.opened"))).toHaveLength(1);
});
