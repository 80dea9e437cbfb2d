import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { auditEvents, mailIntents, suspensions, tokens } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { testDatabase } from "@/lib/platform/test-database";
import { revoke } from "@/lib/token/revoke";
import { person, wrongDigits } from "./test-person";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const times = <Value>(count: number, work: () => Promise<Value>) => Promise.all(Array.from({ length: count }, work));
const accepted = (results: { ok: boolean }[]) => results.filter((result) => result.ok).length;

test("50 parallel requests with the same right one-time password: one is let in, nobody is suspended", async () => {
  const haruki = person("haruki");
  await haruki.password();
  const presented = await haruki.presentDigits();
  expect(accepted(await times(50, () => haruki.oneTimePassword(presented)))).toBe(1);
  expect((await haruki.openSessions()).length).toBe(1);
  expect(await database.db.select().from(suspensions).where(eq(suspensions.userId, (await haruki.row()).id))).toEqual([]);
});

test("the same from 20 browsers, each with half a login of its own in turn", async () => {
  const browsers = Array.from({ length: 20 }, () => person("haruki"));
  const presented = await browsers[0]!.presentDigits();
  const results = await Promise.all(browsers.map(async (browser) => {
    await browser.password();
    return browser.oneTimePassword(presented);
  }));
  expect(accepted(results)).toBe(1);
  expect((await browsers[0]!.openSessions()).length).toBe(1);
});

test("50 parallel wrong ones count exactly five, suspend once and mail once; a right one after them is refused", async () => {
  const haruki = person("haruki");
  await haruki.password();
  const [wrong, right] = [await wrongDigits(haruki), await haruki.presentDigits()];
  expect(accepted(await times(50, () => haruki.oneTimePassword(wrong)))).toBe(0);
  expect((await haruki.row()).oneTimePasswordFailures).toBe(5);
  const events = await database.db.select().from(auditEvents).where(eq(auditEvents.userId, (await haruki.row()).id));
  expect(events.filter((event) => event.name === "one_time_password.refused").length).toBe(5);
  expect(events.filter((event) => event.name === "user.suspended").length).toBe(1);
  expect((await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "suspended"))).length).toBe(2);
  expect(accepted([await haruki.oneTimePassword(right)])).toBe(0);
});

test("right and wrong ones together: either one is let in before the fifth, or none is, and never is a suspended user logged in", async () => {
  const haruki = person("haruki");
  await haruki.password();
  const [wrong, right] = [await wrongDigits(haruki), await haruki.presentDigits()];
  const results = await Promise.all(Array.from({ length: 50 }, (_, index) => haruki.oneTimePassword(index % 10 === 9 ? right : wrong)));
  const suspended = (await haruki.standing()).suspendedAt !== null;
  expect(accepted(results)).toBeLessThanOrEqual(1);
  if (suspended) expect((await haruki.openSessions()).length).toBe(0);
  expect(suspended || accepted(results) === 1).toBe(true);
});

test("50 parallel wrong passwords count exactly five and are mailed once", async () => {
  const haruki = person("haruki");
  await times(50, () => haruki.password("x"));
  expect((await haruki.row()).loginFailures).toBe(5);
  expect((await database.db.select().from(mailIntents).where(eq(mailIntents.kind, "login_temporarily_stopped"))).length).toBe(1);
});

test("of 50 guesses in parallel at a password no more than five are evaluated, whichever is the right one", async () => {
  const haruki = person("haruki");
  const results = await Promise.all(Array.from({ length: 50 }, (_, index) => haruki.password(index === 49 ? undefined : "x")));
  const evaluated = await database.db.select().from(auditEvents).where(eq(auditEvents.userId, (await haruki.row()).id));
  const wrong = evaluated.filter((event) => event.name === "login_password.refused" && (event.details as { reason: string }).reason === "wrong").length;
  expect(wrong).toBeLessThanOrEqual(accepted(results) ? 9 : 5);
});

test("20 parallel valid logins of one user are put in a row, not refused", async () => {
  expect(accepted(await times(20, () => person("haruki").password()))).toBe(20);
});

test("a revocation beside 20 presentations: no session outlives it", async () => {
  const haruki = person("haruki");
  await haruki.password();
  const presented = await haruki.presentDigits();
  await Promise.all([
    times(20, () => haruki.oneTimePassword(presented)),
    haruki.as((work, standing) => revoke(work, [standing], { allowReissue: true })),
  ]);
  expect((await haruki.openSessions()).length).toBe(0);
  expect((await database.db.select().from(tokens).where(eq(tokens.userId, (await haruki.row()).id))).every((token) => token.sealedKey === null)).toBe(true);
});

test("20 parallel issuances leave one open, 20 parallel set-ups by two phones agree with one", async () => {
  const ichiro = person("ichiro");
  await ichiro.password();
  await times(15, () => ichiro.issue());
  const { user } = await ichiro.standing();
  const open = (await database.db.select().from(tokens).where(eq(tokens.userId, user.id))).filter((token) => token.endedAt === null);
  expect(open.length).toBe(1);

  await ichiro.issue();
  const given = await ichiro.channels();
  const other = person("ichiro");
  const results = await Promise.all(Array.from({ length: 20 }, (_, index) =>
    ichiro.setUp(index % 2 ? given : { ...given, phonePublicKey: other.phonePublicKey })));
  const keys = new Set(results.flatMap((result) => (result.ok ? result.value.serverPublicKey : [])));
  expect(keys.size).toBe(1);
  expect(accepted(results)).toBe(10);
});
