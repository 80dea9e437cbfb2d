import { sql } from "drizzle-orm";
import { database, withinDeadline } from "@/lib/platform/database";

/** One one-time password that was not accepted. */
export type Attempt = { at: string; network: string; browser: string; replayed: boolean };

const mostAttempts = 20;

/**
 * What led to a suspension, for whoever is about to lift it: every one-time password not accepted since the last one that was, or the last lift;
 * newest first. Of users of one company only.
 */
export async function attemptsOf(corporationId: string, userIds: string[]): Promise<Map<string, Attempt[]>> {
  const rows = await withinDeadline(database().execute<Attempt & { user_id: string; at: string }>(sql`
    select asked.id as user_id, attempt.at, attempt.network, attempt.browser, attempt.name = 'one_time_password.replayed' as replayed
    from unnest(${`{${userIds.join(",")}}`}::uuid[]) as asked(id)
    cross join lateral (
      select at, id, network, browser, name from audit_events
      where user_id = asked.id and corporation_id = ${corporationId} and name in ('one_time_password.refused', 'one_time_password.replayed')
        and (at, id) > coalesce((select row(at, id) from (
          select at, id from audit_events where user_id = asked.id and corporation_id = ${corporationId} and (name in ('one_time_password.accepted', 'suspension.lifted') or name = 'approval.accepted' and details ->> 'method' = 'code') order by at desc, id desc limit 1) over), row('-infinity'::timestamptz, 0))
      order by at desc, id desc limit ${mostAttempts}) attempt
    order by asked.id, attempt.at desc, attempt.id desc`));
  const attempts = new Map<string, Attempt[]>(userIds.map((id) => [id, []]));
  for (const { user_id, at, network, browser, replayed } of rows) attempts.get(user_id)!.push({ at: new Date(at).toISOString(), network, browser, replayed });
  return attempts;
}
