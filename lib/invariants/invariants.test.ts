import { beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "@/lib/platform/test-database";
import { chainsVerify, checkInvariants, findViolations, invariants } from "./invariants";
import { aBusyTime } from "./test-mix";

const database = testDatabase();
beforeAll(() => aBusyTime(database), 120_000);

const broken = (findings: Awaited<ReturnType<typeof findViolations>>) => findings.filter(({ violations }) => violations.length > 0).map(({ name, violations }) => ({ name, violations }));

test("after a busy time every invariant holds, the chains among them", async () => {
  const findings = await checkInvariants(database.client, { chains: true });
  expect(broken(findings)).toEqual([]);
  expect(findings.map(({ name }) => name)).toEqual([...invariants.map(({ name }) => name), chainsVerify.name]);
});

const eventNamed = (name: string, order = "asc") => `(select id from audit_events where name = '${name}' order by id ${order} limit 1)`;
const user = (loginId: string) => `(select id from users where login_id = '${loginId}')`;

/** How the owner of the tables, triggers off, breaks each of them; no other one must notice. */
const breaks: Record<string, string[]> = {
  "accepted once": [`update audit_events e set details = jsonb_set(details, '{timeStep}', later.step) from (
      select min(id) as id, to_jsonb(max((details ->> 'timeStep')::bigint)) as step from audit_events where name = 'one_time_password.accepted'
      group by details ->> 'tokenId' having count(*) > 1 limit 1) later where e.id = later.id`],
  "accepted once of staff": [`update audit_events e set details = jsonb_set(details, '{timeStep}', later.step) from (
      select min(id) as id, to_jsonb(max((details ->> 'timeStep')::bigint)) as step from audit_events where name = 'staff.one_time_password_accepted' and actor_id = (select id from staff where staff_id = 'auditor')) later where e.id = later.id`],
  "last time step": [`update tokens set last_time_step = last_time_step + 1 where user_id = ${user("haruki")}`],
  "none while suspended": [ // a suspension from the beginning that was lifted late
    `insert into suspensions (corporation_id, user_id, suspended_at, cause, lifted_at, lifted_by) select corporation_id, id, created_at, 'wrong_one_time_passwords', '2100-01-01', ${user("sakuro")} from users where login_id = 'haruki'`,
    `insert into audit_events (at, name, result, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details)
      select '2100-01-01', 'suspension.lifted', 'done', corporation_id, 'user', ${user("sakuro")}, id, gen_random_uuid(), '', '', '{}' from users where login_id = 'haruki'`,
    `insert into mail_intents (corporation_id, user_id, kind, recipient, content, created_at, due_at, state, ended_at) select corporation_id, id, 'suspension_lifted', 'a@example.jp', '{}', '2100-01-01', '2100-01-01', 'sent', '2100-01-01' from users where login_id = 'haruki'`,
  ],
  "only of a live token": [`update tokens t set expires_at = a.at from (select (details ->> 'tokenId')::uuid as token_id, min(at) as at from audit_events where name = 'one_time_password.accepted' and user_id = ${user("haruki")} group by 1) a where t.id = a.token_id`],
  "one act each": [`update audit_events set details = jsonb_set(details, '{screen}', '"elsewhere"') where name = 'one_time_password.accepted' and details ->> 'screen' = 'renewal'`],
  "one proof each": [`insert into audit_events (transaction, at, name, result, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details)
      select transaction, at, 'confirmation_password.changed', 'done', corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, '{}' from audit_events where id = ${eventNamed("session.opened")}`],
  "the proof that it names": [`update audit_events set details = jsonb_set(details, '{by}', '"passkey"') where id = (select max(id) from audit_events where name = 'session.opened' and details ->> 'by' = 'login_password')`],
  "one proof each of staff": [`delete from audit_events where id = ${eventNamed("staff.one_time_password_accepted")}`],
  "failures are counted": [`update users set one_time_password_failures = 1 where login_id = 'haruki'`],
  "suspended at the last failure": [`update users set one_time_password_failures = 5 where login_id = 'jiro'`],
  "nobody in while waiting": [ // as if the first revocation of ichiro's had been 29 minutes later
    `update tokens t set ended_at = ended_at + interval '29 minutes' from audit_events e where e.id = (select min(id) from audit_events where name = 'token.revoked' and user_id = ${user("ichiro")}) and t.id = (e.details ->> 'tokenId')::uuid`,
    `update mail_intents m set created_at = created_at + interval '29 minutes' from audit_events e where e.id = (select min(id) from audit_events where name = 'token.revoked' and user_id = ${user("ichiro")}) and m.kind = 'token_revoked' and m.created_at = e.at`,
    `update audit_events set at = at + interval '29 minutes' where id = (select min(id) from audit_events where name = 'token.revoked' and user_id = ${user("ichiro")})`,
  ],
  "issued with a permission": [`update issuance_permissions set closes_at = opens_at + interval '1 millisecond' where user_id = ${user("ichiro")} and cause = 'service_applied'`],
  "a challenge is used once": [`insert into audit_events (transaction, at, name, result, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details)
      select transaction, at, 'passkey.refused', 'refused', corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details from audit_events where id = ${eventNamed("passkey.accepted")}`],
  "only of a live passkey": [`update audit_events set details = jsonb_set(details, '{counter}', '1') where id = ${eventNamed("passkey.accepted", "desc")}`],
  "only of a live passkey of staff": [`update audit_events set details = jsonb_set(details, '{counter}', '1') where id = ${eventNamed("staff.passkey_accepted", "desc")}`],
  "passkeys have events": [`delete from audit_events where id = ${eventNamed("passkey.removed")}`],
  "required of everyone": [`update audit_events set details = jsonb_set(details, '{level}', '"full"') where name = 'session.opened' and details ->> 'level' = 'passkey_registration'`],
  "alone where it is wanted": [`update audit_events set details = jsonb_set(details, '{after,passkeyAlone}', 'false') where name = 'contract.authentication_changed'`],
  "offered once": [`update sessions set passkey_offered = false`],
  "sessions have events": [`delete from audit_events where name = 'session.ended' and details ->> 'because' = 'idle'`],
  "tokens have events": [`delete from audit_events where id = ${eventNamed("token.set_up")}`],
  "suspensions have events": [`update suspensions set lifted_by = null where lifted_by is not null`],
  "stops have events": [`delete from audit_events where id = ${eventNamed("user.stop_released")}`],
  "permissions have events": [`update issuance_permissions set closed_at = closed_at + interval '1 second' where closed_at is not null`],
  "one open each": [
    "drop index issuance_permissions_one_open_per_user",
    `insert into issuance_permissions (corporation_id, user_id, opens_at, closes_at, cause) select corporation_id, id, created_at, created_at + interval '1 hour', 'manager' from users where login_id = 'haruki'`,
  ],
  "within the company": [`update known_browsers set corporation_id = (select corporation_id from users where login_id = 'mihon') where user_id = ${user("haruki")}`],
  "by whom it may be": [`update audit_events set actor_id = ${user("haruki")} where id = ${eventNamed("token.confirmed")}`],
  "approved acts": [`update audit_events set details = jsonb_set(details, '{bound}', 'false') where name = 'approval.accepted' and user_id = ${user("mihon")}`],
  "cases take two": [
    "alter table cases drop constraint cases_two_people",
    `update audit_events set actor_id = (select entered_by from cases where state = 'returned') where id = ${eventNamed("case.returned", "desc")}`,
    "update cases set decided_by = entered_by where state = 'returned'",
  ],
  "approvals are proved": [`delete from audit_events where id = ${eventNamed("staff.approval_accepted")}`],
  "cases decided once": [`delete from audit_events where name = 'case.withdrawn'`],
  "targets done once": [`delete from audit_events where id = ${eventNamed("case.target_refused")}`],
  "everybody is told": [`delete from mail_intents where kind = 'token_confirmed'`],
  "no mail overdue": [`update mail_intents set state = 'waiting', ended_at = null where id = (select id from mail_intents where kind = 'suspension_lifted' limit 1)`],
  "a mail is one mail": [`update mail_intents set kind = 'news' where kind = 'new_environment'`],
};

describe("an owner of the tables, triggers off, breaks", () => {
  test("every one of them below", () => expect(Object.keys(breaks)).toEqual(invariants.map(({ name }) => name)));

  test.each(Object.entries(breaks))("%s, and just that is seen", async (name, statements) => {
    let seen: string[] = [];
    await database.client.begin(async (tx) => {
      await tx.unsafe("set local session_replication_role = replica");
      for (const statement of statements) await tx.unsafe(statement);
      seen = broken(await findViolations(tx)).map((finding) => finding.name);
      throw new Error("put back");
    }).catch((error: Error) => { if (error.message !== "put back") throw error; });
    expect(seen).toEqual([name]);
  });

  test("a chain", async () => {
    const change = (hash: string) => database.client.begin(async (tx) => {
      await tx.unsafe("set local session_replication_role = replica");
      await tx.unsafe(`update audit_blocks set hash = ${hash} where number = 1 and chain = (select id from corporations where contract_number = '1000001')`);
    });
    await change("hash || 'x'");
    expect(broken(await checkInvariants(database.client, { chains: true })).map(({ name }) => name)).toEqual([chainsVerify.name]);
    await change("left(hash, -1)");
    expect(broken(await checkInvariants(database.client, { chains: true }))).toEqual([]);
  });
});
