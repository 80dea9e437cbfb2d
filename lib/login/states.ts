import { policy } from "@/lib/policy";
import { startOfDay } from "@/lib/platform/japan-time";
import { reissuableAt, tokenState } from "@/lib/token/states";
import type { Standing } from "./standing";

/** R2, after a right password: the first that applies. */
export type AfterPassword =
  | { refused: "user_stopped" | "login_password_suspended" | "suspended" }
  | { refused: "waiting_after_revocation"; until: Date }
  | { step: LoginStepName }
  | { step: "passkey"; only: true };

export type LoginStepName = "session" | "issuance" | "confirmation" | "one_time_password" | "passkey";

type Facts = Pick<Standing, "user" | "stop" | "passwordSuspendedAt" | "suspendedAt" | "corporation" | "inUse" | "issuance" | "revokedAt" | "passkeySince">;

/** 申込済 counts from 00:00 Japan time of its date. */
export const serviceApplies = (appliesFrom: string | null, now: Date): boolean => appliesFrom !== null && startOfDay(appliesFrom) <= now;

/** 「必須とする」: from 00:00 Japan time of its date the second step is a passkey, or leads to the registration of one. It is the second step of a service that applies. */
export const passkeyIsRequired = ({ serviceAppliesFrom, passkeyPolicy, passkeyRequiredFrom }: Standing["corporation"], now: Date): boolean =>
  passkeyPolicy === "required" && serviceApplies(serviceAppliesFrom, now) && startOfDay(passkeyRequiredFrom!) <= now;

export function afterPassword(facts: Facts, now: Date): AfterPassword {
  if (facts.stop) return { refused: "user_stopped" };
  if (facts.passwordSuspendedAt) return { refused: "login_password_suspended" };
  if (facts.suspendedAt) return { refused: "suspended" };
  if (!serviceApplies(facts.corporation.serviceAppliesFrom, now)) return { step: "session" };
  const state = tokenState(facts, now);
  if (state === "revoked") return { refused: "waiting_after_revocation", until: reissuableAt(facts.revokedAt!) };
  if (facts.passkeySince && passkeyIsRequired(facts.corporation, now)) return { step: "passkey", only: true };
  switch (state) {
    case "expired":
    case "unregistered": return { step: facts.passkeySince ? "passkey" : "issuance" };
    case "issued": return { step: "confirmation" };
    case "in_use": return { step: "one_time_password" };
  }
}

/** Where each step is. */
export const pathOf = {
  session: "/", issuance: "/token/issuance", confirmation: "/token/confirmation", one_time_password: "/login/one-time-password", passkey: "/login/passkey",
} as const satisfies Record<LoginStepName, string>;

/**
 * Whether half a login may be at a step. A passkey is as good as what the token's state asks for, in whichever state; who has an issuance open may begin another,
 * and who has a passkey and no token may have one issued. Where the contract requires a passkey, who has one is nowhere else.
 */
export function mayBeAt(step: Exclude<LoginStepName, "session">, next: AfterPassword, { passkeySince }: Pick<Facts, "passkeySince">): boolean {
  if ("refused" in next || next.step === "session") return false;
  if (step === "passkey") return passkeySince !== null;
  if ("only" in next) return false;
  return next.step === step || (step === "issuance" && (next.step === "confirmation" || next.step === "passkey"));
}

/** R8: from two attempts left, the screen says how many. */
export function attemptsLeft(failures: number, allowed = policy.failuresBeforeSuspension): number | undefined {
  const left = allowed - failures;
  return left <= 2 && left > 0 ? left : undefined;
}
