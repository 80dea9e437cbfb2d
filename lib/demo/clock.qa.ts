import { sql } from "drizzle-orm";
import type { Database } from "@/lib/platform/database";

/** Puts the rules' clock under control: `app_now()` runs ahead by an offset that all processes on this database share. */
export async function installClock(db: Database): Promise<void> {
  await db.execute(sql`create schema if not exists qa`);
  await db.execute(sql`create table if not exists qa.clock (one boolean primary key default true check (one), offset_seconds bigint not null default 0, scenario text not null default 'demo')`);
  await db.execute(sql`insert into qa.clock default values on conflict do nothing`);
  await db.execute(sql`create or replace function app_now() returns timestamptz language sql stable as
    $$ select now() + make_interval(secs => (select offset_seconds from qa.clock)) $$`);
}

/** The offset only grows: a rule never sees time run backwards. */
export const advanceClock = (db: Database, seconds: number) =>
  db.execute(sql`update qa.clock set offset_seconds = offset_seconds + ${seconds}`);

/** Back to the machine's own time; only together with a fresh scenario. */
export const resetClock = (db: Database) => db.execute(sql`update qa.clock set offset_seconds = 0`);

export async function clockState(db: Database): Promise<{ offsetSeconds: number; scenario: string }> {
  const [row] = await db.execute<{ offset_seconds: string; scenario: string }>(sql`select offset_seconds, scenario from qa.clock`);
  return { offsetSeconds: Number(row?.offset_seconds ?? 0), scenario: row?.scenario ?? "demo" };
}

export const rememberScenario = (db: Database, name: string) => db.execute(sql`update qa.clock set scenario = ${name}`);
