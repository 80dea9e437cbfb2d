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
