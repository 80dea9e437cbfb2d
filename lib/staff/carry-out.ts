import { isConfirmationSuspended } from "@/lib/login/confirm-password";
import type { Standing } from "@/lib/login/standing";
import { issueConfirmationPasswords, issueLoginPasswords, type TemporaryPassword } from "@/lib/login/temporary-password";
import { tellUsersAndMasters } from "@/lib/corporation/tell";
import type { UserChange } from "@/lib/mail/intents";
import { days } from "@/lib/platform/clock";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { RefusalReason } from "@/lib/refusals";
import { liftConfirmationPasswords, liftLoginPasswords } from "@/lib/suspension/lift-passwords";
import { lift } from "@/lib/suspension/lift";
import { releaseStops, stopUsers } from "@/lib/suspension/stop";
import { openPermissions } from "@/lib/token/permission";
import { isRevocable, revoke } from "@/lib/token/revoke";
import { tokenState } from "@/lib/token/states";
import type { CaseKind } from "./case-kinds";

type UserKind = Exclude<CaseKind, "apply_service" | "end_service" | "change_authentication">;

type Act = {
  /** Why it cannot be done to a user in this state. */
  unfit: (target: Standing, now: Date) => RefusalReason | undefined;
  act: (work: Work, targets: Standing[], options: { allowReissue: boolean; temporaries: TemporaryPassword[] }) => Promise<void> | void;
};

const tell = (work: Work, targets: Standing[], change: UserChange) =>
  tellUsersAndMasters(work, targets, (userNames) => ({ kind: "user_changed", userNames, at: work.now.toISOString(), change }));

/** The counter's acts (R22, R23): the verbs of management, by another actor. */
const acts: Record<UserKind, Act> = {
  lift_suspension: {
    unfit: (target) => (target.suspendedAt || target.passwordSuspendedAt || isConfirmationSuspended(target) ? undefined : "not_suspended"),
    async act(work, targets) {
      const [oneTime, login, confirmation] = [
        targets.filter(({ suspendedAt }) => suspendedAt), targets.filter(({ passwordSuspendedAt }) => passwordSuspendedAt), targets.filter(isConfirmationSuspended),
      ];
      await lift(work, oneTime);
      liftLoginPasswords(work, login);
      await tell(work, login, "login_password_lifted");
      liftConfirmationPasswords(work, confirmation);
      await tell(work, confirmation, "confirmation_password_lifted");
    },
  },
  revoke_token: {
    unfit: (target, now) => (isRevocable(target, now) ? undefined : "not_revocable"),
    act: async (work, targets, { allowReissue }) => void (await revoke(work, targets, { allowReissue })),
  },
  open_permission: {
    unfit: (target, now) => (tokenState(target, now) === "in_use" ? "permission_not_needed" : undefined),
    async act(work, targets) {
      openPermissions(work, targets, "counter", work.now, days(policy.permissionDays));
      await tell(work, targets, "permission_opened");
    },
  },
  issue_login_password: {
    unfit: () => undefined,
    async act(work, targets, { temporaries }) {
      issueLoginPasswords(work, targets.map((target, index) => ({ target, temporary: temporaries[index]! })));
      liftLoginPasswords(work, targets.filter(({ passwordSuspendedAt }) => passwordSuspendedAt)); // what was suspended is no password any more
      await tell(work, targets, "login_password_issued");
    },
  },
  issue_confirmation_password: {
    unfit: () => undefined,
    async act(work, targets, { temporaries }) {
      issueConfirmationPasswords(work, targets.map((target, index) => ({ target, temporary: temporaries[index]! })));
      await tell(work, targets, "confirmation_password_issued");
    },
  },
  release_stop: {
    unfit: ({ stop }) => (stop ? undefined : "state_changed"),
    async act(work, targets) {
      releaseStops(work, targets);
      await tell(work, targets, "stop_released");
    },
  },
  emergency_stop: {
    unfit: ({ stop }) => (stop && stop.cause !== "manager" ? "state_changed" : undefined),
    async act(work, targets) {
      stopUsers(work, targets, "emergency");
      await tell(work, targets, "stopped_by_counter");
    },
  },
};

export type Outcome = { userId: string; outcome: "done" | RefusalReason; temporary?: TemporaryPassword };

/** Does what a case asks for to each user it names; one who does not fit is left alone and hides nobody else. `standings` are locked, and all of one company. */
export async function carryOut(
  work: Work, kind: UserKind, { userIds, standings, allowReissue, temporaries }: { userIds: string[]; standings: Standing[]; allowReissue: boolean; temporaries: TemporaryPassword[] },
): Promise<Outcome[]> {
  const { unfit, act } = acts[kind];
  const asked = userIds.map((userId) => {
    const target = standings.find(({ user }) => user.id === userId);
    return { userId, target, reason: target ? unfit(target, work.now) : ("unknown_user" as const) };
  });
  const fit = asked.flatMap(({ target, reason }) => (target && !reason ? [target] : []));
  if (fit.length > 0) await act(work, fit, { allowReissue, temporaries });
  return asked.map(({ userId, target, reason }) =>
    reason ? { userId, outcome: reason } : { userId, outcome: "done", temporary: temporaries[fit.indexOf(target!)] });
}
