import { randomBytes, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { corporations, knownBrowsers, tokens, users } from "@/drizzle/schema";
import { newBrowser } from "@/lib/login/browser";
import { timeStepAt } from "@/lib/otp/totp";
import { days, hours, later, readClock } from "@/lib/platform/clock";
import { connect } from "@/lib/platform/database";
import { env } from "@/lib/platform/env";
import { hashPassword } from "@/lib/platform/password";
import { policy } from "@/lib/policy";
import { sealTokenKey } from "@/lib/token/key";

const companies = 100;
const perInsert = 1_000;
const newBrowserEvery = 10; // one login in ten comes from a browser not known before, and is mailed about

const { values: options } = parseArgs({
  options: { count: { type: "string" }, fill: { type: "string" }, password: { type: "string" }, hash: { type: "string" }, out: { type: "string" } },
});
const { db, client } = connect(env().DATABASE_URL, 2);

/** Accounts that log in: a key each, and for most of them a browser that is known. Answers what phone and browser hold. */
async function putAccounts(count: number, loginPasswordHash: string) {
  const { now } = await readClock(db);
  let companyIds = (await db.select({ id: corporations.id }).from(corporations)).map(({ id }) => id);
  if (companyIds.length === 0) {
    companyIds = (await db.insert(corporations).values(Array.from({ length: companies }, (_, index) => ({
      contractNumber: String(2_000_000 + index), name: `計測${index}株式会社`, serviceAppliesFrom: "2026-01-01", createdAt: now,
    }))).returning({ id: corporations.id })).map(({ id }) => id);
  }
  const [{ present } = { present: 0 }] = await db.select({ present: sql<number>`count(*)::int` }).from(users);
  const issuedAt = later(now, -days(1));
  const accounts = Array.from({ length: count }, (_, index) => {
    const number = present + index;
    const account = { userId: randomUUID(), tokenId: randomUUID(), corporationId: companyIds[number % companyIds.length]!, loginId: `bench${number}`, key: randomBytes(32) };
    return { ...account, known: index % newBrowserEvery ? newBrowser() : undefined };
  });
  for (let from = 0; from < count; from += perInsert) {
    const part = accounts.slice(from, from + perInsert);
    await db.insert(users).values(part.map(({ userId: id, corporationId, loginId }) => ({
      id, corporationId, loginId, name: `計測${loginId}`, userClass: "general" as const, mailAddress: `${loginId}@example.jp`,
      loginPasswordHash, confirmationPasswordHash: loginPasswordHash, createdAt: now,
    })));
    await db.insert(tokens).values(part.map(({ tokenId: id, userId, corporationId, loginId, key }) => ({
      id, corporationId, userId, issuedAt, lapsesAt: later(issuedAt, hours(policy.issuanceValidityHours)), mailAddress: `${loginId}@example.jp`,
      lastMailAt: issuedAt, setUpAt: issuedAt, confirmedAt: issuedAt, expiresAt: later(issuedAt, days(policy.tokenLifeDays)),
      lastTimeStep: timeStepAt(issuedAt, policy.timeStepSeconds), sealedKey: sealTokenKey({ id, corporationId, userId }, key),
    })));
    await db.insert(knownBrowsers).values(part.flatMap(({ userId, corporationId, known }) =>
      known ? [{ userId, corporationId, browserHash: known.browser.hash, firstSeenAt: issuedAt, lastSeenAt: issuedAt }] : []));
  }
  return accounts.map(({ loginId, key, known }) => ({ loginId, key: key.toString("base64"), cookie: known?.cookie.split(";")[0] }));
}

/** Users who never come, with a token, a browser and a login behind them each, until there are `total`. */
async function fill(total: number): Promise<void> {
  const [someone] = await db.select().from(users).limit(1);
  await client.begin(async (tx) => {
    await tx`set local statement_timeout = 0`;
    await tx`create temporary table added on commit drop as
      select gen_random_uuid() as id, c.id as corporation_id, 'idle' || n as login_id
      from generate_series((select count(*) from users) + 1, ${total}) as n
      join (select id, row_number() over () - 1 as number from corporations) as c on c.number = n % ${companies}`;
    await tx`insert into users (id, corporation_id, login_id, name, user_class, mail_address, login_password_hash, confirmation_password_hash, created_at)
      select id, corporation_id, login_id, login_id, 'general', login_id || '@example.jp', ${someone!.loginPasswordHash}, ${someone!.loginPasswordHash}, now() from added`;
    await tx`insert into tokens (corporation_id, user_id, issued_at, lapses_at, mail_address, last_mail_at, set_up_at, confirmed_at, expires_at, last_time_step, sealed_key)
      select corporation_id, id, now(), now(), login_id || '@example.jp', now(), now(), now(), now() + interval '2 years', 1, repeat('x', 90) from added`;
    await tx`insert into known_browsers (user_id, browser_hash, corporation_id, first_seen_at, last_seen_at)
      select id, login_id, corporation_id, now(), now() from added`;
    await tx`insert into sessions (corporation_id, user_id, level, secret_hash, opened_at, last_seen_at, expires_at, network, browser, ended_at, ended_because)
      select corporation_id, id, 'full', login_id, now(), now(), now(), '127.0.0.1', 'Chrome / Windows', now(), 'logout' from added`;
  });
}

const hash = options.hash ?? (options.password && (await hashPassword(options.password)));
const accounts = options.count ? await putAccounts(Number(options.count), hash!) : [];
if (options.fill) await fill(Number(options.fill));
if (options.out) writeFileSync(options.out, JSON.stringify({ hash, accounts }), { mode: 0o600 });
await client`set statement_timeout = 0`;
await client`vacuum analyze`;
await client.end();
