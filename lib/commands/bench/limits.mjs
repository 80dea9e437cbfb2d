// What this machine can do at most, measured in the same run: password hashes, and the journey's writes without a server.
import { availableParallelism } from "node:os";
import postgres from "postgres";
import { node, run, inRoot } from "../project.mjs";

/** Argon2id with the parameters of the stored hash, at the best number of threads.
 * @param {string} stored @param {string} password */
export async function hashLimit(stored, password) {
  const cores = availableParallelism();
  let best = { threads: 0, perSecond: 0, processorMilliseconds: 0 };
  for (const threads of new Set([cores, cores + 1, 2 * cores])) {
    const { output } = await run(node(), [inRoot("lib/commands/bench/hashes.mjs"), stored, password, "2500"], {
      env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) }, capture: true,
    });
    const measured = JSON.parse(output);
    if (measured.perSecond > best.perSecond) best = { threads, ...measured };
  }
  return best;
}

/** Transactions a second that write what a journey writes, and nothing else: one each, all statements sent at once.
 * @param {string} url @param {number} connections @param {number} milliseconds */
export async function transactionLimit(url, connections, milliseconds) {
  const sql = postgres(url, { max: connections, onnotice: () => {} });
  const people = await sql`select u.id, u.corporation_id, b.browser_hash from users u join known_browsers b on b.user_id = u.id limit 2000`;
  let count = 0;
  const began = performance.now();
  /** @param {number} first */
  const one = async (first) => {
    for (let index = first; performance.now() - began < milliseconds; index += connections, count++) {
      const person = people[index % people.length];
      if (person) await write(sql, /** @type {any} */ (person), `${began}-${index}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, first) => one(first)));
  const perSecond = count / ((performance.now() - began) / 1_000);
  await sql.end();
  return perSecond;
}

/** @param {postgres.Sql} sql @param {{ id: string, corporation_id: string, browser_hash: string }} person @param {string} unique */
const write = (sql, { id, corporation_id: company, browser_hash: browser }, unique) => sql.begin((tx) => [
  tx`update users set revision = revision + 2 where id = ${id}`,
  tx`insert into login_attempts (user_id, corporation_id, secret_hash, created_at, expires_at) values (${id}, ${company}, ${unique}, now(), now())
     on conflict (user_id) do update set secret_hash = excluded.secret_hash`,
  tx`delete from login_attempts where user_id = ${id}`,
  tx`update tokens set last_time_step = last_time_step + 1 where user_id = ${id} and ended_at is null`,
  tx`update sessions set ended_at = now(), ended_because = 'replaced' where user_id = ${id} and ended_at is null`,
  tx`insert into sessions (corporation_id, user_id, level, secret_hash, opened_at, last_seen_at, expires_at, network, browser)
     values (${company}, ${id}, 'full', ${unique}, now(), now(), now(), '127.0.0.1', 'Chrome / Windows')`,
  tx`update known_browsers set last_seen_at = now() where user_id = ${id} and browser_hash = ${browser}`,
  tx`insert into audit_events (at, name, result, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details)
     select now(), name, 'done', ${company}, 'user', ${id}, ${id}, gen_random_uuid(), '127.0.0.1', 'Chrome / Windows', '{"browserKnown": true}'
     from unnest(array['login_password.accepted', 'one_time_password.accepted', 'session.opened']) as name`,
]);
