import { sql } from "drizzle-orm";
import { database, type Database, type Tx } from "@/lib/platform/database";
import { sealOneRound } from "./seal";
import { beginning, lastPoint, unsealedAfter } from "./store";

/** Closes blocks over all that can be sealed now. */
export async function sealAuditLog(): Promise<void> {
  while (await sealOneRound());
}

/** Seals until nothing is left: transactions of other test files on the same server hold the newest events back for a moment. */
export async function sealAll(): Promise<void> {
  for (;;) {
    await sealAuditLog();
    if ((await unsealedAfter(database(), (await lastPoint(database())) ?? beginning)) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An event of a user of the demo's, or of nobody's. */
export const someEvent = (db: Database | Tx, loginId: string) =>
  db.execute(sql`insert into audit_events (at, name, result, code, corporation_id, actor_kind, user_id, request_id, network, browser, details)
    select app_now(), 'login_password.refused', 'refused', null, corporation_id, 'anonymous', id, gen_random_uuid(), '192.0.2.1', 'Chrome / Windows', '{"reason": "wrong", "told": "ここ"}'
    from (select 1) as once left join users on login_id = ${loginId}`);
