// What 操作履歴照会 costs where a company has 1,000 events, and where it has 1,000,000.
import http from "node:http";
import postgres from "postgres";

const few = 1_000;
const many = 1_000_000;
const rare = 20; // events of 利用者管理, however many there are in all
const counted = 100;
const people = 500;

/** Whose events they are: the longest login IDs, which are part of no other. @param {postgres.Sql} sql @param {string} corporationId */
const peopleOf = (sql, corporationId) => sql`select id, login_id from users where corporation_id = ${corporationId} order by length(login_id) desc, login_id limit ${people}`;

/**
 * Adds events to a company, spread evenly over the last 99 days and some of its users; one in twenty is a refused password.
 * @param {postgres.Sql} sql @param {string} corporationId @param {number} count
 */
async function putEvents(sql, corporationId, count) {
  const ids = (await peopleOf(sql, corporationId)).map(({ id }) => id);
  await sql`
    insert into audit_events (at, name, result, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details)
    select app_now() - n * (interval '99 days' / ${count}::int), name, (case when name like '%.refused' then 'refused' else 'done' end)::audit_result, ${corporationId},
      (case when name like '%.refused' then 'anonymous' else 'user' end)::actor_kind, case when name not like '%.refused' then person end, person, gen_random_uuid(), '192.0.2.1', 'Chrome / Windows', '{}'
    from (select ${ids}::uuid[] as people) company, generate_series(1, ${count}::int) n,
      lateral (select people[1 + n % cardinality(people)] as person, case when n % (${count}::int / ${rare}::int) = 0 then 'user.changed' when n % 20 = 7 then 'login_password.refused'
        else (array['login_password.accepted', 'one_time_password.accepted', 'session.opened', 'session.ended'])[1 + n % 4] end as name) event`;
  await sql`analyze audit_events`;
}

/** Until the events are in the audit log's chains: closing blocks over a million at once, which no company writes, is not what a reader waits for. @param {postgres.Sql} sql */
async function sealed(sql) {
  for (;;) {
    const [log] = await sql`select (select count(*) from audit_events) = (select coalesce(sum(events), 0) from audit_blocks) as whole`;
    if (log?.whole) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/**
 * Where a reader of the last tenth of the pages is.
 * @param {postgres.Sql} sql @param {string} corporationId
 */
async function cursorFarBack(sql, corporationId) {
  const [event] = await sql`select id, floor(extract(epoch from at) * 1000)::bigint as milliseconds from audit_events
    where corporation_id = ${corporationId} and at < app_now() - interval '90 days' order by at desc, id desc limit 1`;
  return `older.${event?.milliseconds}.${event?.id}`;
}

/**
 * Milliseconds of a request, the median of a hundred, one after the other.
 * @param {URL} url @param {string} cookie @param {Record<string, string>} asked @param {(answer: any) => unknown[]} rowsOf an answer without rows is a mistake of the bench
 */
export async function timeOf(url, cookie, asked, rowsOf) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  url.search = new URLSearchParams(asked).toString();
  const once = () => new Promise((resolve, reject) => {
    const began = performance.now();
    http.get(url, { agent, headers: { cookie, accept: "application/json" } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part) => { body += part; }).on("error", reject).on("end", () => {
        const rows = response.statusCode === 200 ? rowsOf(JSON.parse(body)) : undefined;
        if (rows?.length > 0) resolve(performance.now() - began);
        else reject(new Error(`GET ${url.pathname}${url.search} answered ${response.statusCode} ${body.slice(0, 200)}`));
      });
    }).on("error", reject);
  });
  const milliseconds = [];
  for (let time = 0; time < counted + 20; time += 1) milliseconds.push(await once());
  agent.destroy();
  return milliseconds.slice(20).sort((a, b) => a - b)[counted / 2] ?? NaN;
}

/**
 * Measures with few events, adds the many (about a minute), and measures again. The company must have no events to speak of.
 * @param {{ origin: string, cookie: string, databaseUrl: string, corporationId: string }} place
 *   `cookie`: the session of a manager of that company
 * @returns {Promise<{ figure: string, few: number, many: number }[]>} medians in milliseconds
 */
export async function measureHistory({ origin, cookie, databaseUrl, corporationId }) {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const measure = async () => {
    const [person] = await peopleOf(sql, corporationId);
    /** @type {[string, Record<string, string>][]} */
    const questions = [
      ["the first page", {}], ["a page far back", { cursor: await cursorFarBack(sql, corporationId) }], ["a rare group", { group: "users" }], ["all refusals", { result: "refused" }], ["one person", { person: person?.login_id }],
    ];
    const times = [];
    for (const [figure, asked] of questions) times.push({ figure, milliseconds: await timeOf(new URL("/management/history/state", origin), cookie, asked, ({ found }) => found.rows) });
    return times;
  };
  try {
    await putEvents(sql, corporationId, few);
    await measure(); // the server's code is compiled by then
    const withFew = await measure();
    await putEvents(sql, corporationId, many);
    await sealed(sql);
    const withMany = await measure();
    return withFew.map(({ figure, milliseconds }, index) => ({ figure, few: milliseconds, many: withMany[index]?.milliseconds ?? NaN }));
  } finally {
    await sql.end();
  }
}
