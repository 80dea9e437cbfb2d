import { randomBytes, randomUUID } from "node:crypto";
import { eq, inArray, sql } from "drizzle-orm";
import { corporations, issuancePermissions, staff, suspensions, tokens, users } from "@/drizzle/schema";
import { sealing } from "@/lib/audit/seal";
import { type Standing, standingOfUser } from "@/lib/login/standing";
import { timeStepAt } from "@/lib/otp/totp";
import { policy } from "@/lib/policy";
import { ourselves } from "@/lib/platform/caller";
import { days, hours, later, readClock } from "@/lib/platform/clock";
import { database, type Database } from "@/lib/platform/database";
import { hashPassword } from "@/lib/platform/password";
import { inOneTransaction, type Work } from "@/lib/platform/transaction";
import { sealStaffKey } from "@/lib/staff/key";
import { issue } from "@/lib/token/issue";
import { sealTokenKey } from "@/lib/token/key";
import { revoke } from "@/lib/token/revoke";
import { activationPassword, confirmationPassword, dataShoji, loginPassword, mailAddressOf, mihonKogyo, type Part, staffBranch, staffCast } from "./cast.qa";
import { rememberScenario } from "./clock.qa";
import type { ScenarioName } from "./scenario-words.qa";

export const scenarios = {
  demo: putDemo,
  "all-managers-suspended": putAllManagersSuspended,
  "many-users": putManyUsers,
  "expiring-token": putExpiringToken,
} as const satisfies Record<ScenarioName, () => Promise<void>>;

export type { ScenarioName };

/** Puts the database into a named state. Everything that was there is gone, the audit log included. */
export async function putScenario(name: ScenarioName): Promise<void> {
  await scenarios[name]();
  await rememberScenario(database(), name);
}

const emptied = sql.raw("audit_events, audit_blocks, audit_seals, audit_head_mails, case_targets, cases, staff_known_browsers, staff_login_attempts, staff_passkey_challenges, staff_passkeys, staff_sessions, staff, act_results, mail_intents, known_browsers, login_attempts, passkey_challenges, passkey_login_challenges, passkeys, sessions, issuance_permissions, tokens, suspensions, login_password_suspensions, stops, users, corporations, qa.mailbox");

const onlyAddedTo = ["audit_events", "audit_blocks", "audit_seals"];

/** What works in the background holds one table and wants the next: where PostgreSQL finds the two crosswise, this one begins again. */
async function empty(db: Database, tries = 5): Promise<void> {
  try {
    await emptyAtOnce(db);
  } catch (error) {
    if (tries === 1 || (error as { cause?: { code?: string } }).cause?.code !== "40P01") throw error;
    await empty(db, tries - 1);
  }
}

