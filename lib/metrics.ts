import { sql } from "drizzle-orm";
import { auditBlocks, auditEvents, mailIntents } from "@/drizzle/schema";
import "@/lib/audit/count-events"; // and what else counts, so that a scrape has every line from the first one on
import "@/lib/mail/worker";
import { seconds } from "@/lib/platform/clock";
import { database, poolUses, withinDeadline } from "@/lib/platform/database";
import "@/lib/platform/http";
import "@/lib/platform/keys";
import { describe, log } from "@/lib/platform/log";
import { benchUse } from "@/lib/platform/password";
import { gauge, metricsText } from "@/lib/platform/prometheus.mjs";
import "@/lib/platform/request-metrics.mjs";

const databaseUp = gauge({ name: "ichido_database_up", help: "Whether the database answered this scrape within its deadline.", labels: {} });
const mailLag = gauge({ name: "ichido_mail_lag_seconds", help: "How long the oldest mail that is due has been due: the workers do not come to it.", labels: {} });
const mailAge = gauge({ name: "ichido_mail_oldest_seconds", help: "How long ago the oldest mail that waits, due or postponed, was written: the provider does not take it.", labels: {} });
const mails = gauge({ name: "ichido_mails", help: "Mails that wait, and mails of the last 30 days whose outcome nobody knows (asked every 5 minutes).", labels: { state: ["waiting", "unknown"] } });
const sealLag = gauge({ name: "ichido_seal_lag_seconds", help: "Age of the oldest audit event that no block covers; two seconds are usual.", labels: {} });
const connections = gauge({ name: "ichido_database_connections", help: "The most connections a pool of this process opens.", labels: { pool: ["customers", "counter"] } });
const transactions = gauge({
  name: "ichido_database_transactions", help: "Transactions of this process that have a connection, and that wait for one.",
  labels: { pool: ["customers", "counter"], state: ["running", "waiting"] },
});
const benchPlaces = gauge({ name: "ichido_password_bench_places", help: "Passwords that this process hashes at once, at most.", labels: {} });
const bench = gauge({
  name: "ichido_password_bench", help: "Requests at the password bench: running, waiting for a place, or waiting behind others at the same login ID.",
  labels: { state: ["running", "waiting", "in_turn"] },
});
const started = gauge({ name: "process_start_time_seconds", help: "When this process started, as Unix time.", labels: {} });
const memory = gauge({ name: "process_resident_memory_bytes", help: "Memory of this process.", labels: {} });

/** What a scrape is answered. Without the database its figures are left out, and the rest is answered all the same. */
export async function scrape(): Promise<string> {
  const { customers, counter } = poolUses();
  for (const [pool, use] of [["customers", customers], ["counter", counter]] as const) {
    connections.set({ pool }, use?.connections);
    transactions.set({ pool, state: "running" }, use?.running);
    transactions.set({ pool, state: "waiting" }, use?.waiting);
  }
  const atTheBench = benchUse();
  benchPlaces.set({}, atTheBench.width);
  bench.set({ state: "running" }, atTheBench.running);
  bench.set({ state: "waiting" }, atTheBench.waiting);
  bench.set({ state: "in_turn" }, atTheBench.inTurn);
  started.set({}, Math.round(performance.timeOrigin / 1_000));
  memory.set({}, process.memoryUsage.rss());

  const figures = await withinDeadline(readOnce(), seconds(2)).catch((error: unknown) => {
    log().warn({ error: describe(error) }, "a scrape went without the database");
    return undefined;
  });
  databaseUp.set({}, figures ? 1 : 0);
  mailLag.set({}, figures?.mailLag);
  mailAge.set({}, figures?.mailAge);
  mails.set({ state: "waiting" }, figures?.waiting);
  mails.set({ state: "unknown" }, figures?.unknown);
  sealLag.set({}, figures?.sealLag);
  return metricsText();
}

type Figures = { mailLag: number; mailAge: number; waiting: number; sealLag: number };
let underWay: Promise<Figures & { unknown: number }> | undefined;

/** A scrape that comes while the last one still waits for the database waits with it, and takes no connection of its own. */
const readOnce = () => (underWay ??= read().finally(() => { underWay = undefined; }));

async function read() {
  const unknown = await uncertainMails();
  return { ...(await readFigures()), unknown };
}

async function readFigures(): Promise<Figures> {
  const age = (moment: unknown) => sql`greatest(extract(epoch from app_now() - ${moment}), 0)::float8`;
  const waiting = sql`${mailIntents} where ${mailIntents.state} = 'waiting'`;
  const last = (column: unknown) => sql`(select ${column} from ${auditBlocks} order by ${auditBlocks.upToTransaction} desc, ${auditBlocks.upToEvent} desc limit 1)`;
  const [figures] = await database().execute<Figures>(sql`select
    coalesce((select ${age(sql`min(${mailIntents.dueAt})`)} from ${waiting} and ${mailIntents.dueAt} <= app_now()), 0) as "mailLag",
    coalesce((select ${age(sql`min(${mailIntents.createdAt})`)} from ${waiting}), 0) as "mailAge",
    (select count(*)::int from ${waiting}) as "waiting",
    coalesce((select ${age(auditEvents.at)} from ${auditEvents}
      where (${auditEvents.transaction}, ${auditEvents.id}) > (coalesce(${last(auditBlocks.upToTransaction)}, '0'::xid8), coalesce(${last(auditBlocks.upToEvent)}, 0))
      order by ${auditEvents.transaction}, ${auditEvents.id} limit 1), 0) as "sealLag"`);
  return figures!;
}

const uncertainAskedEvery = 5 * 60_000;
let uncertain: { count: number; askedAt: number } | undefined;

/** No index helps this one, and whoever looks after such a mail has days. */
async function uncertainMails(): Promise<number> {
  if (!uncertain || performance.now() - uncertain.askedAt >= uncertainAskedEvery) {
    const [row] = await database().execute<{ count: number }>(sql`select count(*)::int as count from ${mailIntents}
      where ${mailIntents.state} = 'unknown' and ${mailIntents.createdAt} > app_now() - interval '30 days'`);
    uncertain = { count: row!.count, askedAt: performance.now() };
  }
  return uncertain.count;
}
