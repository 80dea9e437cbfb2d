import { expect, test } from "vitest";
import { afterVerification, verificationEvents, verificationState, verificationStates } from "./states";

const expected: Record<string, string> = { "usable suspend": "suspended", "suspended lift": "usable" };

test.each(verificationStates.flatMap((state) => verificationEvents.map((event) => [state, event] as const)))("%s, on %s", (state, event) => {
  expect(afterVerification(state, event)).toBe(expected[`${state} ${event}`]);
});

test("suspended means an open row", () => {
  expect([null, new Date(0)].map((suspendedAt) => verificationState({ suspendedAt }))).toEqual(["usable", "suspended"]);
});
