import { randomUUID } from "node:crypto";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { afterAll, beforeAll } from "vitest";
import { advanceClock, installClock } from "@/lib/demo/clock.qa";
import { createMailbox } from "@/lib/mail/mailbox.qa";
import { connect, useDatabase } from "./database";

const template = "ichido_template";
const making = 7_272_742;

/** This worker's server. */
export function serverUrl(): URL {
  const servers = process.env.TEST_DATABASE_URL!.split(",");
  return new URL(servers[Number(process.env.VITEST_POOL_ID) % servers.length]!);
}

const urlOf = (name: string) => Object.assign(serverUrl(), { pathname: `/${name}` }).href;

/** A migrated database with the rules' clock under control, made once a server. */
async function ensureTemplate(admin: postgres.Sql): Promise<void> {
  await admin`select pg_advisory_lock(${making})`;
  try {
    const [found] = await admin`select from pg_database where datname = ${template}`;
    if (found) return;
    const draft = `${template}_draft_${randomUUID().slice(0, 8)}`;
    await admin.unsafe(`create database ${draft}`);
    const { db, client } = connect(urlOf(draft), 1);
    await migrate(db, { migrationsFolder: "drizzle/migrations" });
    await installClock(db);
    await createMailbox(db);
    await client.end({ timeout: 5 });
    await admin.unsafe(`alter database ${draft} rename to ${template}`);
  } finally {
    await admin`select pg_advisory_unlock(${making})`;
  }
}

/** The tests' clock: from ten o'clock tomorrow it takes twice as long as the machine's, so that no other time step and no other day begins unless a test moves it there. */
async function slowDown(client: postgres.Sql): Promise<void> {
  const [at] = await client<{ tomorrow: string; here: string }[]>`select ((date_trunc('day', now() at time zone 'Asia/Tokyo') + interval '34 hours') at time zone 'Asia/Tokyo')::text as tomorrow, now()::text as here`;
  await client.unsafe(`create or replace function app_now() returns timestamptz language sql stable as
    $$ select timestamptz '${at!.tomorrow}' + (now() - timestamptz '${at!.here}') / 2 + make_interval(secs => (select offset_seconds from qa.clock)) $$`);
}

/** For a test file: a database of its own, which every module of this process uses. Call it at the file's top. */
export function testDatabase() {
  const name = `ichido_test_${randomUUID().replaceAll("-", "")}`;
  let connection: ReturnType<typeof connect>;

  beforeAll(async () => {
    const admin = postgres(serverUrl().href, { max: 1, onnotice: () => {} });
    await ensureTemplate(admin);
    await admin.unsafe(`create database ${name} template ${template}`);
    await admin.end();
    connection = connect(urlOf(name), 20);
    await slowDown(connection.client);
    useDatabase(connection);
  });

  afterAll(async () => {
    await connection.client.end({ timeout: 5 });
    const admin = postgres(serverUrl().href, { max: 1, onnotice: () => {} });
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end();
  });

  return {
    get db() { return connection.db; },
    get client() { return connection.client; },
    get use() { return connection.use; },
    get url() { return urlOf(name); },
    /** Moves the rules' clock; nothing waits. */
    advance: (seconds: number) => advanceClock(connection.db, seconds),
  };
}
