import { verify } from "@node-rs/argon2";
import { beforeEach, expect, test, vi } from "vitest";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { passwordMatches } from "@/lib/platform/password";
import { testDatabase } from "@/lib/platform/test-database";
import { person } from "./test-person";

vi.mock("@node-rs/argon2", async (original) => {
  const real = await original<typeof import("@node-rs/argon2")>();
  return { ...real, verify: vi.fn(real.verify) };
});

testDatabase();

/** How many passwords were hashed, and with which parameters. */
async function workOf(act: () => Promise<unknown>) {
  vi.mocked(verify).mockClear();
  await act();
  return vi.mocked(verify).mock.calls.map(([stored]) => String(stored).split("$").slice(1, 4).join("$"));
}

const oneHash = ["argon2id$v=19$m=19456,t=2,p=1"];

beforeEach(async () => {
  await putScenario("demo");
  await passwordMatches(null, "the decoy is made at the first use");
});

test("an unknown ID, a wrong password and a stopped count take one hash each", async () => {
  const haruki = person("haruki");
  expect(await workOf(() => person("nobody").password("x"))).toEqual(oneHash);
  for (let i = 0; i < 5; i += 1) expect(await workOf(() => haruki.password("x"))).toEqual(oneHash);
  expect(await workOf(() => haruki.password())).toEqual(oneHash);
});

test("a set-up takes one hash, whichever part is wrong", async () => {
  const given = await person("tarou").channels();
  for (const part of [{}, { userNumber: "000000000000" }, { code: "00000000" }, { serviceId: "" }, { activationPassword: "000000" }, { userNumber: "000000000000", code: "" }])
    expect(await workOf(() => person("tarou").setUp({ ...given, ...part }))).toEqual(oneHash);
});
