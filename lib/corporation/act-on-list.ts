import { type Standing } from "@/lib/login/standing";
import { done, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { RefusalReason } from "@/lib/refusals";
import { lift } from "@/lib/suspension/lift";
import { revoke } from "@/lib/token/revoke";
import { after, reissuableAt, tokenState } from "@/lib/token/states";
import { type ActResultRow, keepActResult } from "./act-result";
import type { Act } from "./acts";
import { forbidden, type Operation } from "./operator";

/** At most this many users at once: more is a company's decision, not a slip of the hand, and stays within one screen of results. */
export const mostUsersOfOneAct = 100;

type DoneAct = { secret: string; ownSessionEnded: boolean };

/** 利用停止解除 of the users chosen (notice, reference 1). One result a user: a refused one neither undoes nor hides the others. */
export async function liftSuspensions(work: Work, operation: Operation, userIds: string[]): Promise<Result<DoneAct, never>> {
  const asked = await onEach(work, operation, userIds, {
    act: "lift_suspension", refused: "suspension.lift_refused", unfit: "not_suspended", verb: (targets) => lift(work, targets),
  });
  const rows = asked.map(({ target, outcome }): ActResultRow => ({
    user: target ? shown(target) : null, outcome, suspended: target && outcome !== "done" ? target.suspendedAt !== null : target ? false : undefined,
  }));
  return done({ ...keepActResult(work, operation, "lift_suspension", rows), ownSessionEnded: false });
}

/** トークンの失効 of the users chosen (notice, reference 2), one's own included: then the session ends with it (R16). */
export async function revokeTokens(work: Work, operation: Operation, userIds: string[], allowReissue: boolean): Promise<Result<DoneAct, never>> {
  const asked = await onEach(work, operation, userIds, {
    act: "revoke_token", refused: "token.revoke_refused", unfit: "not_revocable", verb: (targets) => revoke(work, targets, { allowReissue }),
  });
  const rows = asked.map(({ target, outcome }): ActResultRow => {
    if (!target) return { user: null, outcome };
    const before = tokenState(target, work.now);
    const revokedNow = outcome === "done" && after(before, "revoke") !== undefined; // who had a passkey alone has no token that was revoked
    const revokedAt = revokedNow ? work.now : target.revokedAt;
    const state = revokedNow ? "revoked" : before;
    return { user: shown(target), outcome, tokenState: state, reissuableAt: state === "revoked" ? reissuableAt(revokedAt!).toISOString() : undefined };
  });
  const ownSessionEnded = asked.some(({ target, outcome }) => outcome === "done" && target?.user.id === operation.operator.user.id);
  return done({ ...keepActResult(work, operation, "revoke_token", rows), ownSessionEnded });
}

const shown = ({ user }: Standing) => ({ loginId: user.loginId, name: user.name, userClass: user.userClass });

type OnEach = {
  act: Act;
  refused: "suspension.lift_refused" | "token.revoke_refused";
  /** Why the verb leaves a user alone. */
  unfit: RefusalReason;
  /** Does it to all of them and answers to whom it was done. */
  verb: (targets: Standing[]) => Promise<Standing[]>;
};

async function onEach(work: Work, { operator, targets }: Operation, userIds: string[], { act, refused, unfit, verb }: OnEach) {
  const asked = [...new Set(userIds)].map((id) => {
    const target = targets.get(id);
    const reason = forbidden(act, operator, target);
    if (reason) work.record({ name: refused, userId: target?.user.id, reason, ...(!target && { asked: id }) });
    return { target, reason };
  });
  const acted = await verb(asked.flatMap(({ target, reason }) => (target && !reason ? [target] : [])));
  return asked.map(({ target, reason }) => ({ target, outcome: reason ?? (acted.includes(target!) ? ("done" as const) : unfit) }));
}
