/*
 * The rules for one user once more, as small as they can be said: whole seconds, no database, no keys, and not a line shared with the rules
 * themselves. `model.test.ts` does the same things to both and compares what is answered and what is so afterwards.
 */

const day = 86_400;
const numbers = {
  step: 60, ahead: 10, failures: 5, passwordFailures: 5, stop: 1_800, halfLogin: 600, issuance: day, setUps: 5, issuancesPerDay: 20, wait: 1_800, life: 730 * day, permission: 7 * day,
  passkeys: 10, challenge: 300, fresh: 600,
};

type Count = { failures: number; stoppedUntil: number | null };

export type Model = {
  now: number;
  /** Wrong login passwords: the account's count, and the browser's own once it has logged in (R4). */
  account: Count;
  browser: Count | null;
  /** Wrong one-time passwords. */
  failures: number;
  suspended: boolean;
  permissionUntil: number | null;
  issuance: { until: number; setUpAt: number | null; wrong: number } | null;
  issuedAt: number[];
  inUse: { until: number; lastStep: number } | null;
  revokedAt: number | null;
  halfLoginUntil: number | null;
  session: boolean;
  /** When what opened the session was proved. */
  provedAt: number;
  /** Every passkey there ever was, the first first. */
  passkeys: { removed: boolean }[];
  /** Until when a challenge may be answered: the session's for a new passkey, the half-login's for one that is there. Each is answered once. */
  registrationUntil: number | null;
  challengeUntil: number | null;
};

/** What is presented as a passkey: an answer to the present challenge, signed by the nth one or by somebody else's key in its place, or the last answer once more. */
export type Answer = { by: number; signed: boolean } | "again";

/** The time step, seen from the present one, whose password is presented; "wrong" is nobody's. */
export type Step = -2 | -1 | 0 | 1 | 2 | "wrong";

export type Act =
  | { do: "present password"; right: boolean }
  | { do: "present one-time password" | "confirm"; step: Step }
  | { do: "issue" }
  | { do: "set up"; right: boolean }
  | { do: "revoke"; allowReissue: boolean }
  | { do: "lift" }
  | { do: "permit" }
  | { do: "log out" }
  | { do: "ask to register" | "register" | "ask for passkey" }
  | { do: "present passkey"; answer: Answer }
  | { do: "remove passkey"; which: number }
  | { do: "wait"; seconds: number };

export const newcomer = (now: number, permissionUntil: number): Model => ({
  now, account: { failures: 0, stoppedUntil: null }, browser: null, failures: 0, suspended: false, permissionUntil, issuance: null, issuedAt: [], inUse: null, revokedAt: null,
  halfLoginUntil: null, session: false, provedAt: 0, passkeys: [], registrationUntil: null, challengeUntil: null,
});

const issued = (m: Model) => m.issuance !== null && m.issuance.until > m.now;

/** ワンタイムパスワード状態 (spec, section 1). */
function tokenStateOf(m: Model): "in_use" | "issued" | "expired" | "revoked" | "unregistered" {
  if (m.inUse && m.inUse.until > m.now) return "in_use";
  if (issued(m)) return "issued";
  if (m.inUse) return "expired";
  return m.revokedAt !== null && m.now < m.revokedAt + numbers.wait ? "revoked" : "unregistered";
}

export const registered = (m: Model) => m.passkeys.filter(({ removed }) => !removed).length;

const nextStep = { in_use: "present one-time password", issued: "confirm", expired: "issue", unregistered: "issue", revoked: undefined } as const;

