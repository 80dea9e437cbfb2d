import type { Sql } from "postgres";
import { mailBinding } from "@/lib/mail/intents";
import { keyIds, opens, type SealedTable } from "@/lib/platform/keys";
import { staffBinding } from "@/lib/staff/key";
import { slipBinding } from "@/lib/staff/slips";
import { tokenBinding } from "@/lib/token/key";

export type SealedRow = { id: string; corporation_id: string; user_id: string; sealed: string };

/** `columns` are what the sealed text is bound to, beside the table's name. */
export type SealedColumn = { table: SealedTable; column: string; columns: (keyof SealedRow)[]; boundTo(row: SealedRow): string };

/** Every column that is sealed under KEY_RING; a test holds the list to the schema. */
export const sealedColumns: SealedColumn[] = [
  {
    table: "tokens", column: "sealed_key", columns: ["id", "corporation_id", "user_id"],
    boundTo: ({ id, corporation_id: corporationId, user_id: userId }) => tokenBinding({ id, corporationId, userId }),
  },
  { table: "staff", column: "sealed_key", columns: ["id"], boundTo: ({ id }) => staffBinding(id) },
  { table: "case_targets", column: "sealed_slip", columns: ["id"], boundTo: ({ id }) => slipBinding(id) },
  { table: "mail_intents", column: "sealed_content", columns: ["id"], boundTo: ({ id }) => mailBinding(id) },
];

/** How many rows of a column are sealed under which key, by its id. */
export const keysInUse = (client: Sql, { table, column }: SealedColumn): Promise<{ key: string; rows: number }[]> =>
  client<{ key: string; rows: number }[]>`select split_part(${client(column)}, '.', 1) as key, count(*)::int as rows from ${client(table)} where ${client(column)} is not null group by 1 order by 1`;

export async function may(client: Sql, privilege: "select" | "update", { table, column }: SealedColumn): Promise<boolean> {
  const [row] = await client<{ may: boolean }[]>`select has_column_privilege(${table}, ${column}, ${privilege}) as may`;
  return row!.may;
}

const tried = 5; // one row that was tampered with must not look like a wrong key

/**
 * What KEY_RING lacks for the rows that this role may read, in sentences that name keys by their ids: with a wrong ring every one-time
 * password would be refused, one user at a time.
 */
export async function keyProblems(client: Sql): Promise<string[]> {
  const problems: string[] = [];
  for (const sealed of sealedColumns) {
    if (!(await may(client, "select", sealed))) continue;
    for (const { key } of await keysInUse(client, sealed)) {
      if (!keyIds().includes(key)) problems.push(`KEY_RING lacks ${named(key)}, under which rows of ${sealed.table} are sealed`);
      else if (!(await someOpen(client, sealed, key))) problems.push(`In KEY_RING, ${named(key)} is not the one under which rows of ${sealed.table} are sealed`);
    }
  }
  return problems;
}

/** An id is printed only where it is one: the column holds whatever somebody wrote into it. */
const named = (key: string) => (/^[A-Za-z0-9_-]{1,16}$/.test(key) ? `the key "${key}"` : "a key whose id is unreadable");

async function someOpen(client: Sql, { table, column, columns, boundTo }: SealedColumn, key: string): Promise<boolean> {
  const rows = await client<SealedRow[]>`select ${client(columns)}, ${client(column)} as sealed from ${client(table)} where starts_with(${client(column)}, ${`${key}.`}) limit ${tried}`;
  return rows.length === 0 || rows.some((row) => opens(row.sealed, boundTo(row)));
}
