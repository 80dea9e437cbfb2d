import { readNumber } from "./platform/env";

type PolicyNumber = { value: number; unit: string; least: number; most: number; variable: string; source: string };

/** Every number the bank may change: its default, unit, absurdity bounds, environment variable and where it comes from. */
export const policyNumbers = {
  timeStepSeconds: { value: 60, unit: "s", least: 30, most: 60, variable: "ICHIDO_TIME_STEP_SECONDS", source: "notice 1: the password changes every minute" },
  digits: { value: 6, unit: "digits", least: 6, most: 8, variable: "ICHIDO_DIGITS", source: "RFC 4226 5.3: at least six" },
  acceptedStepsBack: { value: 1, unit: "time steps", least: 0, most: 1, variable: "ICHIDO_ACCEPTED_STEPS_BACK", source: "RFC 6238 5.2: transmission delay" },
  acceptedSecondsAhead: { value: 10, unit: "s", least: 0, most: 29, variable: "ICHIDO_ACCEPTED_SECONDS_AHEAD", source: "a fast phone clock; a whole step would make it a 3-minute password" },
  failuresBeforeSuspension: { value: 5, unit: "one-time passwords", least: 3, most: 10, variable: "ICHIDO_FAILURES_BEFORE_SUSPENSION", source: "notice, reference 1: a certain number; the number is ours" },
  passwordFailuresBeforeStop: { value: 5, unit: "passwords", least: 3, most: 20, variable: "ICHIDO_PASSWORD_FAILURES_BEFORE_STOP", source: "SP 800-63B 3.2.2" },
  temporaryStopMinutes: { value: 30, unit: "min", least: 5, most: 1440, variable: "ICHIDO_TEMPORARY_STOP_MINUTES", source: "ours" },
  confirmationFailuresBeforeSuspension: { value: 5, unit: "passwords", least: 3, most: 20, variable: "ICHIDO_CONFIRMATION_FAILURES", source: "SP 800-63B 3.2.2" },
  passwordChangesPerDay: { value: 3, unit: "changes in 24 h", least: 2, most: 20, variable: "ICHIDO_PASSWORD_CHANGES_PER_DAY", source: "ours: each change of one password is a guess at the other" },
  issuanceValidityHours: { value: 24, unit: "h", least: 1, most: 168, variable: "ICHIDO_ISSUANCE_VALIDITY_HOURS", source: "ours: one working day" },
  setUpTries: { value: 5, unit: "wrong set-ups", least: 3, most: 10, variable: "ICHIDO_SET_UP_TRIES", source: "SP 800-63B 3.2.2" },
  resends: { value: 5, unit: "mails", least: 1, most: 20, variable: "ICHIDO_RESENDS", source: "ours" },
  secondsBetweenResends: { value: 60, unit: "s", least: 10, most: 3600, variable: "ICHIDO_SECONDS_BETWEEN_RESENDS", source: "ours" },
  issuancesPerDay: { value: 20, unit: "issuances in 24 h", least: 3, most: 100, variable: "ICHIDO_ISSUANCES_PER_DAY", source: "ours: nobody uses us to flood a mailbox" },
  waitAfterRevocationMinutes: { value: 30, unit: "min", least: 0, most: 1440, variable: "ICHIDO_WAIT_AFTER_REVOCATION_MINUTES", source: "notice, reference 2" },
  tokenLifeDays: { value: 730, unit: "days", least: 30, most: 1830, variable: "ICHIDO_TOKEN_LIFE_DAYS", source: "two years; ours" },
  renewalDays: { value: 30, unit: "days before the end", least: 7, most: 90, variable: "ICHIDO_RENEWAL_DAYS", source: "ours" },
  permissionDaysFromService: { value: 30, unit: "days", least: 7, most: 180, variable: "ICHIDO_PERMISSION_DAYS_FROM_SERVICE", source: "ours" },
  permissionDays: { value: 7, unit: "days", least: 1, most: 30, variable: "ICHIDO_PERMISSION_DAYS", source: "ours" },
  passkeysPerUser: { value: 10, unit: "passkeys", least: 1, most: 20, variable: "ICHIDO_PASSKEYS_PER_USER", source: "ours: several devices, and still a list one can look through" },
  passkeyChallengeMinutes: { value: 5, unit: "min", least: 1, most: 10, variable: "ICHIDO_PASSKEY_CHALLENGE_MINUTES", source: "WebAuthn 13.4.3; ours: time to find the device" },
  halfLoginMinutes: { value: 10, unit: "min", least: 2, most: 10, variable: "ICHIDO_HALF_LOGIN_MINUTES", source: "ASVS 2.3.1" },
  idleMinutes: { value: 15, unit: "min", least: 3, most: 60, variable: "ICHIDO_IDLE_MINUTES", source: "SP 800-63B 2.2.3" },
  absoluteHours: { value: 12, unit: "h", least: 1, most: 24, variable: "ICHIDO_ABSOLUTE_HOURS", source: "SP 800-63B 2.2.3" },
  stepUpMinutes: { value: 10, unit: "min", least: 1, most: 60, variable: "ICHIDO_STEP_UP_MINUTES", source: "ASVS 7.5.3; ours: an act or two after the login, and not the rest of the day" },
  historyDays: { value: 100, unit: "days", least: 30, most: 3660, variable: "ICHIDO_HISTORY_DAYS", source: "ours" },
  usersPerContract: { value: 10_000, unit: "users", least: 1, most: 100_000, variable: "ICHIDO_USERS_PER_CONTRACT", source: "ours" },
  usersPerImport: { value: 300, unit: "users in a file", least: 1, most: 1_000, variable: "ICHIDO_USERS_PER_IMPORT", source: "ours: two password hashes each" },
} as const satisfies Record<string, PolicyNumber>;

type Policy = Readonly<Record<keyof typeof policyNumbers, number>>;

export const policy: Policy = Object.fromEntries(
  Object.entries(policyNumbers).map(([name, number]) => [name, readNumber(number)]),
) as Policy;
