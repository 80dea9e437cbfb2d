import { sql } from "drizzle-orm";
import { bigint, boolean, check, date, index, integer, jsonb, pgEnum, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, moment } from "./columns";
import { corporations, users } from "./corporation";
import { passkeyPurpose } from "./passkey";
import { tokenAlgorithm } from "./token";

export const staffDuty = pgEnum("staff_duty", ["clerk", "approver", "auditor"]);

/** 職員: who works at the counter console. The row is the lock of everything that is decided about its member of staff. */
export const staff = pgTable(
  "staff",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    staffId: text("staff_id").notNull(), // personal: 職員ID
    name: text("name").notNull(), // personal
    branch: text("branch").notNull(), // business data: 店舗
    duty: staffDuty("duty").notNull(), // not sensitive
    passwordHash: text("password_hash").notNull(), // secret: Argon2id with its parameters
    passwordTemporary: boolean("password_temporary").notNull(), // not sensitive
    passwordFailures: smallint("password_failures").notNull().default(0), // wrong passwords in a row, from browsers not known
    passwordStoppedUntil: moment("password_stopped_until"), // no password from such a browser is evaluated until then
    sealedKey: text("sealed_key").notNull(), // secret: the TOTP key, AES-256-GCM under KEY_RING, bound to this row
    algorithm: tokenAlgorithm("algorithm").notNull(), // not sensitive
    lastTimeStep: bigint("last_time_step", { mode: "number" }), // not sensitive: the last accepted time step; only grows under one key
    oneTimePasswordFailures: smallint("one_time_password_failures").notNull().default(0), // wrong one-time passwords in a row
    suspendedAt: moment("suspended_at"), // 利用停止 after too many of them; `npm run staff:change` lifts it
    createdAt: moment("created_at").notNull(), // not sensitive
    endedAt: moment("ended_at"), // no longer works here; the row stays for the audit log
  },
  (t) => [
    uniqueIndex("staff_staff_id").on(sql`lower(${t.staffId})`),
    check("staff_failures_not_negative", sql`${t.passwordFailures} >= 0 and ${t.oneTimePasswordFailures} >= 0`),
  ],
);

/** Half a staff login: the password was right, the second factor is missing. It opens nothing. */
export const staffLoginAttempts = pgTable("staff_login_attempts", {
  staffId: uuid("staff_id").primaryKey().references(() => staff.id), // not sensitive
  secretHash: text("secret_hash").notNull().unique(), // sensitive: SHA-256 of the cookie's secret
  expiresAt: moment("expires_at").notNull(), // not sensitive
});

/** A browser that has logged in as this member of staff: it keeps a count of wrong passwords of its own, so that a stranger cannot shut the counter (R4). */
export const staffKnownBrowsers = pgTable(
  "staff_known_browsers",
  {
    staffId: uuid("staff_id").notNull().references(() => staff.id), // not sensitive
    browserHash: text("browser_hash").notNull(), // sensitive: SHA-256 of the device cookie's secret
    failures: smallint("failures").notNull().default(0), // wrong passwords in a row from this browser
    stoppedUntil: moment("stopped_until"), // no password from this browser is evaluated until then
  },
  (t) => [primaryKey({ columns: [t.staffId, t.browserHash] }), check("staff_known_browsers_failures_not_negative", sql`${t.failures} >= 0`)],
);

export const staffSessionEnd = pgEnum("staff_session_end", ["logout", "replaced", "idle", "absolute", "changed"]);

