// What a manager's lists of users cost where the company has 100 users, and where it has 10,000.
import { createHash, randomBytes } from "node:crypto";
import { encode } from "next-auth/jwt";
import postgres from "postgres";
import { timeOf } from "./history.mjs";

const few = 100;
const many = 10_000;

/**
 * A company of so many users, a tenth of them suspended, and the session of its master. Its service has not been applied for: who lists does not log in here.
 * @param {postgres.Sql} sql @param {number} count @param {string} secret NEXTAUTH_SECRET
 */
export async function putCompany(sql, count, secret) {
  const number = `list-${count}`;
  const [company] = await sql`insert into corporations (contract_number, name, created_at) values (${number}, ${number}, app_now()) returning id`;
  const corporationId = /** @type {string} */ (company?.id);
  await sql`insert into users (corporation_id, login_id, name, user_class, mail_address, login_password_hash, confirmation_password_hash, one_time_password_failures, created_at)
    select ${corporationId}, ${number} || '-' || lpad(n::text, 5, '0'), '利用者' || n, (case when n = 1 then 'master' else 'general' end)::user_class, 'a@example.jp', '', '',
      case when n % 10 = 0 then 5 else 0 end, app_now() from generate_series(1, ${count}::int) n`;
  await sql`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users
    where corporation_id = ${corporationId} and one_time_password_failures = 5`;
  await sql`vacuum analyze users, suspensions`;
  const sid = randomBytes(32).toString("base64url");
  await sql`insert into sessions (corporation_id, user_id, level, secret_hash, opened_at, last_seen_at, expires_at, network, browser)
    select corporation_id, id, 'full', ${createHash("sha256").update(sid).digest("base64url")}, app_now(), app_now(), app_now() + interval '12 hours', '127.0.0.1', 'bench'
    from users where corporation_id = ${corporationId} and user_class = 'master'`;
  return { corporationId, cookie: `__Host-ichido-session=${await encode({ token: { sid }, secret, maxAge: 43_200 })}` };
}

/**
 * Medians in milliseconds of each list's pages, for the few and the many.
 * @param {{ origin: string, databaseUrl: string, secret: string }} place
 * @returns {Promise<{ figure: string, few: number, many: number }[]>}
 */
export async function measureLists({ origin, databaseUrl, secret }) {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const companies = { few: await putCompany(sql, few, secret), many: await putCompany(sql, many, secret) };
    /** @type {[string, string, Record<string, string>, Record<string, string>][]} name, path, question to the many, question to the few */
    const questions = [
      ["利用停止解除, the first page", "/management/suspensions/state", {}, {}],
      ["トークンの失効, the first page", "/management/tokens/state", {}, {}],
      ["利用者管理, the first page", "/management/users/state", {}, {}],
      ["利用者管理 by name, a page in the middle", "/management/users/state", { sort: "name", page: "100" }, { sort: "name", page: "2" }],
      ["利用者管理, the last page", "/management/users/state", { page: "200" }, { page: "2" }],
      ["利用者管理, a search", "/management/users/state", { search: "00042" }, { search: "00042" }],
    ];
    const rows = [];
    for (const [figure, path, ofMany, ofFew] of questions) {
      const time = (/** @type {"few" | "many"} */ size, /** @type {Record<string, string>} */ asked) => timeOf(new URL(path, origin), companies[size].cookie, asked, ({ users }) => users);
      rows.push({ figure, few: await time("few", ofFew), many: await time("many", ofMany) });
    }
    return rows;
  } finally {
    await sql.end();
  }
}
