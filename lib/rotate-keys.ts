import type { Sql } from "postgres";
import { deviceCookieDays } from "@/lib/login/browser";
import { ourselves } from "@/lib/platform/caller";
import { keyIds, seal, unseal } from "@/lib/platform/keys";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";
import { keyProblems, keysInUse, may, type SealedColumn, sealedColumns, type SealedRow } from "./sealed-rows";

const rowsAtOnce = 100;
const mostPasses = 20; // a row that somebody holds is taken at the next
const betweenPasses = 250;
const progressEvery = 2_000;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/**
 * Seals everything under the current key that older keys of KEY_RING seal, while the service runs. `client` is the tables' owner's
 * or a role's that may update all of it, and `database()` is the same. Answers whether no older key is needed for a row any more.
 */
export async function rotateKeys(client: Sql, say: (line: string) => void): Promise<boolean> {
  for (const sealed of sealedColumns) {
    if (!(await may(client, "update", sealed))) {
      say(`This role may not update ${sealed.table}.${sealed.column}: give the address of the tables' owner as DATABASE_URL.`);
      return false;
    }
  }
  const problems = await keyProblems(client);
  if (problems.length > 0) {
    say(`Nothing was changed:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    return false;
  }

  const [current] = keyIds();
  let rotated = 0;
  let unopened = 0;
  for (const sealed of sealedColumns) {
    const result = await rotateColumn(client, sealed, say);
    rotated += result.rotated;
    unopened += result.unopened;
  }
  if (rotated > 0) await inOneTransaction(ourselves(), byTheClock, (work) => work.record({ name: "keys.rotated", key: current, rows: rotated }), { kind: "system" });
  if (unopened > 0) say(`Rows that do not open: ${unopened}. They were changed, or hold another row's text, and stay as they are. The log names them; see IchidoUnsealFailures in docs/operations/runbook.md.`);
  return (await sayWhatIsLeft(client, say)) && unopened === 0;
}

async function rotateColumn(client: Sql, sealed: SealedColumn, say: (line: string) => void): Promise<{ rotated: number; unopened: number }> {
  const [current] = keyIds();
  const unopened = new Set<string>();
  let rotated = 0;
  let said = performance.now();
  for (let pass = 1; pass <= mostPasses; pass += 1) {
    let from: string | undefined = "00000000-0000-0000-0000-000000000000";
    while (from) {
      const begun = performance.now();
      const batch = await rotateBatch(client, sealed, from, unopened);
      rotated += batch.rotated;
      from = batch.last;
      if (performance.now() - said > progressEvery) {
        said = performance.now();
        say(`${sealed.table}: ${rotated} …`);
      }
      await pause(performance.now() - begun); // half of the time is the customers'
    }
    const older = (await keysInUse(client, sealed)).filter(({ key }) => key !== current);
    if (older.reduce((sum, { rows }) => sum + rows, 0) <= unopened.size) break;
    await pause(betweenPasses);
  }
  say(`${sealed.table}.${sealed.column}: ${rotated} sealed anew under "${current}"`);
  return { rotated, unopened: unopened.size };
}

/**
 * The rows are read under their locks, and written while these are held. A row that somebody else holds is left for the next pass: we wait for
 * nobody, so whoever holds many rows and waits for ours cannot wait for ever.
 */
function rotateBatch(client: Sql, { table, column, columns, boundTo }: SealedColumn, from: string, unopened: Set<string>): Promise<{ rotated: number; last: string | undefined }> {
  const [current] = keyIds();
  return client.begin(async (tx) => {
    const rows = await tx<SealedRow[]>`select ${tx(columns)}, ${tx(column)} as sealed from ${tx(table)}
      where id > ${from}::uuid and ${tx(column)} is not null and not starts_with(${tx(column)}, ${`${current}.`})
      order by id limit ${rowsAtOnce} for no key update skip locked`;
    const renewed = rows.flatMap((row) => {
      if (unopened.has(row.id)) return [];
      try {
        return [{ id: row.id, old: row.sealed, renewed: seal(unseal(row.sealed, boundTo(row)), boundTo(row)) }];
      } catch {
        unopened.add(row.id); // `unseal` has raised the alarm; the row is evidence, and stays as it is
        return [];
      }
    });
    const { count } = await tx`update ${tx(table)} as t set ${tx(column)} = n.renewed
      from jsonb_to_recordset(${JSON.stringify(renewed)}::text::jsonb) as n(id uuid, old text, renewed text) where t.id = n.id and t.${tx(column)} = n.old`;
    return { rotated: count, last: rows.at(-1)?.id };
  });
}

/** The count of every table and key, and of each older key whether it may go. */
async function sayWhatIsLeft(client: Sql, say: (line: string) => void): Promise<boolean> {
  const uses = new Map<string, string[]>();
  for (const sealed of sealedColumns) {
    for (const { key, rows } of await keysInUse(client, sealed)) {
      say(`${sealed.table}.${sealed.column} under "${key}": ${rows}`);
      uses.set(key, [...(uses.get(key) ?? []), sealed.table]);
    }
  }
  const links = await client<{ key: string; until: string }[]>`select split_part(link_code_mac, '.', 1) as key, to_char(max(lapses_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') as until
    from tokens where link_code_mac is not null and ended_at is null and lapses_at > app_now() group by 1`;
  const [, ...older] = keyIds();
  for (const key of older) {
    const tables = uses.get(key);
    const until = links.find((link) => link.key === key)?.until;
    say(tables
      ? `"${key}" is still needed: rows of ${tables.join(", ")} are sealed under it. Is a process running that has it first in KEY_RING? Then start that one with the new ring, and run this again.`
      : `"${key}" seals nothing any more. It may leave KEY_RING once every process has the new ring, ${until ? `and from ${until} on: until then a mailed link needs it.` : "and no mailed link needs it."} ` +
        `Browsers that it vouches for are then no longer known (their cookie lives ${deviceCookieDays} days): their owners get a mail about a new environment.`);
  }
  return older.every((key) => !uses.has(key));
}
