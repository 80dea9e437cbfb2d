import { sql, type SQL } from "drizzle-orm";
import { acceptedTimeSteps } from "@/lib/otp/verifier";
import { ourselves } from "@/lib/platform/caller";
import { describe, log } from "@/lib/platform/log";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";

/*
 * A standby that is promoted, or a backup that is restored, may lack the last acceptances: their one-time passwords would be accepted once more. PostgreSQL gives
 * every such life of a database another timeline, or another cluster. The life is compared in the statement that every verification begins with,
 * so no process has to be told; until the new life's floor is written, nothing is accepted.
 */

/** Which life this is: the cluster, and the timeline that is being written to. Known at once after a promotion, where the control file lags. */
const presentLife: SQL<string> = sql`(select system_identifier::text from pg_control_system()) || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8)`.mapWith(String);

/** Time steps up to this one are refused, whatever the token's own row remembers; null while this life has none yet: then nothing is accepted. */
export const knownFloor: SQL<number | null> = sql`(select time_step_floor from database_lives where life = (${presentLife}))`.mapWith((floor) => (floor === null ? null : Number(floor)));

/** The last time step that may not be accepted any more: the token's own, and the floor of this life; where this life has no floor yet, all that would be accepted now. */
export const lastSpentTimeStep = (lastTimeStep: number | null, floor: number | null, now: Date): number =>
  Math.max(lastTimeStep ?? 0, floor ?? newestAcceptable(now));

const newestAcceptable = (now: Date): number => Math.max(...acceptedTimeSteps(now));

let underWay: Promise<void> | undefined;

/** Writes the floor of a life that has none yet, with its event; each minute, and at once where a customer's verification finds none. Never rejects. */
export const raiseStepFloor = (): Promise<void> =>
  (underWay ??= inOneTransaction(ourselves(), byTheClock, async (work) => {
    const floor = newestAcceptable(work.now);
    const raised = await work.tx.execute(sql`insert into database_lives (life, time_step_floor, began_at)
      select present.life, ${floor}, ${work.now.toISOString()} from (select ${presentLife} as life) present where not exists (select from database_lives known where known.life = present.life)
      on conflict (one) do update set life = excluded.life, time_step_floor = greatest(database_lives.time_step_floor, excluded.time_step_floor), began_at = excluded.began_at
      where database_lives.life <> excluded.life returning life`);
    if (raised.length > 0) work.record({ name: "step_floor.raised", timeStep: floor });
  }, { kind: "system" }).catch((error: unknown) => {
    log().error({ error: describe(error) }, "the step floor could not be raised; until it is, no one-time password is accepted");
  }).finally(() => {
    underWay = undefined;
  }));
