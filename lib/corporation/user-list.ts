import { sql, type SQL } from "drizzle-orm";
import { database, withinDeadline } from "@/lib/platform/database";
import { policy } from "@/lib/policy";
import { reissuableAt, tokenState } from "@/lib/token/states";
import { type TokenState, tokenStates } from "@/lib/token/state-names";
import type { UserClass } from "./user-classes";

export const usersPerPage = 50;

/** An order; the first three put whoever waits for somebody first: 利用停止, 失効中, 停止中. */
export const sortKeys = ["suspended", "revoked", "stopped", "login_id", "name", "user_class"] as const;
export type SortKey = (typeof sortKeys)[number];

/** What a manager asks of the company's users. `search` is any part of a login ID or name; pages are counted from 1. */
export type UserQuery = { search: string; sort: SortKey; descending: boolean; page: number };

export type ListedUser = {
  id: string; loginId: string; name: string; userClass: UserClass; mailAddress: string;
  suspended: boolean; tokenState: TokenState; reissuableAt: Date | null; passkey: boolean; stopped: boolean;
};

/** The tokens of the users `u`, as far as states go. */
const tokensOf = (corporationId: string) => sql`
  left join tokens in_use on in_use.corporation_id = ${corporationId} and in_use.user_id = u.id and in_use.confirmed_at is not null and in_use.ended_at is null
  left join tokens issuance on issuance.corporation_id = ${corporationId} and issuance.user_id = u.id and issuance.confirmed_at is null and issuance.ended_at is null
  left join (select user_id, max(ended_at) as at from tokens where corporation_id = ${corporationId} and ended_because = 'revoked'
    and ended_at > (select app_now()) - make_interval(mins => ${policy.waitAfterRevocationMinutes}) group by user_id) revoked on revoked.user_id = u.id`;

const suspensionsOf = (corporationId: string) =>
  sql`left join suspensions suspension on suspension.corporation_id = ${corporationId} and suspension.user_id = u.id and suspension.lifted_at is null`;

const stopsOf = (corporationId: string) =>
  sql`left join stops stop on stop.corporation_id = ${corporationId} and stop.user_id = u.id and stop.released_at is null`;

const hasPasskey = (corporationId: string) =>
  sql`(u.id in (select user_id from passkeys where corporation_id = ${corporationId} and removed_at is null)) is true`;

/** `tokenState` of `lib/token/states.ts`, for counting; a test holds one to the other. */
const tokenStateInSql = sql`case
  when in_use.id is not null and (in_use.expires_at is null or in_use.expires_at > (select app_now())) then 'in_use'
  when issuance.lapses_at > (select app_now()) then 'issued'
  when in_use.id is not null then 'expired'
  when revoked.at is not null then 'revoked'
  else 'unregistered' end`;