/** Does it, and says what is answered: "ok", or the refusal. */
export function act(m: Model, what: Act): string {
  switch (what.do) {
    case "wait": m.now += what.seconds; return "ok";
    case "present password": return presentPassword(m, what.right);
    case "present one-time password": {
      const no = halfLoginRefuses(m, [what.do]);
      if (no) return no;
      const answer = present(m, m.inUse!, what.step);
      if (answer === "ok") openSession(m);
      return answer;
    }
    case "issue": {
      const no = halfLoginRefuses(m, [what.do, "confirm"]);
      if (no) return no;
      if (m.permissionUntil === null || m.permissionUntil <= m.now) return "no_issuance_permission";
      if (m.issuedAt.filter((at) => at > m.now - day).length >= numbers.issuancesPerDay) return "too_many_issuances";
      m.issuance = { until: m.now + numbers.issuance, setUpAt: null, wrong: 0 };
      m.issuedAt.push(m.now);
      return "ok";
    }
    case "set up": {
      const { issuance } = m;
      if (!issuance || !issued(m)) return "set_up_failed";
      if (what.right) {
        issuance.setUpAt ??= m.now;
        return "ok";
      }
      if (issuance.setUpAt === null && (issuance.wrong += 1) >= numbers.setUps) m.issuance = null;
      return "set_up_failed";
    }
    case "confirm": {
      const no = halfLoginRefuses(m, [what.do]);
      if (no) return no;
      const { setUpAt } = m.issuance!;
      if (setUpAt === null) return "phone_not_set_up";
      const token = { until: setUpAt + numbers.life, lastStep: -1 };
      const answer = present(m, token, what.step);
      if (answer === "ok") {
        Object.assign(m, { inUse: token, issuance: null, permissionUntil: null });
        openSession(m);
      }
      return answer;
    }
    case "revoke": {
      const token = ["in_use", "issued", "expired"].includes(tokenStateOf(m));
      if (!token && registered(m) === 0) return "not_revocable";
      if (token) Object.assign(m, { inUse: null, issuance: null, revokedAt: m.now }); // of a passkey alone there is nothing to wait for
      m.permissionUntil = what.allowReissue ? m.now + numbers.permission : null;
      for (const passkey of m.passkeys) passkey.removed = true;
      endAccess(m);
      return "ok";
    }
    case "lift":
      if (!m.suspended) return "not_suspended";
      Object.assign(m, { suspended: false, failures: 0 });
      return "ok";
    case "permit": m.permissionUntil = m.now + numbers.permission; return "ok";
    case "log out": Object.assign(m, { session: false, registrationUntil: null }); return "ok";
    case "ask to register":
      if (!m.session) return "session_ended";
      if (registered(m) >= numbers.passkeys) return "too_many_passkeys";
      if (proofIsOld(m)) return askedForAProof(m);
      m.registrationUntil = m.now + numbers.challenge;
      return "ok";
    case "register":
      if (!m.session) return "session_ended";
      if (!answerable(m, "registrationUntil")) return "passkey_not_registered";
      m.passkeys.push({ removed: false });
      return "ok";
    case "remove passkey":
      if (!m.session) return "session_ended";
      if (m.passkeys[what.which]?.removed !== false) return "unknown_passkey";
      if (proofIsOld(m)) return askedForAProof(m);
      m.passkeys[what.which]!.removed = true;
      return "ok";
    case "ask for passkey": {
      const no = halfLoginRefusesPasskey(m);
      if (!no) m.challengeUntil = m.now + numbers.challenge;
      return no ?? "ok";
    }
    case "present passkey": {
      const no = halfLoginRefusesPasskey(m);
      if (no) return no;
      if (what.answer === "again" || !answerable(m, "challengeUntil")) return "passkey_not_accepted";
      if (!what.answer.signed || m.passkeys[what.answer.by]?.removed !== false) return "passkey_not_accepted";
      openSession(m);
      return "ok";
    }
  }
}

/** R2–R4. */
function presentPassword(m: Model, right: boolean): string {
  const count = m.browser ?? m.account;
  if (count.stoppedUntil !== null && count.stoppedUntil > m.now) return "wrong_id_or_password";
  if (!right) {
    count.failures = count.stoppedUntil === null ? count.failures + 1 : 1;
    count.stoppedUntil = count.failures >= numbers.passwordFailures ? m.now + numbers.stop : null;
    return "wrong_id_or_password";
  }
  Object.assign(count, { failures: 0, stoppedUntil: null });
  if (m.suspended) return "suspended";
  if (tokenStateOf(m) === "revoked") return "waiting_after_revocation";
  Object.assign(m, { halfLoginUntil: m.now + numbers.halfLogin, challengeUntil: null });
  return "ok";
}

/** R1: half a login opens its next step and nothing else. */
function halfLoginRefuses(m: Model, steps: string[]): string | undefined {
  if (m.halfLoginUntil === null || m.halfLoginUntil <= m.now) return "half_login_expired";
  const next = nextStep[tokenStateOf(m)];
  return next && steps.includes(next) ? undefined : "no_token_in_use";
}

/** A passkey is as good as whatever the token's state asks for. */
function halfLoginRefusesPasskey(m: Model): string | undefined {
  if (m.halfLoginUntil === null || m.halfLoginUntil <= m.now) return "half_login_expired";
  return registered(m) === 0 || tokenStateOf(m) === "revoked" ? "no_passkey" : undefined;
}

const proofIsOld = (m: Model) => m.provedAt + numbers.fresh < m.now;
const askedForAProof = (m: Model) => (registered(m) > 0 || tokenStateOf(m) === "in_use" ? "proof_needed" : "nothing_to_prove_with");

/** A challenge is used up by whatever answers it. */
function answerable(m: Model, which: "registrationUntil" | "challengeUntil"): boolean {
  const until = m[which];
  m[which] = null;
  return until !== null && until > m.now;
}

/** R5–R7. */
function present(m: Model, token: { lastStep: number }, offset: Step): string {
  const present = Math.floor(m.now / numbers.step);
  const inWindow = offset === 0 || offset === -1 || (offset === 1 && (m.now % numbers.step) + numbers.ahead >= numbers.step);
  if (offset !== "wrong" && inWindow) {
    if (present + offset <= token.lastStep) return "wrong_one_time_password"; // replayed: in the same words, and not counted
    token.lastStep = present + offset;
    m.failures = 0;
    return "ok";
  }
  m.failures += 1;
  if (m.failures < numbers.failures) return "wrong_one_time_password";
  m.suspended = true;
  endAccess(m);
  return "suspended";
}

function openSession(m: Model): void {
  Object.assign(m, { session: true, provedAt: m.now, registrationUntil: null, halfLoginUntil: null, challengeUntil: null, browser: { failures: 0, stoppedUntil: null } });
}

/** R20. */
function endAccess(m: Model): void {
  Object.assign(m, { session: false, registrationUntil: null, halfLoginUntil: null, challengeUntil: null });
}
