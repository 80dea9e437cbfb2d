import { randomUUID } from "node:crypto";
import { and, eq, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { auditEvents, mailIntents, users } from "@/drizzle/schema";
import { countEvent } from "@/lib/audit/count-events";
import { type AuditEvent, resultOf } from "@/lib/audit/events";
import { mailBinding, type MailIntent } from "@/lib/mail/intents";
import { refusals, type RefusalReason } from "@/lib/refusals";
import type { Caller } from "./caller";
import { readClock } from "./clock";
import { among, database, type Tx, withinDeadline } from "./database";
import { seal } from "./keys";
import { wakeMailWorker } from "./wake";

/** Who acts. It is learnt on the way: a login begins as anonymous. */
type Actor = { kind: "anonymous" } | { kind: "user"; id: string; corporationId: string } | { kind: "staff"; id: string } | { kind: "system" };

type UserChanges = Partial<Pick<typeof users.$inferInsert,
  | "loginFailures" | "oneTimePasswordLogins" | "loginStoppedUntil" | "oneTimePasswordFailures" | "confirmationFailures" | "replayNoticeTimeStep"
  | "loginPasswordHash" | "loginPasswordTemporary" | "confirmationPasswordHash" | "confirmationPasswordTemporary" | "confirmationSuspendedAt"
  | "name" | "userClass" | "mailAddress" | "deletedAt">>;

/**
 * A transaction of the rules. A function that takes it changes something; one that does not, cannot.
 *
 * A verb decides first and says what follows from it; all of it is written by one statement at the end (a journey's
 * two transactions are four statements each). PostgreSQL runs the parts of such a statement on one snapshot, so a row
 * may be changed by one part only: `save` refuses a name twice, and `changeUser` gathers what concerns the user's row.
 * An act on many users says once what it does to all of them.
 */
export type Work = {
  tx: Tx;
  /** `app_now()` when the transaction opened. */
  now: Date;
  caller: Caller;
  actor: Actor;
  /** The company all this concerns, once it is known. */
  corporationId?: string;
  /** Adds an event to the audit log, with the transaction's own fate; `of` where it concerns another company than the transaction does. */
  record(event: AuditEvent, of?: { corporationId: string }): void;
  /** Writes a mail's intent; the worker sends it once it is committed. */
  mail(intent: MailIntent): void;
  /** A data-modifying statement for the end of the transaction; others may refer to it by its name. */
  save(name: string, statement: SQLWrapper): void;
  /** Changes the user's row, and raises its revision. */
  changeUser(userId: string, changes: UserChanges): void;
  /** For what changes of a user in other rows: whoever waits for the lock of the user's row sees its revision raised, and reads everything anew. */
  raiseRevision(userId: string): void;
};

/** The user who acts, for the row that says so; null for the system and the counter. */
export const actingUser = ({ actor }: Work): string | null => (actor.kind === "user" ? actor.id : null);

/**
 * A condition that puts a statement behind another one of its transaction, saved under `name` and returning rows: these are read first, which makes it happen
 * first. A unique index allows one open row of a user: the earlier one ends before the next begins.
 */
export const afterSaved = (name: string): SQL => sql`(select count(*) from ${sql.identifier(name)}) >= 0`;

/** The rows a transaction may change: those of the company that all of it concerns, whichever ids a statement names. */
export function ours({ corporationId }: Work, table: { corporationId: PgColumn }): SQL {
  if (!corporationId) throw new Error("Rows of a company are changed before it is known which");
  return eq(table.corporationId, corporationId);
}

function newWork(tx: Tx, now: Date, caller: Caller, actor: Actor) {
  const events: { event: AuditEvent; actor: Actor; corporationId?: string }[] = [];
  const mails: MailIntent[] = [];
  const statements = new Map<string, SQLWrapper>();
  const userChanges = new Map<string, UserChanges>();

  const work: Work = {
    tx, now, caller, actor,
    record: (event, of) => { events.push({ event, actor: work.actor, corporationId: of?.corporationId }); },
    mail: (intent) => { mails.push(intent); },
    save(name, statement) {
      if (statements.has(name)) throw new Error(`"${name}" is saved twice in one transaction`);
      statements.set(name, statement);
    },
    changeUser: (userId, changes) => { userChanges.set(userId, { ...userChanges.get(userId), ...changes }); },
    raiseRevision: (userId) => work.changeUser(userId, {}),
  };

  async function flush(): Promise<void> {
    for (const [index, { changes, userIds }] of alike(userChanges).entries()) {
      work.save(`users_${index + 1}`, tx.update(users).set({ ...changes, revision: sql`${users.revision} + 1` }).where(and(ours(work, users), among(users.id, userIds))));
    }
    if (events.length > 0) work.save("audit", tx.insert(auditEvents).values(events.map(({ event, actor: by, corporationId }) => auditRow({ ...work, ...(corporationId && { corporationId }) }, event, by))));
    if (mails.length > 0) work.save("mails", tx.insert(mailIntents).values(mails.map((mail) => mailRow(work, mail))));
    if (statements.size === 0) return;
    const parts = [...statements].map(([name, statement]) => sql`${sql.identifier(name)} as ${statement}`);
    await tx.execute(sql`with ${sql.join(parts, sql`, `)} select`);
  }

  /** What is done once all of it is committed, and not before. */
  function committed(): void {
    for (const { event } of events) countEvent(event);
    if (mails.length > 0) wakeMailWorker();
  }

  return { work, flush, committed };
}

/** Many users' same change is one statement. */
function alike(userChanges: Map<string, UserChanges>): { changes: UserChanges; userIds: string[] }[] {
  const groups = new Map<string, { changes: UserChanges; userIds: string[] }>();
  for (const [userId, changes] of userChanges) {
    const key = JSON.stringify(changes);
    const group = groups.get(key) ?? { changes, userIds: [] };
    group.userIds.push(userId);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function auditRow(work: Work, event: AuditEvent, actor: Actor): typeof auditEvents.$inferInsert {
  const { name, ...rest } = event;
  const { userId, ...details } = rest as { userId?: string; reason?: string };
  const code = details.reason && details.reason in refusals ? refusals[details.reason as RefusalReason].code : null;
  return {
    at: work.now, name, result: resultOf(event), code,
    corporationId: work.corporationId ?? (actor.kind === "user" ? actor.corporationId : null),
    actorKind: actor.kind, actorId: "id" in actor ? actor.id : null,
    userId: userId ?? null, details, ...work.caller,
  };
}

function mailRow(work: Work, { content, ...intent }: MailIntent): typeof mailIntents.$inferInsert {
  const id = randomUUID();
  const holdsLink = content.kind === "issuance_link";
  return {
    id, ...intent, kind: content.kind, createdAt: work.now, dueAt: work.now,
    content: holdsLink ? null : content,
    sealedContent: holdsLink ? seal(Buffer.from(JSON.stringify(content)), mailBinding(id)) : null,
  };
}

/**
 * Opens a transaction with one statement (a lock, a look and the clock), lets the verb decide, writes what it decided, and commits.
 * A refusal is a value and commits, so that counts and audit events stay; an exception rolls back.
 */
export async function inOneTransaction<Opening extends { now: Date }, Value>(
  caller: Caller,
  open: (tx: Tx) => Promise<Opening>,
  verb: (work: Work, opening: Opening) => Promise<Value> | Value,
  actor: Actor = { kind: "anonymous" },
): Promise<Value> {
  const { value, committed } = await withinDeadline(
    database().transaction(async (tx) => {
      const opening = await open(tx);
      const { work, flush, committed } = newWork(tx, opening.now, caller, actor);
      const value = await verb(work, opening);
      await flush();
      return { value, committed };
    }),
  );
  committed();
  return value;
}

/** For work that locks nothing by itself: only the clock is read. */
export const byTheClock = readClock;
