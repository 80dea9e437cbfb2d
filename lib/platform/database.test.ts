import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startProxy } from "@/lib/commands/prove/proxy.mjs";
import { standingOfLoginId } from "@/lib/login/standing";
import { ourselves } from "./caller";
import { testDatabase } from "./test-database";
import { testRoles } from "./test-roles";
import { byTheClock, inOneTransaction } from "./transaction";
import { asStaff, connect, database as ours, puttingTogetherOnce, type Tx, Unavailable, useDatabase, withinDeadline } from "./database";

const database = testDatabase();
const roles = testRoles(database);

test("backends that are killed inside transactions fail those, and the next twenty queries are answered", async () => {
  const killer = postgres(database.url, { max: 1, onnotice: () => {} });
  const underWay = Array.from({ length: 10 }, () =>
    inOneTransaction(ourselves(), byTheClock, async (work) => {
      await work.tx.execute(sql`select pg_sleep(1)`);
      work.record({ name: "access.refused", reason: "not_permitted" });
    }).then(() => "done", () => "failed"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  await killer`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  await killer.end();
  expect(await Promise.all(underWay)).toContain("failed");

  // Not one of them may inherit the error its connection died of.
  const answers = await Promise.all(Array.from({ length: 20 }, () => withinDeadline(database.db.execute(sql`select 1 as one`), 5_000)));
  expect(answers.every(([row]) => row!.one === 1)).toBe(true);
});

test("whoever comes when too many wait for a connection is turned away at once, and those who wait are served", async () => {
  const { db, client, use } = connect(database.url, 1, "crowded");
  const all = await Promise.allSettled(Array.from({ length: 320 }, () => db.transaction(async (tx) => tx.execute(sql`select 1`))));
  const turnedAway = all.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  expect([turnedAway.length, new Set(turnedAway.map(({ name }) => name))]).toEqual([20, new Set(["Overloaded"])]);
  expect(use).toEqual({ connections: 1, running: 0, waiting: 0 });
  await client.end();
});

describe.each(["by the server", "by the network"])("a connection that is lost %s", (by) => {
  const alone = async (work: (client: ReturnType<typeof connect>["client"], loseConnection: () => Promise<void>) => Promise<void>) => {
    const killer = postgres(database.url, { max: 1, onnotice: () => {} });
    const proxy = await startProxy();
    const port = Number(new URL(database.url).port);
    proxy.leadTo(port);
    const { client } = connect(Object.assign(new URL(database.url), { port: String(proxy.port) }).href, 1, "to-be-lost");
    const lose = async () => {
      if (by === "by the server") return void await killer`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to-be-lost' and datname = current_database()`;
      proxy.cut();
      proxy.leadTo(port);
    };
    try {
      await work(client, lose);
    } finally {
      await client.end({ timeout: 1 });
      await killer.end();
      proxy.stop();
    }
  };

  test("in the middle of an answer leaves nothing of it to the next answer", () => alone(async (client, lose) => {
    const cut = client.unsafe("select repeat('x', 20000) as wide, pg_sleep(case when g > 3 then 1 else 0 end) from generate_series(1, 6) g", [], { prepare: false });
    const failed = cut.then(() => "answered", () => "failed");
    await new Promise((resolve) => setTimeout(resolve, 300)); // three rows have come
    await lose();
    expect(await failed).toBe("failed");
    for (let time = 0; time < 2; time += 1) expect([...await client`select 1 as one`]).toEqual([{ one: 1 }]);
  }));

  test("in a transaction takes the rest of it along: nothing of it is done on the connection that comes after", () => alone(async (client, lose) => {
    await client`drop table if exists lost_work`;
    await client`create table lost_work (id int)`;
    let connectedAgain: () => void = () => {};
    const later = new Promise<void>((resolve) => { connectedAgain = resolve; });
    let rest: Promise<string> | undefined;
    await expect(client.begin(async (tx) => {
      await tx`insert into lost_work values (1)`;
      await lose();
      rest = later.then(() => tx`insert into lost_work values (2)`).then(() => "done", () => "refused");
      await rest;
    })).rejects.toThrow();
    await expect.poll(() => client`select 1 as one`.then(([row]) => row?.one as number, () => 0)).toBe(1);
    await client.begin(async (other) => {
      await other`insert into lost_work values (3)`;
      connectedAgain();
      expect(await rest).toBe("refused");
      await new Promise((resolve) => setTimeout(resolve, 50)); // its rollback would come now
      await other`insert into lost_work values (4)`;
    });
    expect((await client`select id from lost_work order by id`).map(({ id }) => id as number)).toEqual([3, 4]);
  }));
});

test("a database that does not answer is unavailable after the deadline", async () => {
  await expect(withinDeadline(database.db.execute(sql`select pg_sleep(3)`), 50)).rejects.toBeInstanceOf(Unavailable);
});

test("statements are prepared once a connection", async () => {
  for (let i = 0; i < 5; i += 1) await database.db.execute(sql`select ${i}::int as number`);
  const rows = await Promise.all(Array.from({ length: 20 }, () => database.db.execute(sql`select count(*)::int as found from pg_prepared_statements where statement like '%as number'`)));
  expect(Math.max(...rows.map(([row]) => row!.found as number))).toBeGreaterThan(0);
});

