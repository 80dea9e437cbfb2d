import { getTableColumns, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { auditBlocks, auditEvents } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { person } from "@/lib/login/test-person";
import { testDatabase } from "@/lib/platform/test-database";
import { columns, institutionChain } from "./chain.mjs";
import { verifyChains } from "./export";
import { headOf } from "./store";
import { sealAll, sealAuditLog, someEvent } from "./test-seal";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

/** Three blocks each of two companies and of the institution, some events each. */
async function threeBlocks() {
  for (let i = 0; i < 3; i += 1) {
    for (const loginId of ["haruki", "sakuro", "mihon", "nobody", "mihon", "haruki", "nobody"]) await someEvent(database.db, loginId);
    await sealAll();
  }
}

/** What a thief with the rights of the tables' owner could do. */
async function behindTheTriggers(...changes: ReturnType<typeof sql>[]) {
  for (const table of ["audit_events", "audit_blocks"]) await database.db.execute(sql`alter table ${sql.identifier(table)} disable trigger user`);
  for (const change of changes) await database.db.execute(change);
  for (const table of ["audit_events", "audit_blocks"]) await database.db.execute(sql`alter table ${sql.identifier(table)} enable trigger user`);
}

const companyOf = async (loginId: string) => (await person(loginId).row()).corporationId;
const headsOf = async (corporationId: string | null) => [(await headOf(database.db, corporationId))!].map(({ number, hash }) => ({ number, hash }));
const problem = async (known?: Parameters<typeof verifyChains>[0]) => {
  const result = await verifyChains(known);
  return result.ok ? "nothing" : result.problem;
};

test("rows are only added", async () => {
  await someEvent(database.db, "haruki");
  await sealAll();
  for (const change of [sql`update audit_events set name = 'x'`, sql`delete from audit_events`, sql`truncate audit_events`, sql`update audit_blocks set hash = 'x'`, sql`delete from audit_blocks`, sql`truncate audit_blocks`])
    await expect(database.db.execute(change).then(() => "changed")).rejects.toThrow();
});

test("each company has a chain and the institution one; what was written holds, and a second look seals nothing twice", async () => {
  await threeBlocks();
  await sealAuditLog();
  const blocks = await database.db.select().from(auditBlocks);
  const [data, mihon] = [await companyOf("haruki"), await companyOf("mihon")];
  for (const chain of [data, mihon, institutionChain]) expect(blocks.filter((block) => block.chain === chain).map(({ number }) => number).sort()).toEqual([1, 2, 3]);
  const events = await database.db.$count(auditEvents);
  expect(blocks.reduce((sum, block) => sum + block.events, 0)).toBe(events);
  expect(await verifyChains()).toMatchObject({ ok: true, found: { blocks: 9, rows: events, chains: [{ chain: institutionChain, contractNumber: null }, { contractNumber: "1000001" }, { contractNumber: "1000002" }] } });
});

test("every column of an event is hashed: a new one has to be named in chain.mjs", () => {
  expect([...columns].sort()).toEqual(Object.keys(getTableColumns(auditEvents)).sort());
});

const one = sql`(select id from audit_events where corporation_id is not null order by id desc limit 1 offset 3)`;
const changed = /^Block \d of the chain of contract 100000\d is not as it was sealed: row \d of \d was changed \(event \d+\)\.$/;

describe("an event's column that is changed is found, with its row", () => {
  test.each([
    ["at", sql`at = at + interval '1 millisecond'`], ["name", sql`name = 'login_password.accepted'`], ["result", sql`result = 'done'`], ["code", sql`code = 'OTP-101'`],
    ["actor_kind", sql`actor_kind = 'staff'`], ["actor_id", sql`actor_id = gen_random_uuid()`], ["user_id", sql`user_id = null`], ["request_id", sql`request_id = gen_random_uuid()`],
    ["network", sql`network = '198.51.100.7'`], ["browser", sql`browser = network || ' '`], ["details", sql`details = details || '{"more": 1}'`],
  ])("%s", async (_, change) => {
    await threeBlocks();
    await behindTheTriggers(sql`update audit_events set ${change} where id = ${one}`);
    expect(await problem()).toMatch(changed);
  });
  test.each([
    ["corporation_id, to another company", sql`update audit_events set corporation_id = (select id from corporations where contract_number = '1000002') where id = (select min(id) from audit_events where corporation_id = (select id from corporations where contract_number = '1000001'))`],
    ["corporation_id, to none", sql`update audit_events set corporation_id = null where id = ${one}`],
    ["transaction", sql`update audit_events set transaction = '3' where id = ${one}`],
    ["transaction, to a later one", sql`update audit_events set transaction = pg_current_xact_id() where id = ${one}`],
    ["id", sql`with gone as (delete from audit_events where id = ${one} returning *) insert into audit_events overriding system value
      select id + 100000, transaction, at, name, result, code, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details from gone`],
  ])("%s", async (_, change) => {
    await threeBlocks();
    await behindTheTriggers(change);
    expect(await problem()).toMatch(/^Block \d of .* is not as it was sealed: /);
  });
});

const copied = (where: ReturnType<typeof sql>) => sql`insert into audit_events (transaction, at, name, result, corporation_id, actor_kind, request_id, network, browser, details)
  select transaction, at, name, result, corporation_id, actor_kind, request_id, network, browser, details from audit_events where ${where}`;

test.each([
  ["an event removed", /row \d of \d was removed\.$/, [sql`delete from audit_events where id = ${one}`]],
  ["an event put in behind", /event \d+ was added/, [copied(sql`id = ${one}`)]],
  ["two events exchanged", changed, [sql`with pair as (select array_agg(id) as ids from (select id from audit_events where corporation_id is not null order by id desc limit 2) latest)
    update audit_events e set request_id = o.request_id from audit_events o, pair where e.id = any(pair.ids) and o.id = any(pair.ids) and e.id <> o.id`]],
  ["a block removed", /^Block 2 of the chain of contract 1000001 is missing: block 3 comes in its place\.$/, [sql`delete from audit_blocks using corporations where chain = id and contract_number = '1000001' and number = 2`]],
  ["a block removed and the others renumbered", /^Block 2 of the chain of contract 1000001 was changed/, [sql`delete from audit_blocks using corporations where chain = id and contract_number = '1000001' and number = 2`, sql`update audit_blocks set number = 2 from corporations where chain = id and contract_number = '1000001' and number = 3`]],
  ["the last block removed, its events left", /^Block 2 of the chain of contract 1000001 is not as it was sealed: event \d+ was added/, [sql`delete from audit_blocks using corporations where chain = id and contract_number = '1000001' and number = 3`]],
  ["all blocks of a company removed, its events left", /^Event \d+ in the chain of contract 1000001 belongs to no block/, [sql`delete from audit_blocks using corporations where chain = id and contract_number = '1000001'`]],
  ["a block of another company's", /was sealed for another chain|was changed/, [sql`update audit_blocks b set hash = o.hash, signature = o.signature, row_hashes = o.row_hashes, events = o.events from audit_blocks o, corporations c where b.chain = c.id and c.contract_number = '1000001' and b.number = 2 and o.number = 2 and o.chain <> b.chain`]],
])("%s is found", async (_, sentence, changes) => {
  await threeBlocks();
  expect(await problem()).toBe("nothing");
  await behindTheTriggers(...changes);
  expect(await problem()).toMatch(sentence);
});

test("an event put in behind a chain's last block is found before the chain has another", async () => {
  await threeBlocks();
  const [last] = await headsOf(null);
  await someEvent(database.db, "haruki");
  await sealAll();
  await behindTheTriggers(sql`insert into audit_events overriding system value
    select e.id + 100000, up_to_transaction, at, name, result, code, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details
    from audit_blocks, (select * from audit_events where corporation_id is null limit 1) e where chain = ${institutionChain} and number = ${last!.number}`);
  expect(await problem()).toMatch(/^Block 3 of the institution's chain is not as it was sealed: event 1\d{5} was added/);
});

test("events and blocks made to fit each other, without the key: the signature is missing", async () => {
  await threeBlocks();
  const { hashOfBlock, hashOfRow, signerOf } = await import("./chain.mjs");
  const { blockOf, pointOfRow, rowsOfChain, beginning, packedHashes } = await import("./store");
  const chain = await companyOf("haruki");
  await behindTheTriggers(sql`update audit_events set details = '{}' where id = (select max(id) from audit_events where corporation_id = ${chain})`);
  const block = (await database.db.select().from(auditBlocks)).find((of) => of.chain === chain && of.number === 3)!;
  const rows = await rowsOfChain(database.db, chain, beginning, block, 1_000);
  const hashes = rows.slice(-block.events).map(hashOfRow);
  expect(pointOfRow(rows.at(-1)!).upToEvent).toBeGreaterThan(0n);
  const hash = hashOfBlock({ ...blockOf(block), rowHashes: hashes });
  const { sign } = signerOf(Buffer.alloc(32, 9).toString("base64"));
  await behindTheTriggers(sql`update audit_blocks set row_hashes = ${packedHashes(hashes)}, hash = ${hash}, signature = ${sign("head", hash)} where chain = ${chain} and number = 3`);
  expect(await problem()).toBe("Block 3 of the chain of contract 1000001 is not signed by the institution's key.");
  await someEvent(database.db, "haruki");
  await expect(sealAll()).rejects.toThrow("not signed by AUDIT_SIGNING_KEY"); // nothing is built on it
});

test("an end that was cut off, blocks and all, is found by who has a head", async () => {
  await threeBlocks();
  const chain = await companyOf("mihon");
  const heads = await headsOf(chain);
  expect(await problem({ heads })).toBe("nothing");
  await behindTheTriggers(
    sql`delete from audit_events where corporation_id = ${chain} and (transaction, id) > (select up_to_transaction, up_to_event from audit_blocks where chain = ${chain} and number = 2)`,
    sql`delete from audit_blocks where chain = ${chain} and number = 3`);
  expect(await problem()).toBe("nothing");
  expect(await problem({ heads })).toMatch(/^No chain of the file has a block 3 with the hash [0-9a-f]{8}…/);
  await someEvent(database.db, "mihon");
  await sealAll();
  expect(await problem({ heads })).toMatch(/^No chain of the file has a block 3 with the hash/); // another block 3 is there now
});

test("a block that somebody put there to end the sealing is noticed, not believed", async () => {
  await threeBlocks();
  await database.db.execute(sql`insert into audit_blocks select chain, 99, hash, '9999999', 1, events, row_hashes, hash, signature, sealed_at from audit_blocks where number = 3 limit 1`);
  await someEvent(database.db, "haruki");
  await expect(sealAuditLog()).rejects.toThrow("transaction ids are behind");
});

test("every attempt says who, whom, when, from where, and how it ended", async () => {
  const haruki = person("haruki");
  await haruki.password("x");
  await person("nobody").password("x");
  await haruki.password();
  const events = await database.db.select().from(auditEvents).orderBy(auditEvents.id);
  const { id, corporationId } = await haruki.row();
  expect(events.slice(-3)).toMatchObject([
    { name: "login_password.refused", result: "refused", userId: id, corporationId, actorKind: "anonymous", details: { reason: "wrong" } },
    { name: "login_password.refused", result: "refused", userId: null, corporationId: null, details: { reason: "unknown_login_id" } },
    { name: "login_password.accepted", result: "done", userId: id, corporationId, actorKind: "user", actorId: id },
  ]);
});