const escapeLike = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`);

/** For `users.search_text`: any part of it. */
export const searchPattern = (search: string): string => `%${escapeLike(search.normalize("NFKC").toLowerCase().trim())}%`;

/** The company's users that match; always by the company's id, never a deleted one. */
const matching = (corporationId: string, search: string) => {
  const pattern = searchPattern(search);
  return sql`u.corporation_id = ${corporationId} and u.deleted_at is null ${pattern === "%%" ? sql`` : sql`and u.search_text like ${pattern}`}`;
};

type Page = { corporationId: string; search: string; descending: boolean; offset: number };

const ordered = (by: SQL | undefined) => ({ corporationId, search, descending, offset }: Page): SQL => {
  const direction = descending ? sql`desc` : sql`asc`;
  const order = by ? sql`${by} ${direction}, u.login_key ${direction}` : sql`u.login_key ${direction}`;
  return sql`select u.id, row_number() over () as place from (
    select u.id from users u where ${matching(corporationId, search)} order by ${order} limit ${usersPerPage} offset ${offset}) u`;
};

/**
 * Those first: the index's order is read as far as the page goes, and each user looked up in a hash of the few. Sorting all of 10,000 took five times as long;
 * a join took three seconds where PostgreSQL had no statistics yet and expected one row (`is true` keeps it from making one).
 */
const first = (those: (corporationId: string) => SQL) => ({ corporationId, search, offset }: Page): SQL => {
  const few = those(corporationId);
  const howFew = search
    ? sql`select count(*) from users u where ${matching(corporationId, search)} and (u.id in (${few})) is true`
    : sql`select count(*) from (${few}) few`;
  const part = (number: 1 | 2, isMember: SQL, from: SQL) => sql`(select ${sql.raw(String(number))} as part, u.id, u.login_key from users u
    where ${matching(corporationId, search)} and (u.id ${isMember} (${few})) is true order by u.login_key limit ${usersPerPage} offset ${from})`;
  return sql`select id, row_number() over (order by part, login_key) as place from (
    ${part(1, sql`in`, sql`${offset}`)} union all ${part(2, sql`not in`, offset === 0 ? sql`0` : sql`greatest(0, ${offset} - (${howFew}))`)}
  ) parts order by part, login_key limit ${usersPerPage}`;
};

const pages: Record<SortKey, (page: Page) => SQL> = {
  login_id: ordered(undefined),
  name: ordered(sql`u.name`),
  user_class: ordered(sql`u.user_class`),
  suspended: first((corporationId) => sql`select user_id from suspensions where corporation_id = ${corporationId} and lifted_at is null`),
  stopped: first((corporationId) => sql`select user_id from stops where corporation_id = ${corporationId} and released_at is null`),
  revoked: first((corporationId) => sql`select distinct revoked.user_id from tokens revoked where revoked.corporation_id = ${corporationId} and revoked.ended_because = 'revoked'
    and revoked.ended_at > (select app_now()) - make_interval(mins => ${policy.waitAfterRevocationMinutes})
    and not exists (select from tokens newer where newer.user_id = revoked.user_id and newer.ended_at is null)`),
};

type Facts = {
  id: string; login_id: string; name: string; user_class: UserClass; mail_address: string;
  in_use: boolean; expires_at: string | null; lapses_at: string | null; revoked_at: string | null; passkey: boolean; suspended: boolean; stopped: boolean;
};

/** What is shown of the users of `page`, in its order. */
const facts = (corporationId: string, page: SQL) => database().execute<Facts>(sql`
  select u.id, u.login_id, u.name, u.user_class, u.mail_address, in_use.id is not null as in_use, in_use.expires_at, issuance.lapses_at, revoked.at as revoked_at,
    ${hasPasskey(corporationId)} as passkey, suspension.id is not null as suspended, stop.id is not null as stopped
  from (${page}) page join users u on u.id = page.id ${tokensOf(corporationId)} ${suspensionsOf(corporationId)} ${stopsOf(corporationId)} order by page.place`);

/** A user as a page is told; the address stays out. */
export type ListedUserAnswer = Omit<ListedUser, "reissuableAt" | "mailAddress"> & { reissuableAt: string | null };

export const listedUserAnswer = ({ mailAddress: _, reissuableAt, ...user }: ListedUser): ListedUserAnswer => ({ ...user, reissuableAt: reissuableAt?.toISOString() ?? null });

/** One page of a company's users, how many match, and on how many pages. */
export async function listUsers(corporationId: string, { search, sort, descending, page }: UserQuery) {
  const shown = pages[sort]({ corporationId, search, descending, offset: (page - 1) * usersPerPage });
  const [rows, [counted]] = await withinDeadline(Promise.all([
    facts(corporationId, shown),
    database().execute<{ total: number; now: string }>(sql`select count(*)::int as total, app_now() as now from users u where ${matching(corporationId, search)}`),
  ]));
  const now = new Date(counted!.now);
  const { total } = counted!;
  return { users: rows.map((row) => listed(row, now)), total, pages: Math.max(1, Math.ceil(total / usersPerPage)), now };
}

function listed(row: Facts, now: Date): ListedUser {
  const moment = (text: string | null) => (text === null ? null : new Date(text));
  const revokedAt = moment(row.revoked_at);
  const state = tokenState({
    inUse: row.in_use ? { expiresAt: moment(row.expires_at) } : null, issuance: row.lapses_at === null ? null : { lapsesAt: new Date(row.lapses_at) }, revokedAt,
  }, now);
  return {
    id: row.id, loginId: row.login_id, name: row.name, userClass: row.user_class, mailAddress: row.mail_address, passkey: row.passkey, suspended: row.suspended, stopped: row.stopped,
    tokenState: state, reissuableAt: state === "revoked" ? reissuableAt(revokedAt!) : null,
  };
}

/** How many users of a company are in each state (management at a glance). */
export async function countUsers(corporationId: string): Promise<{ total: number; suspended: number; stopped: number; byTokenState: Record<TokenState, number> }> {
  const rows = await withinDeadline(database().execute<{ state: TokenState; users: number; suspended: number; stopped: number }>(sql`
    select ${tokenStateInSql} as state, count(*)::int as users, count(suspension.id)::int as suspended, count(stop.id)::int as stopped
    from users u ${tokensOf(corporationId)} ${suspensionsOf(corporationId)} ${stopsOf(corporationId)} where ${matching(corporationId, "")} group by 1`));
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    total: sum((row) => row.users), suspended: sum((row) => row.suspended), stopped: sum((row) => row.stopped),
    byTokenState: Object.fromEntries(tokenStates.map((state) => [state, rows.find((row) => row.state === state)?.users ?? 0])) as Record<TokenState, number>,
  };
}

const usersPerRead = sql.raw("1000");

/** All of a company's users by login ID, in portions: a file of 10,000 is sent as it is read. `now` decides the states of all of them. */
export async function* everyUser(corporationId: string, now: Date): AsyncGenerator<ListedUser[], void, void> {
  for (let after = "", read: ListedUser[] | undefined; read?.length !== 0; ) {
    const portion = sql`select u.id, row_number() over () as place from (
      select u.id from users u where ${matching(corporationId, "")} and u.login_key > ${after} order by u.login_key limit ${usersPerRead}) u`;
    read = (await withinDeadline(facts(corporationId, portion))).map((row) => listed(row, now));
    if (read.length > 0) yield read;
    after = read.at(-1)?.loginId.toLowerCase() ?? after;
  }
}