test("the rules' clock is moved for everyone and starts from the database's", async () => {
  const before = await byTheClock(database.db);
  await database.advance(1_800);
  const after = await byTheClock(database.db);
  expect(Math.round((after.now.getTime() - before.now.getTime()) / 1_000)).toBe(1_800);
});

test("a name saved twice in one transaction is a defect", async () => {
  await expect(inOneTransaction(ourselves(), byTheClock, (work) => {
    work.save("once", sql`(select 1)`);
    work.save("once", sql`(select 2)`);
  })).rejects.toThrow("saved twice");
});

describe("the console's role", () => {
  let customers: ReturnType<typeof connect>;
  let counter: ReturnType<typeof connect>;
  beforeAll(() => {
    customers = connect(roles.customersUrl, 3);
    counter = connect(roles.counterUrl, 3);
    useDatabase(customers, counter);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    useDatabase(customers, counter);
  });
  afterAll(async () => {
    useDatabase(database);
    await Promise.all([customers.client.end({ timeout: 5 }), counter.client.end({ timeout: 5 })]);
  });

  const whoAsks = sql<string>`current_user`;
  const role = async () => (await ours().select({ role: whoAsks }).from(sql`(select 1) as one`))[0]!.role;
  const pause = (milliseconds = 5) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  test("asks inside `asStaff`, and nowhere else", async () => {
    expect([await role(), await asStaff(role), await role()]).toEqual([roles.customers, roles.counter, roles.customers]);
    await expect(asStaff(async () => { throw new Error("a defect"); })).rejects.toThrow("a defect");
    expect(await role()).toBe(roles.customers);
  });

  test("asks however deep and late: after awaits and timers, in parallel with customers", async () => {
    const late = async () => {
      const seen = [await role()];
      await pause();
      seen.push(...(await Promise.all([role(), withinDeadline(role()), pause().then(role), new Promise((resolve) => setImmediate(() => resolve(role())))])) as string[]);
      return new Set(seen);
    };
    const both = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? asStaff(late) : late())));
    both.forEach((seen, index) => expect(seen).toEqual(new Set([index % 2 ? roles.counter : roles.customers])));
  });

  test("has its own transactions, the rules' and those that began before somebody else's", async () => {
    const rule = () => inOneTransaction(ourselves(), byTheClock, async (work) => {
      await pause();
      const [row] = await work.tx.execute<{ role: string }>(sql`select current_user as role`);
      work.record({ name: "access.refused", reason: "not_permitted" });
      return row!.role;
    });
    expect(await Promise.all([rule(), asStaff(rule), rule(), asStaff(rule)])).toEqual([roles.customers, roles.counter, roles.customers, roles.counter]);
  });

  test("runs statements that were put together for customers, and the reverse", async () => {
    const statement = () => puttingTogetherOnce((db) => db.select({ role: whoAsks }).from(sql`(select 1) as one`).prepare("who_asks"));
    const asking = (statementOf: ReturnType<typeof statement>) => async () => (await ours().transaction((tx: Tx) => statementOf(tx, {})))[0]!.role;
    const [first, second] = [asking(statement()), asking(statement())];
    expect([await first(), await asStaff(first), await first()]).toEqual([roles.customers, roles.counter, roles.customers]);
    expect([await asStaff(second), await second(), await asStaff(second)]).toEqual([roles.counter, roles.customers, roles.counter]);
    for (const look of [() => ours().transaction(standingOfLoginId("nobody")), () => ours().transaction(standingOfLoginId("nobody"))])
      expect([(await asStaff(look)).standing, (await look()).standing]).toEqual([undefined, undefined]);
  });

  test("a deadline holds for it, and other transactions go on", async () => {
    await expect(asStaff(() => withinDeadline(ours().execute(sql`select pg_sleep(1)`), 50))).rejects.toBeInstanceOf(Unavailable);
    expect([await asStaff(role), await role()]).toEqual([roles.counter, roles.customers]);
  });

  const forget = () => Object.assign(globalThis, { ichidoStaffDatabase: undefined });

  test("comes from STAFF_DATABASE_URL, also where the module is loaded once more; without it there is one pool", async () => {
    vi.stubEnv("STAFF_DATABASE_URL", roles.counterUrl);
    vi.resetModules();
    const { asStaff: asStaffThere, database: theirs } = await import("./database");
    forget();
    const roleThere = async () => (await theirs().execute<{ role: string }>(sql`select current_user as role`))[0]!.role;
    expect([await roleThere(), await asStaffThere(roleThere), await asStaff(roleThere), await asStaffThere(role)]).toEqual([roles.customers, roles.counter, roles.counter, roles.counter]);
    await (globalThis as { ichidoStaffDatabase?: typeof counter }).ichidoStaffDatabase!.client.end({ timeout: 5 });

    vi.stubEnv("STAFF_DATABASE_URL", undefined);
    vi.resetModules();
    const { asStaff: asStaffAlone, database: alone } = await import("./database");
    forget();
    expect(asStaffAlone(alone)).toBe(alone());
  });

  test("tests that name one database have it on both sides", async () => {
    useDatabase(database);
    expect(asStaff(ours)).toBe(ours());
  });
});