async function emptyAtOnce(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sealing}::bigint)`); // before the tables: who seals takes them in another order
    for (const table of onlyAddedTo) await tx.execute(sql`alter table ${sql.identifier(table)} disable trigger user`);
    await tx.execute(sql`truncate ${emptied}`);
    for (const table of onlyAddedTo) await tx.execute(sql`alter table ${sql.identifier(table)} enable trigger user`);
  });
}

/** Made once a process: what costs a login's time is the same text for everybody here. */
let demoHashes: Promise<{ login: string; confirmation: string }> | undefined;
const hashesOfDemo = () => (demoHashes ??= Promise.all([hashPassword(loginPassword), hashPassword(confirmationPassword)]).then(([login, confirmation]) => ({ login, confirmation })));

async function putDemo(): Promise<void> {
  const db = database();
  await empty(db);
  const hashes = await hashesOfDemo();
  const { now } = await readClock(db);
  await putCompany(dataShoji, japanDate(now), hashes, now);
  await putCompany(mihonKogyo, null, hashes, now);
  await putStaff(hashes.login, now);
}

async function putStaff(passwordHash: string, now: Date): Promise<void> {
  await database().insert(staff).values(staffCast.map((part) => {
    const id = randomUUID();
    return { id, ...part, branch: staffBranch, passwordHash, passwordTemporary: false, sealedKey: sealStaffKey(id, randomBytes(20)), algorithm: "SHA-1" as const, createdAt: now };
  }));
}

const japanDate = (at: Date): string => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" }).format(at);

async function putCompany({ contractNumber, name, cast }: typeof dataShoji, appliesFrom: string | null, hashes: { login: string; confirmation: string }, now: Date) {
  const db = database();
  const [corporation] = await db.insert(corporations).values({ contractNumber, name, serviceAppliesFrom: appliesFrom, createdAt: now }).returning();
  for (const part of cast) {
    const [user] = await db.insert(users).values({
      corporationId: corporation!.id, loginId: part.loginId, name: part.name, userClass: part.userClass, mailAddress: mailAddressOf(part.loginId),
      loginPasswordHash: hashes.login, confirmationPasswordHash: hashes.confirmation, createdAt: now,
    }).returning();
    await db.insert(issuancePermissions).values({
      corporationId: corporation!.id, userId: user!.id, cause: "service_applied", opensAt: now, closesAt: later(now, days(policy.permissionDaysFromService)),
    });
    await putToken(part, { id: user!.id, corporationId: corporation!.id }, now);
  }
}

async function putToken(part: Part, user: { id: string; corporationId: string }, now: Date): Promise<void> {
  if (part.token === "in_use" || part.token === "revoked") await putTokenInUse(user, part.loginId, now);
  if (part.suspended) await suspend([user.id], now);
  if (part.token === "revoked") await asSystem(user.id, (work, standing) => revoke(work, [standing], { allowReissue: true }));
  if (part.token === "issued") await asSystem(user.id, (work, standing) => issue(work, standing, { mailAddress: mailAddressOf(part.loginId), activationPassword }));
}

/** A token whose phone is `/qa`'s: set up and confirmed a day ago. */
async function putTokenInUse(user: { id: string; corporationId: string }, loginId: string, now: Date): Promise<void> {
  const id = randomUUID();
  const issuedAt = later(now, -days(1));
  await database().insert(tokens).values({
    id, corporationId: user.corporationId, userId: user.id, issuedAt, lapsesAt: later(issuedAt, hours(policy.issuanceValidityHours)),
    mailAddress: mailAddressOf(loginId), lastMailAt: issuedAt, setUpAt: issuedAt, confirmedAt: issuedAt, expiresAt: later(issuedAt, days(policy.tokenLifeDays)),
    lastTimeStep: timeStepAt(issuedAt, policy.timeStepSeconds), sealedKey: sealTokenKey({ id, corporationId: user.corporationId, userId: user.id }, randomBytes(32)),
  });
}

async function suspend(userIds: string[], now: Date): Promise<void> {
  const rows = await database().update(users)
    .set({ oneTimePasswordFailures: policy.failuresBeforeSuspension, revision: sql`${users.revision} + 1` })
    .where(inArray(users.id, userIds)).returning({ id: users.id, corporationId: users.corporationId });
  await database().insert(suspensions).values(rows.map(({ id, corporationId }) => ({
    corporationId, userId: id, suspendedAt: now, cause: "wrong_one_time_passwords" as const,
  })));
  await recordWrongPasswords(now);
}

/** The events that led to the suspensions of this moment: wrong one-time passwords, half a minute apart, from one browser. */
const recordWrongPasswords = (now: Date) =>
  database().execute(sql`insert into audit_events (at, name, result, corporation_id, actor_kind, actor_id, user_id, request_id, network, browser, details)
    select ${now.toISOString()}::timestamptz - make_interval(secs => 30 * (${policy.failuresBeforeSuspension} - nth)), 'one_time_password.refused', 'refused', corporation_id, 'user', user_id, user_id,
      gen_random_uuid(), '192.0.2.44', 'Chrome / Windows', jsonb_build_object('screen', 'login', 'reason', 'wrong', 'failures', nth)
    from suspensions, generate_series(1, ${policy.failuresBeforeSuspension}::int) as nth where suspended_at = ${now.toISOString()}::timestamptz order by nth`);

const asSystem = (userId: string, verb: (work: Work, standing: Standing) => Promise<unknown>) =>
  inOneTransaction(ourselves(), standingOfUser(userId), async (work, { standing }) => {
    work.corporationId = standing!.corporation.id;
    await verb(work, standing!);
  }, { kind: "system" });

async function idsOf(loginIds: string[]): Promise<string[]> {
  const rows = await database().select({ id: users.id }).from(users).where(inArray(users.loginId, loginIds));
  return rows.map((row) => row.id);
}

async function putAllManagersSuspended(): Promise<void> {
  await putDemo();
  const { now } = await readClock(database());
  await suspend(await idsOf(["haruki", "sakuro"]), now);
}

async function putExpiringToken(): Promise<void> {
  await putDemo();
  const { now } = await readClock(database());
  await database().update(tokens).set({ expiresAt: later(now, days(20)) }).where(inArray(tokens.userId, await idsOf(["haruki"])));
}

const manyUsers = 10_000;
const manySuspended = 1_000;
const rowsPerStatement = 1_000; // a statement takes 65,534 parameters

/** 10,000 users in the demo company, the cast included; 1,000 of them suspended. */
async function putManyUsers(): Promise<void> {
  await putDemo();
  const db = database();
  const { now } = await readClock(db);
  const [corporation] = await db.select().from(corporations).where(eq(corporations.contractNumber, dataShoji.contractNumber));
  const [someone] = await db.select().from(users).where(eq(users.loginId, "ichiro"));
  const already = dataShoji.cast.length;
  const added: { id: string }[] = [];
  for (let first = already; first < manyUsers; first += rowsPerStatement) {
    const count = Math.min(rowsPerStatement, manyUsers - first);
    const inserted = await db.insert(users).values(Array.from({ length: count }, (_, index) => {
      const number = String(first - already + index + 1).padStart(5, "0");
      return {
        corporationId: corporation!.id, loginId: `user${number}`, name: `データ利用者${number}`, userClass: "general" as const, mailAddress: mailAddressOf(`user${number}`),
        loginPasswordHash: someone!.loginPasswordHash, confirmationPasswordHash: someone!.confirmationPasswordHash, createdAt: now,
      };
    })).returning({ id: users.id });
    await db.insert(issuancePermissions).values(inserted.map(({ id }) => ({
      corporationId: corporation!.id, userId: id, cause: "service_applied" as const, opensAt: now, closesAt: later(now, days(policy.permissionDaysFromService)),
    })));
    added.push(...inserted);
  }
  const alreadySuspended = dataShoji.cast.filter((part) => part.suspended).length;
  await suspend(added.slice(0, manySuspended - alreadySuspended).map(({ id }) => id), now);
}
