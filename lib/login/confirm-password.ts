import { tellUserAndManagers } from "@/lib/corporation/tell";
import { passwordMatches } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import type { Standing } from "./standing";
import { attemptsLeft } from "./states";
import { sayingWhoCanRelease } from "./who-can-release";

export type ConfirmationRefusal = Refusal<"wrong_confirmation_password" | "confirmation_password_suspended" | "confirmation_password_suspended_counter">;

/** The column says since when, for people; the count decides. */
export const isConfirmationSuspended = ({ user }: Pick<Standing, "user">): boolean =>
  user.confirmationFailures >= policy.confirmationFailuresBeforeSuspension;

/** Why it is not asked for; undefined where it is. */
export const confirmationClosed = async (work: Work, standing: Standing): Promise<ConfirmationRefusal | undefined> =>
  isConfirmationSuspended(standing) ? sayingWhoCanRelease(work, standing, "confirmation_password_suspended") : undefined;

/**
 * 確認用パスワード, asked for before an act (R17, R18). The last allowed wrong one in a row makes it 利用停止: then none is evaluated,
 * until another manager or the counter lifts or resets it. The session goes on.
 */
export async function confirmPassword(work: Work, standing: Standing, presented: string): Promise<Result<void, ConfirmationRefusal>> {
  const { user } = standing;
  const closed = await confirmationClosed(work, standing);
  if (closed) {
    work.record({ name: "confirmation_password.refused", userId: user.id, reason: closed.reason });
    return refuse(closed);
  }
  if (await passwordMatches(user.confirmationPasswordHash, presented)) {
    work.changeUser(user.id, { confirmationFailures: 0 });
    return done(undefined);
  }
  const failures = user.confirmationFailures + 1;
  work.changeUser(user.id, { confirmationFailures: failures });
  work.record({ name: "confirmation_password.refused", userId: user.id, reason: "wrong", failures });
  if (failures < policy.confirmationFailuresBeforeSuspension)
    return refuse({ reason: "wrong_confirmation_password", attemptsLeft: attemptsLeft(failures, policy.confirmationFailuresBeforeSuspension) });
  await suspendConfirmation(work, standing, failures);
  return refuse(await sayingWhoCanRelease(work, standing, "confirmation_password_suspended"));
}

async function suspendConfirmation(work: Work, standing: Standing, failures: number): Promise<void> {
  const { user } = standing;
  work.changeUser(user.id, { confirmationSuspendedAt: work.now });
  work.record({ name: "confirmation_password.suspended", userId: user.id, failures });
  await tellUserAndManagers(work, standing, (forManagers) =>
    ({ kind: "confirmation_password_suspended", userName: user.name, at: work.now.toISOString(), network: work.caller.network, forManagers }));
}
