import { randomBytes, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { corporations, issuancePermissions, staff, tokens, users } from "@/drizzle/schema";
import { timeStepAt } from "@/lib/otp/totp";
import { days, hours, later, readClock } from "@/lib/platform/clock";
import { connect } from "@/lib/platform/database";
import { env } from "@/lib/platform/env";
import { hashPassword } from "@/lib/platform/password";
import { policy } from "@/lib/policy";
import { sealStaffKey } from "@/lib/staff/key";
import { sealTokenKey } from "@/lib/token/key";

/* Whole companies for `npm run prove:load`, beside the demo's: each with a master, an administrator and general users; what their phones hold is written to `--out`. */

const { values: options } = parseArgs({ options: { users: { type: "string" }, password: { type: "string" }, out: { type: "string" } } });
const perCompany = 25;

/** Of ten users six have a token, one a token that ends soon, two none yet; one in ten companies has no OTP service. */
const kindOf = (place: number) => (place < 2 ? "in use" : (["in use", "in use", "none", "in use", "in use", "expiring", "none", "in use", "in use", "in use"] as const)[place % 10]!);

const { db, client } = connect(env().DATABASE_URL, 2);
const { now } = await readClock(db);
const issuedAt = later(now, -days(1));
const passwordHash = await hashPassword(options.password!);
const count = Number(options.users);
const accounts: object[] = [];

for (let company = 0; company * perCompany < count; company += 1) {
  const applies = company % 10 !== 3;
  const contractNumber = String(3_000_000 + company);
  const [corporation] = await db.insert(corporations).values({ contractNumber, name: `証明${company}株式会社`, serviceAppliesFrom: applies ? "2026-01-01" : null, createdAt: now }).returning();
  const corporationId = corporation!.id;
  const people = Array.from({ length: Math.min(perCompany, count - company * perCompany) }, (_, place) => ({
    id: randomUUID(), tokenId: randomUUID(), key: randomBytes(32), loginId: `prove-${company}-${place}`, kind: applies ? kindOf(place) : "no service",
    userClass: place === 0 ? "master" as const : place === 1 ? "administrator" as const : "general" as const,
  }));
  await db.insert(users).values(people.map(({ id, loginId, userClass }) => ({
    id, corporationId, loginId, name: `証明${loginId}`, userClass, mailAddress: `${loginId}@example.jp`, loginPasswordHash: passwordHash, confirmationPasswordHash: passwordHash, createdAt: now,
  })));
  await db.insert(issuancePermissions).values(people.map(({ id }) => ({
    corporationId, userId: id, cause: "service_applied" as const, opensAt: now, closesAt: later(now, days(policy.permissionDaysFromService)),
  })));
  const holders = people.filter(({ kind }) => kind === "in use" || kind === "expiring");
  if (holders.length > 0) {
    await db.insert(tokens).values(holders.map(({ id: userId, tokenId: id, key, loginId, kind }) => ({
      id, corporationId, userId, issuedAt, lapsesAt: later(issuedAt, hours(policy.issuanceValidityHours)), mailAddress: `${loginId}@example.jp`, lastMailAt: issuedAt,
      setUpAt: issuedAt, confirmedAt: issuedAt, expiresAt: later(now, days(kind === "expiring" ? policy.renewalDays - 5 : policy.tokenLifeDays)),
      lastTimeStep: timeStepAt(issuedAt, policy.timeStepSeconds), sealedKey: sealTokenKey({ id, corporationId, userId }, key),
    })));
  }
  accounts.push(...people.map(({ id, loginId, userClass, kind, tokenId, key }) => ({
    id, loginId, userClass, kind, contractNumber, applies, token: holders.some((holder) => holder.id === id) ? { id: tokenId, key: key.toString("base64") } : null,
  })));
}

const colleagues = (["clerk", "clerk", "approver", "approver"] as const).map((duty, index) => ({ id: randomUUID(), staffId: `prove-${duty}-${index}`, duty, key: randomBytes(20) }));
await db.insert(staff).values(colleagues.map(({ id, staffId, duty, key }) => ({
  id, staffId, name: `証明${staffId}`, branch: "本店営業部", duty, passwordHash, passwordTemporary: false, sealedKey: sealStaffKey(id, key), algorithm: "SHA-1" as const, createdAt: now,
})));

writeFileSync(options.out!, JSON.stringify({ accounts, staff: colleagues.map(({ key, ...one }) => ({ ...one, key: key.toString("base64") })) }), { mode: 0o600 });
await client.end();