/** A staff session: its row is the truth, the cookie holds only its secret. The duty is the staff row's, read at every request. */
export const staffSessions = pgTable(
  "staff_sessions",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    staffId: uuid("staff_id").notNull().references(() => staff.id), // not sensitive
    secretHash: text("secret_hash").notNull().unique(), // sensitive: SHA-256 of the cookie's secret
    openedAt: moment("opened_at").notNull(), // not sensitive
    lastSeenAt: moment("last_seen_at").notNull(), // written at most once in 30 s: it may end a session early, never late
    expiresAt: moment("expires_at").notNull(), // absolute end
    provedAgainAt: moment("proved_again_at"), // the last fresh proof after the one that opened it
    network: text("network").notNull(), // personal
    browser: text("browser").notNull(), // personal
    endedAt: moment("ended_at"), // not sensitive
    endedBecause: staffSessionEnd("ended_because"), // told to the browser that held it
  },
  (t) => [
    uniqueIndex("staff_sessions_one_open").on(t.staffId).where(sql`${t.endedAt} is null`),
    check("staff_sessions_end_has_cause", sql`(${t.endedAt} is null) = (${t.endedBecause} is null)`),
  ],
);

export const staffPasskeyEnd = pgEnum("staff_passkey_end", ["removed", "revoked"]);

/** パスキー of a member of staff, as a user's in `passkeys`: removed by themselves, or revoked by an operator. */
export const staffPasskeys = pgTable(
  "staff_passkeys",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    staffId: uuid("staff_id").notNull().references(() => staff.id), // not sensitive; only its own member of staff ever registers one
    credentialId: text("credential_id").notNull().unique("staff_passkeys_credential_id"), // not sensitive: base64url, told to whoever knows the password
    publicKey: bytes("public_key").notNull(), // not sensitive: COSE
    counter: bigint("counter", { mode: "number" }).notNull(), // not sensitive: the last signature counter seen; 0 where the authenticator has none
    transports: text("transports").array().notNull(), // not sensitive: how the browser reaches the authenticator
    name: text("name").notNull(), // personal: what its owner calls it
    registeredAt: moment("registered_at").notNull(), // not sensitive
    lastUsedAt: moment("last_used_at"), // not sensitive
    removedAt: moment("removed_at"), // not sensitive
    removedBecause: staffPasskeyEnd("removed_because"), // not sensitive
  },
  (t) => [
    index("staff_passkeys_of_staff").on(t.staffId).where(sql`${t.removedAt} is null`),
    check("staff_passkeys_end_has_cause", sql`(${t.removedAt} is null) = (${t.removedBecause} is null)`),
    check("staff_passkeys_counter_not_negative", sql`${t.counter} >= 0`),
  ],
);

/** A challenge that a member of staff's authenticator is to sign, as a user's in `passkey_challenges`. */
export const staffPasskeyChallenges = pgTable(
  "staff_passkey_challenges",
  {
    id: uuid("id").primaryKey(), // not sensitive: stands in the audit log beside what it was used for
    staffId: uuid("staff_id").notNull().references(() => staff.id), // not sensitive
    purpose: passkeyPurpose("purpose").notNull(), // not sensitive
    challenge: text("challenge").notNull().unique("staff_passkey_challenges_challenge"), // not sensitive: as in passkey_challenges
    nonce: text("nonce"), // not sensitive: as in passkey_challenges
    halfLoginHash: text("half_login_hash"), // sensitive: the half-login's, as in staff_login_attempts
    sessionId: uuid("session_id").references(() => staffSessions.id), // not sensitive
    createdAt: moment("created_at").notNull(), // not sensitive
    expiresAt: moment("expires_at").notNull(), // not sensitive
    usedAt: moment("used_at"), // presented, whatever came of it
  },
  (t) => [
    uniqueIndex("staff_passkey_challenges_one_open").on(t.staffId, t.purpose).where(sql`${t.usedAt} is null`),
    index("staff_passkey_challenges_expiry").on(t.expiresAt),
    check("staff_passkey_challenges_bound", sql`case ${t.purpose} when 'login' then ${t.halfLoginHash} is not null and ${t.sessionId} is null else ${t.halfLoginHash} is null and ${t.sessionId} is not null end`),
    check("staff_passkey_challenges_in_order", sql`${t.createdAt} < ${t.expiresAt}`),
  ],
);

export const caseKind = pgEnum("case_kind", [
  "lift_suspension", "revoke_token", "open_permission", "issue_login_password", "issue_confirmation_password", "release_stop", "emergency_stop",
  "apply_service", "end_service", "change_authentication",
]);
export const caseState = pgEnum("case_state", ["waiting", "returned", "withdrawn", "done"]);

