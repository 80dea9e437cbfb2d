import { and, eq, isNull } from "drizzle-orm";
import { loginPasswordSuspensions, stops, suspensions } from "@/drizzle/schema";
import { isConfirmationSuspended } from "@/lib/login/confirm-password";
import { endAccess } from "@/lib/login/session";
import type { Standing } from "@/lib/login/standing";
import { issueConfirmationPasswords, issueLoginPasswords, makeTemporaryPassword } from "@/lib/login/temporary-password";
import type { UserChange } from "@/lib/mail/intents";
import { days } from "@/lib/platform/clock";
import { removePasskeys } from "@/lib/passkey/remove";
import { done, refuse, type Result } from "@/lib/platform/result";
import { actingUser, ours, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal, RefusalReason } from "@/lib/refusals";
import { liftConfirmationPasswords, liftLoginPasswords } from "@/lib/suspension/lift-passwords";
import { releaseStops, stopUsers } from "@/lib/suspension/stop";
import { endTokens } from "@/lib/token/end";
import { closePermissions, openPermissions } from "@/lib/token/permission";
import { tokenState } from "@/lib/token/states";
import type { Act } from "./acts";
import { forbidden, type Operation } from "./operator";
import { tellUsersAndMasters } from "./tell";

/** The acts of a user's own page that need nothing but the confirmation password. */
export const userActs = [
  "open_permission", "stop", "release_stop", "issue_login_password", "issue_confirmation_password",
  "suspend_login_password", "lift_login_password", "lift_confirmation_password", "delete",
] as const satisfies Act[];
export type UserAct = (typeof userActs)[number];

/** A temporary password, to be shown once. */
type Issued = { temporaryPassword?: string };
type No = RefusalReason | undefined;

/** Each act: why it cannot be done to a user in this state, and what it does. */
const doing: Record<UserAct, { unfit: (target: Standing, now: Date) => No; change: UserChange; act: (work: Work, target: Standing) => Promise<Issued | void> | void }> = {
  open_permission: {
    unfit: (target, now) => (tokenState(target, now) === "in_use" ? "permission_not_needed" : undefined),
    change: "permission_opened",
    act: (work, target) => openPermissions(work, [target], "manager", work.now, days(policy.permissionDays)),
  },
  stop: {
    unfit: ({ stop }) => (stop ? "state_changed" : undefined),
    change: "stopped",
    act: (work, target) => stopUsers(work, [target], "manager"),
  },
  release_stop: {
    unfit: ({ stop }) => (!stop ? "state_changed" : stop.cause === "manager" ? undefined : "released_by_counter"),
    change: "stop_released",
    act: (work, target) => releaseStops(work, [target]),
  },
  issue_login_password: {
    unfit: () => undefined,
    change: "login_password_issued",
    async act(work, target) {
      const temporary = await makeTemporaryPassword();
      issueLoginPasswords(work, [{ target, temporary }]);
      return { temporaryPassword: temporary.password };
    },
  },
  issue_confirmation_password: {
    unfit: () => undefined,
    change: "confirmation_password_issued",
    async act(work, target) {
      const temporary = await makeTemporaryPassword();
      issueConfirmationPasswords(work, [{ target, temporary }]);
      return { temporaryPassword: temporary.password };
    },
  },
  suspend_login_password: {
    unfit: ({ passwordSuspendedAt }) => (passwordSuspendedAt ? "state_changed" : undefined),
    change: "login_password_suspended",
    act(work, target) {
      work.save("login_password_suspended", work.tx.insert(loginPasswordSuspensions)
        .values({ corporationId: target.corporation.id, userId: target.user.id, suspendedAt: work.now, suspendedBy: actingUser(work) }));
      endAccess(work, [target], "stopped");
      work.record({ name: "login_password.suspended", userId: target.user.id });
    },
  },
  lift_login_password: {
    unfit: ({ passwordSuspendedAt }) => (passwordSuspendedAt ? undefined : "state_changed"),
    change: "login_password_lifted",
    act: (work, target) => liftLoginPasswords(work, [target]),
  },
  lift_confirmation_password: {
    unfit: (target) => (isConfirmationSuspended(target) ? undefined : "state_changed"),
    change: "confirmation_password_lifted",
    act: (work, target) => liftConfirmationPasswords(work, [target]),
  },
  delete: {
    unfit: () => undefined,
    change: "deleted",
    async act(work, target) {
      const { user, inUse, issuance } = target;
      const live = [inUse, issuance].filter((token) => token !== null);
      if (live.length > 0) endTokens(work, live.map(({ id }) => id), "user_deleted");
      for (const { id } of live) work.record({ name: "token.ended", userId: user.id, tokenId: id, because: "user_deleted" });
      await removePasskeys(work, [target], "user_deleted");
      endAccess(work, [target], "deleted");
      closePermissions(work, [target]);
      endSuspensions(work, user.id);
      work.changeUser(user.id, { deletedAt: work.now, loginPasswordHash: "", confirmationPasswordHash: "" }); // no secret outlives the user
      work.record({ name: "user.deleted", userId: user.id });
    },
  },
};

/** Nothing that waits for somebody outlives the user: lists and counts of open rows are of users who are there. */
function endSuspensions(work: Work, userId: string): void {
  const [liftedAt, liftedBy] = [work.now, actingUser(work)];
  work.save("suspension_ended", work.tx.update(suspensions).set({ liftedAt, liftedBy }).where(and(ours(work, suspensions), eq(suspensions.userId, userId), isNull(suspensions.liftedAt))));
  work.save("stop_ended", work.tx.update(stops).set({ releasedAt: liftedAt, releasedBy: liftedBy }).where(and(ours(work, stops), eq(stops.userId, userId), isNull(stops.releasedAt))));
  work.save("login_password_suspension_ended", work.tx.update(loginPasswordSuspensions).set({ liftedAt, liftedBy })
    .where(and(ours(work, loginPasswordSuspensions), eq(loginPasswordSuspensions.userId, userId), isNull(loginPasswordSuspensions.liftedAt))));
}

/** Whether this would be refused for the user's state alone. */
export const unfitFor = (act: UserAct, target: Standing, now: Date): No => doing[act].unfit(target, now);

/** One act on one user, as far as class and state allow; user and masters are mailed. */
export async function actOnUser(work: Work, operation: Operation, userId: string, act: UserAct): Promise<Result<Issued, Refusal>> {
  const target = operation.targets.get(userId);
  const reason = forbidden(act, operation.operator, target) ?? unfitFor(act, target!, work.now);
  if (!target || reason) {
    work.record({ name: "user.act_refused", userId: target?.user.id, act, reason: reason!, ...(!target && { asked: userId }) });
    return refuse({ reason: reason! });
  }
  work.raiseRevision(userId);
  const issued = await doing[act].act(work, target);
  await tellUsersAndMasters(work, [target], (userNames) => ({ kind: "user_changed", userNames, at: work.now.toISOString(), change: doing[act].change }));
  return done(issued ?? {});
}
