import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import postgres from "postgres";
import { afterAll, beforeAll } from "vitest";
import type { testDatabase } from "./test-database";

/** `drizzle/roles.sql` for roles of another name: roles are the whole server's, and test files run side by side. */
export const rolesSql = (suffix: string): string => readFileSync("drizzle/roles.sql", "utf8").replaceAll("ichido_customers", `ichido_customers_${suffix}`).replaceAll("ichido_counter", `ichido_counter_${suffix}`);

/** For a test file: the two roles of `drizzle/roles.sql`, applied to its database. Call it after `testDatabase`. */
export function testRoles(database: ReturnType<typeof testDatabase>) {
  const suffix = randomUUID().slice(0, 8);
  const customers = `ichido_customers_${suffix}`;
  const counter = `ichido_counter_${suffix}`;
  const urlOf = (role: string) => Object.assign(new URL(database.url), { username: role, password: suffix }).href;

  async function asOwner(work: (admin: postgres.Sql) => Promise<unknown>) {
    const admin = postgres(database.url, { max: 1, onnotice: () => {} });
    await work(admin).finally(() => admin.end());
  }

  beforeAll(() => asOwner(async (admin) => {
    await admin.unsafe(rolesSql(suffix));
    for (const role of [customers, counter]) await admin.unsafe(`alter role ${role} password '${suffix}'`);
    await admin.unsafe(`grant usage on schema qa to ${customers}, ${counter}; grant select on qa.clock to ${customers}, ${counter}`); // the rules' clock of tests
  }));

  afterAll(() => asOwner((admin) => admin.unsafe(`drop owned by ${customers}, ${counter}; drop role ${customers}, ${counter}`)));

  return {
    customers, counter, suffix, asOwner,
    get customersUrl() { return urlOf(customers); },
    get counterUrl() { return urlOf(counter); },
  };
}