/** 受付票: what a customer asked the counter for, entered by one member of staff and approved by another. */
export const cases = pgTable(
  "cases",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    number: text("number").notNull(), // business data: 受付番号, printed on the customer's paper
    kind: caseKind("kind").notNull(), // not sensitive
    state: caseState("state").notNull().default("waiting"), // not sensitive
    corporationId: uuid("corporation_id").references(() => corporations.id), // null while a new contract waits for approval
    newContract: jsonb("new_contract"), // personal: the contract and first master to be, see lib/staff/case-fields.ts
    serviceAppliesFrom: date("service_applies_from", { mode: "string" }), // 申込: from 00:00 Japan time of this date
    authentication: jsonb("authentication"), // business data: what the contract's passkey and step-up policy is to be, see lib/staff/case-fields.ts
    allowReissue: boolean("allow_reissue").notNull().default(false), // 失効: whether a 発行許可 follows
    documents: jsonb("documents").notNull(), // not sensitive: names of the documents checked
    reason: text("reason").notNull(), // personal
    branch: text("branch").notNull(), // business data: where it was entered
    enteredBy: uuid("entered_by").notNull().references(() => staff.id), // not sensitive
    enteredAt: moment("entered_at").notNull(), // not sensitive
    decidedBy: uuid("decided_by").references(() => staff.id), // who approved, sent back or withdrew
    decidedAt: moment("decided_at"), // not sensitive
    decisionReason: text("decision_reason"), // personal: why it was sent back
    sealNumber: integer("seal_number"), // head of the company's audit chain when it was done, of the institution's for a new contract; null before the first block
    sealHash: text("seal_hash"), // not sensitive
  },
  (t) => [
    uniqueIndex("cases_number").on(sql`lower(${t.number})`),
    index("cases_waiting").on(t.enteredAt).where(sql`${t.state} in ('waiting', 'returned')`),
    index("cases_by_day").on(t.enteredAt),
    index("cases_by_corporation").on(t.corporationId, t.enteredAt),
    check("cases_decided", sql`(${t.state} = 'waiting') = (${t.decidedAt} is null) and (${t.decidedAt} is null) = (${t.decidedBy} is null)`),
    // R22, for the day the code forgets: nobody approves what they entered. An emergency stop is one person's.
    check("cases_two_people", sql`${t.state} not in ('done', 'returned') or ${t.kind} = 'emergency_stop' or ${t.decidedBy} <> ${t.enteredBy}`),
    check("cases_know_their_company", sql`${t.corporationId} is not null or (${t.newContract} is not null and ${t.state} <> 'done')`),
  ],
);

/** A user whom a case is about, as the user was when it was entered, and what came of it. */
export const caseTargets = pgTable(
  "case_targets",
  {
    id: uuid("id").primaryKey().defaultRandom(), // not sensitive
    caseId: uuid("case_id").notNull().references(() => cases.id), // not sensitive
    corporationId: uuid("corporation_id").notNull().references(() => corporations.id), // not sensitive
    userId: uuid("user_id").notNull().references(() => users.id), // not sensitive
    place: smallint("place").notNull(), // not sensitive: the order of the paper
    seen: jsonb("seen").notNull(), // personal: the states at entry, see lib/staff/target-states.ts
    outcome: text("outcome"), // "done" or the refusal's reason; null before approval
    sealedSlip: text("sealed_slip"), // secret: the temporary passwords, AES-256-GCM under KEY_RING, erased once shown
    slipShownAt: moment("slip_shown_at"), // not sensitive
  },
  (t) => [
    uniqueIndex("case_targets_user").on(t.caseId, t.userId),
    index("case_targets_by_user").on(t.userId),
    index("case_targets_slips").on(t.caseId).where(sql`${t.sealedSlip} is not null`),
    check("case_targets_slip_of_done", sql`${t.sealedSlip} is null or ${t.outcome} = 'done'`),
  ],
);
