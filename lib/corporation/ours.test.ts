import { readdirSync, readFileSync } from "node:fs";
import { eq, getTableColumns, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { beforeEach, expect, test } from "vitest";
import * as schema from "@/drizzle/schema";
import { corporations, issuancePermissions, sessions, stops, tokens, users } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import type { Standing } from "@/lib/login/standing";
import { ourselves } from "@/lib/platform/caller";
import { days } from "@/lib/platform/clock";
import { testDatabase } from "@/lib/platform/test-database";
import { byTheClock, inOneTransaction, type Work } from "@/lib/platform/transaction";
import { stopUsers } from "@/lib/suspension/stop";
import { endTokens } from "@/lib/token/end";
import { openPermissions } from "@/lib/token/permission";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const everything = async () => [await database.db.select().from(users).orderBy(users.id), await database.db.select().from(tokens).orderBy(tokens.id), await database.db.select().from(sessions), await database.db.select().from(stops), await database.db.select().from(issuancePermissions)];

test("ids of another company's rows change nothing, whoever put them there", async () => {
  const [haruki] = await database.db.select().from(users).where(eq(users.loginId, "haruki"));
  const [token] = await database.db.select().from(tokens).where(eq(tokens.userId, haruki!.id));
  const [other] = await database.db.select().from(corporations).where(eq(corporations.contractNumber, "1000002"));
  const before = await everything();
  const act = (corporationId: string) => inOneTransaction(ourselves(), byTheClock, (work) => {
    work.corporationId = corporationId;
    endTokens(work, [token!.id], "revoked");
    const standing = { user: haruki, openSession: {}, halfLogin: {}, permission: {} } as Standing;
    openPermissions(work, [standing], "manager", work.now, days(7));
    stopUsers(work, [standing], "manager");
  });
  await act(other!.id);
  expect(await everything()).toEqual(before);
  await act(haruki!.corporationId);
  expect(await everything()).not.toEqual(before);
});

test("before it is known which company it is, nobody's row is changed", async () => {
  const before = await everything();
  const { id } = (before[0] as { id: string }[])[0]!;
  await expect(inOneTransaction(ourselves(), byTheClock, (work: Work) => work.changeUser(id, { name: "別人" }))).rejects.toThrow(/before it is known which/);
  expect(await everything()).toEqual(before);
});

/** What is done for all companies at once: by the clock, or by what only one row in the world has. */
const forAll: Record<string, string> = {
  "lib/corporation/act-result.ts": "what is past its time",
  "lib/passkey/store.ts": "what is past its time",
  "lib/mail/store.ts": "mails that are due",
  "lib/login/guards.ts": "the session whose secret this is",
  "lib/rotate-keys.ts": "texts under an old key",
  "lib/staff/slips.ts": "the case's own",
  "lib/staff/enter-case.ts": "the case's own",
  "lib/staff/decide-case.ts": "the case's own",
};

test("every other statement that changes a company's rows names the company", () => {
  const tables = Object.entries(schema).filter(([, table]) => is(table, PgTable) && "corporationId" in getTableColumns(table)).map(([name]) => name);
  expect(tables.length).toBeGreaterThan(12);
  const changes = new RegExp(`\\.(?:update|delete)\\((?:${tables.join("|")})\\)[\\s\\S]*?;`, "g");
  const files = readdirSync("lib", { recursive: true, encoding: "utf8" }).map((file) => `lib/${file}`).filter((file) => file.endsWith(".ts") && !/test|\.qa\./.test(file));
  const statements = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(changes)].map(([text]) => ({ file, text })));
  expect(statements.length).toBeGreaterThan(25);
  expect(statements.filter(({ file, text }) => !/ours\(work,|corporationId/.test(text) && !(file in forAll))).toEqual([]);
});
