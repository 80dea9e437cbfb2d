import { asc, eq, isNull, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { corporations, tokens, users } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { standingOfUser } from "@/lib/login/standing";
import { database as db } from "@/lib/platform/database";
import { testDatabase } from "@/lib/platform/test-database";
import { tokenStates } from "@/lib/token/state-names";
import { tokenState } from "@/lib/token/states";
import { countUsers, listUsers, sortKeys, type UserQuery, usersPerPage } from "./user-list";

const database = testDatabase();
let ours: string;
let theirs: string;
beforeAll(async () => {
  await putScenario("many-users");
  const rows = await database.db.select().from(corporations).orderBy(asc(corporations.contractNumber));
  [ours, theirs] = rows.map(({ id }) => id) as [string, string];
}, 60_000);

const query: UserQuery = { search: "", sort: "login_id", descending: false, page: 1 };

async function wholeList(asked: Partial<UserQuery>) {
  const first = await listUsers(ours, { ...query, ...asked });
  const all = [...first.users];
  for (let page = 2; page <= Math.ceil(first.total / usersPerPage); page += 1) all.push(...(await listUsers(ours, { ...query, ...asked, page })).users);
  return { total: first.total, all };
}

describe("every order", () => {
  const turned = ["login_id", "name", "user_class"] as const; // whoever waits is always first
  test.each([...sortKeys.map((sort) => [sort, false] as const), ...turned.map((sort) => [sort, true] as const)])("%s (descending: %s): every user once over all pages", async (sort, descending) => {
    const { total, all } = await wholeList({ sort, descending });
    expect([total, all.length, new Set(all.map(({ id }) => id)).size]).toEqual([10_000, 10_000, 10_000]);
  }, 60_000);

  test("whoever is 利用停止 comes first, then the others, each by login ID", async () => {
    const { all } = await wholeList({ sort: "suspended" });
    expect(all.findIndex(({ suspended }) => !suspended)).toBe(1_000);
    expect(all.slice(1_000).some(({ suspended }) => suspended)).toBe(false);
    for (const part of [all.slice(0, 1_000), all.slice(1_000)]) expect(part.map(({ loginId }) => loginId)).toEqual(part.map(({ loginId }) => loginId).sort());
  }, 60_000);

  test("whoever waits after a revocation comes first in the tokens' list", async () => {
    const { users: shown } = await listUsers(ours, { ...query, sort: "revoked" });
    expect(shown[0]).toMatchObject({ loginId: "jiro", tokenState: "revoked" });
    expect(shown[0]!.reissuableAt).toBeInstanceOf(Date);
  });
});

describe("search", () => {
  test.each([["haruki", ["haruki"]], ["HARU", ["haruki"]], ["データ花子", ["haruki"]], ["ﾃﾞｰﾀ花子", ["haruki"]], ["  ｈａｒｕ  ", ["haruki"]], ["花", ["haruki"]], ["mihon", []], ["%", []], ["_aruki", []], ["\\", []], ["' or 1=1 --", []]])("%j finds %j", async (search, found) => {
    const { users: shown, total } = await listUsers(ours, { ...query, search });
    expect([shown.map(({ loginId }) => loginId), total]).toEqual([found, found.length]);
  });

  test("it keeps the order and pages of whoever waits first", async () => {
    const { total, all } = await wholeList({ search: "user000", sort: "suspended" });
    expect(total).toBe(99);
    expect(new Set(all.map(({ id }) => id)).size).toBe(99);
  });
});

test("one company's list has nobody of another's", async () => {
  expect((await listUsers(theirs, query)).users.map(({ loginId }) => loginId)).toEqual(["mihon"]);
  expect((await countUsers(theirs)).total).toBe(1);
});

test("the counts in SQL are what the states' own rule says of each user, also when their times are over", async () => {
  const cast = await database.db.select({ id: users.id }).from(users).where(sql`${users.corporationId} = ${ours} and ${users.loginId} !~ '^user'`);
  const byRule = async () => {
    const states = await Promise.all(cast.map(async ({ id }) => {
      const { standing, now } = await db().transaction(standingOfUser(id));
      return tokenState(standing!, now);
    }));
    return Object.fromEntries(tokenStates.map((state) => [state, states.filter((each) => each === state).length + (state === "unregistered" ? 10_000 - cast.length : 0)]));
  };
  expect((await countUsers(ours)).byTokenState).toEqual(await byRule());
  expect(await byRule()).toEqual({ unregistered: 9_995, issued: 1, in_use: 3, expired: 0, revoked: 1 });
  await database.db.update(tokens).set({ expiresAt: sql`app_now() + interval '20 minutes'` }).where(eq(tokens.userId, cast[0]!.id));
  await database.advance(25 * 60 * 60);
  await database.db.update(tokens).set({ expiresAt: sql`app_now()` }).where(sql`${tokens.userId} = ${cast[0]!.id} and ${isNull(tokens.endedAt)}`);
  expect((await countUsers(ours)).byTokenState).toEqual(await byRule());
  expect((await byRule()).expired).toBe(1);
});
