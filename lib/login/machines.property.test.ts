import fc from "fast-check";
import { expect, test } from "vitest";
import { database as current } from "@/lib/platform/database";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { oneTimePassword, timeStepAt } from "@/lib/otp/totp";
import { readClock } from "@/lib/platform/clock";
import { testDatabase } from "@/lib/platform/test-database";
import { lift } from "@/lib/suspension/lift";
import { tokenKey } from "@/lib/token/key";
import { revoke } from "@/lib/token/revoke";
import { tokenState } from "@/lib/token/states";
import { person } from "./test-person";

const database = testDatabase();

/** The rules once more, as small as they can be said: seconds from the beginning, no database, no keys. */
type Model = {
  now: number;
  suspended: boolean;
  failures: number;
  halfLogin: { ends: number } | null;
  session: boolean;
  inUse: { lastStep: number } | null;
  issuance: { ends: number; setUp: boolean } | null;
  revokedAt: number | null;
};

const stateOf = (m: Model) =>
  m.inUse ? "in_use" : m.issuance && m.issuance.ends > m.now ? "issued" : m.revokedAt !== null && m.now < m.revokedAt + 1_800 ? "revoked" : "unregistered";
const halfLoginHolds = (m: Model, steps: string[]) => {
  if (!m.halfLogin || m.halfLogin.ends <= m.now) return false;
  const next = { in_use: "one_time_password", issued: "confirmation", unregistered: "issuance", revoked: "none" }[stateOf(m)];
  return !m.suspended && steps.includes(next);
};

/** A presentation at a screen whose token was last accepted at `lastStep`. */
function present(m: Model, kind: "right" | "wrong" | "previous", lastStep: number, step: number): boolean {
  const presented = kind === "previous" ? step - 1 : step;
  if (kind !== "wrong" && presented > lastStep) {
    m.failures = 0;
    return true;
  }
  if (kind === "wrong") {
    m.failures += 1;
    if (m.failures >= 5) Object.assign(m, { suspended: true, session: false, halfLogin: null });
  }
  return false;
}

const acts = fc.array(fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom("password" as const, "issue" as const, "setUp" as const, "revoke" as const, "lift" as const) }) },
  { weight: 5, arbitrary: fc.record({ act: fc.constantFrom("login" as const, "confirm" as const), kind: fc.constantFrom("right" as const, "wrong" as const, "previous" as const) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("advance" as const), seconds: fc.constantFrom(60, 120, 601, 1_801, 86_401) }) },
), { minLength: 10, maxLength: 45 });

test("token, suspension and login follow the model, whatever is done in whichever order", async () => {
  await fc.assert(fc.asyncProperty(acts, async (sequence) => {
    await putScenario("demo");
    const ichiro = person("ichiro");
    const began = (await readClock(current())).now.getTime();
    const m: Model = { now: 0, suspended: false, failures: 0, halfLogin: null, session: false, inUse: null, issuance: null, revokedAt: null };
    const tick = async () => { m.now = ((await readClock(current())).now.getTime() - began) / 1_000; };
    /** Away from the end of a time step, so that none begins between a password and its verification. */
    const settle = async () => {
      await tick();
      if ((began / 1_000 + m.now) % 60 > 50) await database.advance(15);
      await tick();
    };

    for (const step of sequence) {
      await settle();
      const nowStep = timeStepAt(new Date(began + m.now * 1_000), 60);
      if (step.act === "advance") await database.advance(step.seconds);
      if (step.act === "password") {
        const ok = (await ichiro.password()).ok;
        expect(ok).toBe(!m.suspended && stateOf(m) !== "revoked");
        if (ok) m.halfLogin = { ends: m.now + 600 };
      }
      if (step.act === "issue") {
        const allowed = halfLoginHolds(m, ["issuance", "confirmation"]);
        const ok = (await ichiro.issue()).ok;
        if (!allowed) expect(ok).toBe(false);
        if (ok) m.issuance = { ends: m.now + 86_400, setUp: false };
      }
      if (step.act === "setUp") {
        const ok = (await ichiro.setUp(await ichiro.channels())).ok;
        const open = m.issuance !== null && m.issuance.ends > m.now;
        expect(ok).toBe(open);
        if (ok) m.issuance!.setUp = true;
      }
      if (step.act === "login" || step.act === "confirm") {
        const standing = await ichiro.standing();
        const token = step.act === "login" ? standing.inUse : standing.issuance;
        const offset = step.kind === "previous" ? -1 : 0;
        const right = token?.sealedKey ? oneTimePassword(tokenKey(token), nowStep + offset, token.algorithm, 6) : "123456";
        const digits = step.kind === "wrong" ? wrongFor(token, nowStep) : right;
        const ok = (await (step.act === "login" ? ichiro.oneTimePassword(digits) : ichiro.confirm(digits))).ok;
        if (step.act === "login" && halfLoginHolds(m, ["one_time_password"])) {
          const expected = present(m, step.kind, m.inUse!.lastStep, nowStep);
          expect(ok).toBe(expected);
          if (ok) { m.inUse!.lastStep = nowStep + offset; m.session = true; m.halfLogin = null; }
        } else if (step.act === "confirm" && halfLoginHolds(m, ["confirmation"]) && m.issuance!.setUp) {
          const expected = present(m, step.kind, -1, nowStep);
          expect(ok).toBe(expected);
          if (ok) { m.inUse = { lastStep: nowStep + offset }; m.issuance = null; m.session = true; m.halfLogin = null; }
        } else {
          expect(ok).toBe(false);
        }
      }
      if (step.act === "revoke") {
        const possible = ["issued", "in_use"].includes(stateOf(m));
        const ok = (await ichiro.as((work, standing) => revoke(work, [standing], { allowReissue: true }))).length === 1;
        expect(ok).toBe(possible);
        if (ok) Object.assign(m, { inUse: null, issuance: null, session: false, halfLogin: null, revokedAt: m.now });
      }
      if (step.act === "lift") {
        expect(await ichiro.as((work, standing) => lift(work, [standing]))).toHaveLength(m.suspended ? 1 : 0);
        if (m.suspended) Object.assign(m, { suspended: false, failures: 0 });
      }

      await tick();
      const standing = await ichiro.standing();
      expect(tokenState(standing, standing.now)).toBe(stateOf(m));
      expect(standing.suspendedAt !== null).toBe(m.suspended);
      expect(standing.user.oneTimePasswordFailures).toBe(m.failures);
      expect(standing.openSession !== null).toBe(m.session);
    }
  }), { numRuns: 40, endOnFailure: true });
}, 120_000);

function wrongFor(token: Parameters<typeof tokenKey>[0] & { algorithm: "SHA-1" | "SHA-256" | "SHA-512" } | null, step: number): string {
  if (!token?.sealedKey) return "000000";
  const window = [-1, 0, 1, 2].map((offset) => oneTimePassword(tokenKey(token), step + offset, token.algorithm, 6));
  return ["000000", "111111", "222222", "333333", "444444"].find((text) => !window.includes(text))!;
}
