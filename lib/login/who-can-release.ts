import { hasAbleManager } from "@/lib/corporation/managers";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import type { Standing } from "./standing";
import type { AfterPassword } from "./states";

const atTheCounter = {
  user_stopped: "user_stopped_by_counter",
  login_password_suspended: "login_password_suspended_counter",
  suspended: "suspended_counter",
  no_issuance_permission: "no_issuance_permission_counter",
  confirmation_password_suspended: "confirmation_password_suspended_counter",
} as const;

type Releasable = keyof typeof atTheCounter;

/** The refusal in the words of who can release it: another able manager of the company (R21), or only the counter. */
export async function sayingWhoCanRelease<Reason extends Releasable>(
  work: Work, { user, corporation, stop }: Standing, reason: Reason,
): Promise<Refusal<Reason | (typeof atTheCounter)[Reason]>> {
  const counterOnly = reason === "user_stopped" && stop !== null && stop.cause !== "manager";
  const able = !counterOnly && (await hasAbleManager(work.tx, corporation.id, user.id, work.now));
  return { reason: able ? reason : atTheCounter[reason] };
}

/** The same of whatever closes the login (R2): the wait after a revocation ends by itself. */
export const sayingWhyClosed = async (work: Work, standing: Standing, next: Extract<AfterPassword, { refused: unknown }>) =>
  next.refused === "waiting_after_revocation"
    ? { reason: next.refused, until: next.until, now: work.now }
    : sayingWhoCanRelease(work, standing, next.refused);
