import { and, isNull, sql } from "drizzle-orm";
import { stops, users } from "@/drizzle/schema";
import { endAccess } from "@/lib/login/session";
import type { Standing } from "@/lib/login/standing";
import { among } from "@/lib/platform/database";
import { actingUser, afterSaved, ours, type Work } from "@/lib/platform/transaction";

const idsOf = (standings: Standing[]) => standings.map(({ user }) => user.id);

const close = (work: Work, name: string, standings: Standing[]) =>
  work.save(name, work.tx.update(stops).set({ releasedAt: work.now, releasedBy: actingUser(work) })
    .where(and(ours(work, stops), among(stops.userId, idsOf(standings)), isNull(stops.releasedAt))).returning({ id: stops.id }));

/** 停止 of users of one company: their sessions end. The counter's takes the place of a manager's, which a manager could release. */
export function stopUsers(work: Work, standings: Standing[], cause: "manager" | "emergency"): void {
  const stopped = standings.filter(({ stop }) => stop);
  if (stopped.length > 0) close(work, "stops_superseded", stopped);
  const afterEarlier = stopped.length > 0 ? sql`and ${afterSaved("stops_superseded")}` : sql``;
  work.save("stops", sql`(insert into ${stops} (corporation_id, user_id, stopped_at, cause, stopped_by)
    select ${users.corporationId}, ${users.id}, ${work.now.toISOString()}::timestamptz, ${cause}::stop_cause, ${actingUser(work)}::uuid
    from ${users} where ${ours(work, users)} and ${among(users.id, idsOf(standings))} ${afterEarlier})`);
  endAccess(work, standings, "stopped");
  for (const { user } of standings) {
    work.raiseRevision(user.id);
    work.record({ name: "user.stopped", userId: user.id });
  }
}

/** 停止を解除 of users who are stopped. */
export function releaseStops(work: Work, standings: Standing[]): void {
  close(work, "stops_released", standings);
  for (const { user } of standings) {
    work.raiseRevision(user.id);
    work.record({ name: "user.stop_released", userId: user.id });
  }
}
