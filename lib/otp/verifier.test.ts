import { describe, expect, test } from "vitest";
import { oneTimePassword, timeStepAt } from "./totp";
import { acceptedTimeSteps, normalizeOneTimePassword, verify } from "./verifier";

const key = Buffer.alloc(32, 9);
const midStep = new Date("2026-11-22T05:32:30Z");
const present = timeStepAt(midStep, 60);
const of = (timeStep: number) => oneTimePassword(key, timeStep, "SHA-256", 6);
const authenticator = (lastTimeStep: number | null = null) => ({ key, algorithm: "SHA-256" as const, lastTimeStep });

describe("the delay window", () => {
  test.each([[-2, false], [-1, true], [0, true], [1, false], [2, false]])("in the middle of a time step, %i is accepted: %s", (offset, accepted) => {
    expect(verify(authenticator(), of(present + offset), midStep).accepted).toBe(accepted);
  });

  test.each([[10.001, false], [10, true], [0.001, true]])("%f s before it begins, the next time step is accepted: %s", (secondsBefore, accepted) => {
    const now = new Date((present + 1) * 60_000 - secondsBefore * 1_000);
    expect(verify(authenticator(), of(present + 1), now).accepted).toBe(accepted);
    expect(verify(authenticator(), of(present + 2), now).accepted).toBe(false);
  });

  test("never holds more than three time steps", () => {
    for (let second = 0; second < 60; second += 1) expect(acceptedTimeSteps(new Date(present * 60_000 + second * 1_000)).length).toBe(second >= 50 ? 3 : 2);
  });

  test("the measured drift is what was accepted", () => {
    expect(verify(authenticator(), of(present - 1), midStep)).toEqual({ accepted: true, timeStep: present - 1, drift: -1 });
    expect(verify(authenticator(), of(present), midStep)).toEqual({ accepted: true, timeStep: present, drift: 0 });
  });
});

describe("accepted once", () => {
  test("the last accepted time step is refused, and every one before it", () => {
    expect(verify(authenticator(present), of(present), midStep)).toEqual({ accepted: false, reason: "replayed", timeStep: present });
    expect(verify(authenticator(present), of(present - 1), midStep)).toEqual({ accepted: false, reason: "replayed", timeStep: present - 1 });
  });
  test("the next one is accepted", () => {
    expect(verify(authenticator(present - 1), of(present), midStep).accepted).toBe(true);
  });
  test.each([[-2, "stale"], [-11, "stale"], [-12, "wrong"], [2, "wrong"]])("%i time steps away, as of a late typist or a guesser, is %s", (offset, reason) => {
    expect(verify(authenticator(), of(present + offset), midStep)).toEqual({ accepted: false, reason });
    expect(verify(authenticator(present), of(present + offset), midStep)).toEqual({ accepted: false, reason });
  });
  test("a wrong one is no replay", () => {
    const wrong = ["000000", "111111", "222222", "333333"].find((text) => !acceptedTimeSteps(midStep).map(of).includes(text))!;
    expect(verify(authenticator(present), wrong, midStep)).toEqual({ accepted: false, reason: "wrong" });
  });
});

describe("what a person means", () => {
  test.each([["123456"], ["１２３４５６"], ["123 456"], [" 123-456 "], ["１２３－４５６"], ["123　456"], ["12−34−56"], ["1‐2‑3‒4–5—6"]])("%j is 123456", (text) => {
    expect(normalizeOneTimePassword(text)).toBe("123456");
  });
  test.each([[""], ["12345"], ["1234567"], ["12345a"], ["abcdef"], ["١٢٣٤٥٦"], ["1".repeat(10_000)], ["123456\u0000"], ["+123456"], ["1e5000"]])("%j is nothing", (text) => {
    expect(normalizeOneTimePassword(text)).toBeUndefined();
  });
  test("leading zeros stay", () => {
    expect(normalizeOneTimePassword("000 007")).toBe("000007");
  });
});
