import { randomBytes, randomUUID } from "node:crypto";
import { eq, getTableColumns, getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import * as schema from "@/drizzle/schema";
import { auditEvents, tokens, users } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { timeStepAt } from "@/lib/otp/totp";
import { days, later, readClock } from "@/lib/platform/clock";
import { connect } from "@/lib/platform/database";
import { testDatabase } from "@/lib/platform/test-database";
import { testRoles } from "@/lib/platform/test-roles";
import { sealTokenKey } from "@/lib/token/key";
import { sealedColumns } from "./sealed-rows";

const database = testDatabase();
const roles = testRoles(database);
beforeEach(() => putScenario("demo"));
afterEach(() => void vi.unstubAllEnvs());

const [older, newer] = [`test:${Buffer.alloc(32, 1).toString("base64")}`, `new:${Buffer.alloc(32, 5).toString("base64")}`];

/** The modules as a process with this KEY_RING has them. The database is the same for all. */
async function processWith(...ring: string[]) {
  vi.resetModules();
  vi.stubEnv("KEY_RING", ring.join(","));
  const [{ person }, { colleague }, { rotateKeys }, rows, { opens, unseal }, { metricsText }] = await Promise.all([
    import("@/lib/login/test-person"), import("@/lib/staff/test-staff"), import("./rotate-keys"), import("./sealed-rows"), import("@/lib/platform/keys"), import("@/lib/platform/prometheus.mjs"),
  ]);
  const said: string[] = [];
  return { person, colleague, ...rows, opens, unseal, metricsText, said, rotate: (client = database.client) => rotateKeys(client, (line) => said.push(line)) };
}
type Process = Awaited<ReturnType<typeof processWith>>;

/** People with a token in use and `haruki`'s password. */
async function addPeople(count: number): Promise<string[]> {
  const [haruki] = await database.db.select().from(users).where(eq(users.loginId, "haruki"));
  const { now } = await readClock(database.db);
  const people = Array.from({ length: count }, (_, index) => ({ ...haruki!, id: randomUUID(), loginId: `rotation${index}`, userClass: "general" as const }));
  await database.db.insert(users).values(people.map(({ id, corporationId, loginId, name, userClass, mailAddress, loginPasswordHash, confirmationPasswordHash, createdAt }) =>
    ({ id, corporationId, loginId, name, userClass, mailAddress, loginPasswordHash, confirmationPasswordHash, createdAt })));
  await database.db.insert(tokens).values(people.map(({ id: userId, corporationId }) => {
    const id = randomUUID();
    return {
      id, userId, corporationId, issuedAt: later(now, -days(1)), lapsesAt: now, lastMailAt: now, mailAddress: "rotation@example.jp", setUpAt: now, confirmedAt: now, expiresAt: later(now, days(300)),
      lastTimeStep: timeStepAt(now, 60) - 5, sealedKey: sealTokenKey({ id, corporationId, userId }, randomBytes(32)),
    };
  }));
  return people.map(({ loginId }) => loginId);
}

const logIn = async ({ person }: Process, loginId: string) => {
  const someone = person(loginId);
  const password = await someone.password();
  return password.ok ? someone.oneTimePassword(await someone.presentDigits()) : password;
};

const sealedRows = (column: (typeof sealedColumns)[number]) =>
  database.client<{ id: string; corporation_id: string; user_id: string; sealed: string }[]>`select ${database.client(column.columns)}, ${database.client(column.column)} as sealed
    from ${database.client(column.table)} where ${database.client(column.column)} is not null`;

const keyIdsOf = async (column: (typeof sealedColumns)[number]) => [...new Set((await sealedRows(column)).map(({ sealed }) => sealed.split(".")[0]))];

test("the list of sealed columns is the schema's", () => {
  const inSchema = Object.values(schema).filter((table) => is(table, PgTable)).flatMap((table) =>
    Object.values(getTableColumns(table)).filter(({ name, dataType }) => name.startsWith("sealed_") && dataType === "string").map(({ name }) => `${getTableName(table)}.${name}`));
  expect(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(inSchema.sort());
});

test("while people log in at processes with the rings of before and after, everything is sealed anew and no login fails; then the old key may go", async () => {
  const people = ["haruki", "sakuro", ...(await addPeople(400)).slice(0, 6)];
  const before = await processWith(older, newer); // knows the new key, and does not use it yet
  const clerk = before.colleague("clerk");
  const number = await clerk.enter({ kind: "issue_login_password", loginIds: ["ichiro"] });
  if (!number.ok) throw new Error(JSON.stringify(number.refusal));
  await before.colleague("approver").approve(number.value.number);
  for (const column of sealedColumns) expect([column.table, await keyIdsOf(column)]).toEqual([column.table, ["test"]]);
  const inAll = (await Promise.all(sealedColumns.map(sealedRows))).flat().length;

  const after = await processWith(newer, older);
  let rotating = true;
  const rotation = after.rotate().finally(() => { rotating = false; });
  let logins = 0;
  while (rotating) {
    const results = await Promise.all(people.map((loginId, index) => logIn(index % 2 ? before : after, loginId)));
    expect(results.map(({ ok }) => ok)).toEqual(people.map(() => true));
    logins += people.length;
    await database.advance(60);
  }
  expect(await rotation).toBe(true);
  expect(logins).toBeGreaterThan(0);
  for (const column of sealedColumns) expect([column.table, await keyIdsOf(column)]).toEqual([column.table, ["new"]]);
  expect(after.said.join("\n")).toMatch(/"test" seals nothing any more\. It may leave KEY_RING once every process has the new ring, and from \d{4}-\d\d-\d\d \d\d:\d\d UTC on/);
  const events = await database.db.select().from(auditEvents).where(eq(auditEvents.name, "keys.rotated"));
  expect(events.map(({ actorKind, details }) => ({ actorKind, details }))).toEqual([{ actorKind: "system", details: { key: "new", rows: inAll } }]);

  const alone = await processWith(newer);
  expect(await alone.keyProblems(database.client)).toEqual([]);
  for (const column of sealedColumns) for (const row of await sealedRows(column)) expect(alone.opens(row.sealed, column.boundTo(row))).toBe(true);
  expect((await Promise.all(people.map((loginId) => logIn(alone, loginId)))).every(({ ok }) => ok)).toBe(true);
  expect(await alone.colleague("clerk").slips(number.value.number)).toMatchObject({ ok: true, value: [{ loginId: "ichiro", loginPassword: expect.any(String) as string }] });

  expect([await after.rotate(), (await database.db.select().from(auditEvents).where(eq(auditEvents.name, "keys.rotated"))).length]).toEqual([true, 1]); // again: nothing to do
});

test("a row that somebody holds and changes meanwhile is taken afterwards, as it is then", async () => {
  const after = await processWith(newer, older);
  const [haruki] = await database.db.select().from(users).where(eq(users.loginId, "haruki"));
  const [token] = await database.db.select().from(tokens).where(eq(tokens.userId, haruki!.id));
  const changed = randomBytes(32);
  let end = () => {};
  const held = new Promise<void>((resolve) => { end = resolve; });
  const change = database.client.begin(async (tx) => {
    await tx`update tokens set sealed_key = ${sealTokenKey(token!, changed)} where id = ${token!.id}`;
    await held;
  });
  const rotation = after.rotate();
  await vi.waitFor(async () => expect(await keyIdsOf(sealedColumns[0]!)).toEqual(expect.arrayContaining(["test", "new"])));
  end();
  await change;
  expect(await rotation).toBe(true);
  const [renewed] = await database.db.select().from(tokens).where(eq(tokens.id, token!.id));
  expect(renewed!.sealedKey).toMatch(/^new\./);
  expect(after.unseal(renewed!.sealedKey!, after.sealedColumns[0]!.boundTo({ id: token!.id, corporation_id: token!.corporationId, user_id: token!.userId, sealed: "" }))).toEqual(changed);
});

test("another row's text fails closed and is an alarm: nobody is let in by it, it is left as it is, and its key is still needed", async () => {
  const [one, other] = (await database.client<{ id: string; sealed_key: string; login_id: string }[]>`select t.id, t.sealed_key, u.login_id from tokens t join users u on u.id = t.user_id
    where u.login_id in ('haruki', 'sakuro') and t.ended_at is null order by u.login_id`);
  await database.client`update tokens set sealed_key = ${one!.sealed_key} where id = ${other!.id}`;
  const after = await processWith(newer, older);
  const alarms = () => Number(/^ichido_unseal_failures_total\{table="tokens"\} (\d+)$/m.exec(after.metricsText())![1]);
  const before = alarms();

  const someone = after.person(other!.login_id);
  await someone.password();
  await expect(someone.oneTimePassword("123456")).rejects.toThrow();
  expect(await someone.openSessions()).toEqual([]);
  expect(alarms()).toBeGreaterThan(before);

  expect(await after.rotate()).toBe(false);
  expect((await database.db.select().from(tokens).where(eq(tokens.id, other!.id)))[0]!.sealedKey).toBe(one!.sealed_key);
  expect(after.said.join("\n")).toContain("Rows that do not open: 1.");
  expect(after.said.join("\n")).toContain('"test" is still needed: rows of tokens are sealed under it');
  expect(await logIn(after, one!.login_id)).toMatchObject({ ok: true });
});

test("without a key that rows need nothing is changed, and the key is named by its id", async () => {
  const without = await processWith(newer);
  expect(await without.rotate()).toBe(false);
  expect(without.said).toEqual([expect.stringMatching(/^Nothing was changed:\n {2}- KEY_RING lacks the key "test", under which rows of tokens are sealed\n/)]);
  for (const column of sealedColumns) expect(await keyIdsOf(column)).not.toContain("new");
});

test("a role that may not is told so before anything is changed", async () => {
  const after = await processWith(newer, older);
  for (const [url, column] of [[roles.customersUrl, "staff.sealed_key"], [roles.counterUrl, "staff.sealed_key"]] as const) {
    const { client } = connect(url, 1);
    onTestFinished(() => client.end());
    expect(await after.rotate(client)).toBe(false);
    expect(after.said.at(-1)).toBe(`This role may not update ${column}: give the address of the tables' owner as DATABASE_URL.`);
  }
  expect(await keyIdsOf(sealedColumns[0]!)).toEqual(["test"]);
});
