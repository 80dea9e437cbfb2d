import { AsyncLocalStorage } from "node:async_hooks";
import { type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres, { type Sql } from "postgres";
import * as schema from "@/drizzle/schema";
import { env } from "./env";
import { Overloaded } from "./gate";

export type Database = PostgresJsDatabase<typeof schema>;
/** Of a pool's transactions, how many have a connection and how many wait for one. postgres.js does not tell, so we count. */
type PoolUse = { connections: number; running: number; waiting: number };
type Pool = { db: Database; client: Sql; use: PoolUse };
export type Tx = Parameters<Parameters<Database["transaction"]>[0]>[0];

const mostParametersOfNamed = 200; // an act on many users has a text for each number of them: a connection would keep them all

/** Drizzle asks for unnamed statements, which are parsed and planned anew each time; named ones are planned once a connection. */
function preparing<Client extends Sql>(client: Client): Client {
  const { unsafe } = client;
  client.unsafe = ((query, parameters, options) => unsafe(query, parameters, { ...options, prepare: (parameters?.length ?? 0) <= mostParametersOfNamed })) as Client["unsafe"];
  return client;
}

const mostWaiting = 300; // as many as 10 connections serve in a second or two

/** The same inside transactions, which are counted. Rejects with `Overloaded` where too many wait for a connection: who came first is served, and nobody's work is begun that nobody waits for. */
function counting(client: Sql, use: PoolUse): Sql {
  const begin = client.begin as unknown as (work: (tx: Sql) => unknown) => Promise<unknown>;
  client.begin = ((work: (tx: Sql) => unknown) => {
    if (use.waiting >= mostWaiting) return Promise.reject(new Overloaded("too many transactions are waiting"));
    let counted: "running" | "waiting" = "waiting";
    use[counted] += 1;
    return begin((tx) => {
      use[counted] -= 1;
      counted = "running";
      use[counted] += 1;
      return work(preparing(tx));
    }).finally(() => { use[counted] -= 1; });
  }) as unknown as Sql["begin"];
  return client;
}

/** A pool that gives up before a person does, and comes back by itself after an outage. */
export function connect(url: string, connections = 10, name = "ichido"): Pool {
  const client = postgres(url, {
    max: connections,
    connect_timeout: 5,
    idle_timeout: 60,
    backoff: (attempt: number) => Math.min(0.1 * 2 ** attempt, 2),
    onnotice: () => {},
    fetch_types: false, // Drizzle maps arrays itself
    connection: {
      application_name: name,
      default_transaction_isolation: "read committed", // what `lockStandings` relies on
      statement_timeout: 8_000,
      lock_timeout: 6_000,
      idle_in_transaction_session_timeout: 10_000,
    },
  });
  const use = { connections, running: 0, waiting: 0 };
  return { db: drizzle(preparing(counting(client, use)), { schema }), client, use };
}

type Holder = typeof globalThis & { ichidoDatabase?: Pool; ichidoStaffDatabase?: Pool; ichidoAsStaff?: AsyncLocalStorage<true> };

/** One of each a process: Next loads this module once per bundle. */
const holder = globalThis as Holder;

const pool = () => (holder.ichidoDatabase ??= connect(env().DATABASE_URL));

/** A few people work at the counter, and many customers wait: the console's connections are fewer. */
const staffPool = () => (holder.ichidoStaffDatabase ??= env().STAFF_DATABASE_URL === undefined ? pool() : connect(env().STAFF_DATABASE_URL!, 5, "ichido-staff"));

const staffContext = () => (holder.ichidoAsStaff ??= new AsyncLocalStorage<true>());

/** Everything that `work` asks of the database is asked by the console's role, however deep and however late. */
export const asStaff = <Value>(work: () => Value): Value => staffContext().run(true, work);

/** DATABASE_URL's, and inside `asStaff` STAFF_DATABASE_URL's. */
export const database = (): Database => (staffContext().getStore() ? staffPool() : pool()).db;

/** What the pools are doing; the console's apart where it has one. */
export function poolUses(): { customers: PoolUse; counter?: PoolUse } {
  const [customers, counter] = [pool(), staffPool()];
  return { customers: customers.use, ...(counter !== customers && { counter: counter.use }) };
}

/** For tests: other databases in place of DATABASE_URL's and STAFF_DATABASE_URL's. */
export function useDatabase(customers: Pool, staff = customers) {
  holder.ichidoDatabase = customers;
  holder.ichidoStaffDatabase = staff;
}

/** An id among these: one parameter however many they are, and so one statement. The ids are our own or parsed uuids. */
export const among = (column: SQLWrapper, ids: string[]): SQL => sql`${column} = any(${`{${ids.join(",")}}`}::uuid[])`;

type Statement<Rows> = { execute(values: Record<string, unknown>): Promise<Rows> };

/** A statement whose text is put together once a process, and not at every request. Runs in the transaction it is given. */
export function puttingTogetherOnce<Rows>(build: (db: Database) => Statement<Rows>) {
  let statement: Statement<Rows> | undefined;
  return (tx: Tx, values: Record<string, unknown>): Promise<Rows> => {
    statement ??= build(database());
    const { client } = (tx as unknown as { session: { client: Sql } }).session; // Drizzle ties a prepared statement to one client
    return (Object.create(statement, { client: { value: client } }) as Statement<Rows>).execute(values);
  };
}

export class Unavailable extends Error {
  override name = "Unavailable";
}

/** A database that neither answers nor refuses is unavailable, too. The transaction may still end either way: nothing was promised. */
export async function withinDeadline<Value>(work: Promise<Value>, milliseconds = 9_000): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable("the database did not answer in time")), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
