import { statesOfUser } from "@/lib/corporation/user-states";
import { userClassNames } from "@/lib/corporation/user-classes";
import type { Standing } from "@/lib/login/standing";
import { dateAndTime } from "@/lib/platform/japan-time";
import { fingerprint } from "@/lib/platform/keys";
import type { TargetState } from "./answers";

/**
 * The answers to section 1's questions about one user, in words, and which rows give them: a stop that was released and made anew reads
 * the same, and is another one.
 */
export type SeenStates = { words: Record<string, string>; rows: (string | null)[] };

export function statesSeen(standing: Standing, now: Date): SeenStates {
  const states = statesOfUser(standing, now, [], { nameOf: () => undefined, revokedBy: null });
  const { user, stop, suspendedAt, passwordSuspendedAt, inUse, issuance, permission, passkeySince } = standing;
  return {
    words: {
      利用者区分: userClassNames[user.userClass],
      ...Object.fromEntries(states.map(({ question, state, kind, since, cause }) => {
        const more = [since && `${dateAndTime(new Date(since))}から`, kind === "stopped" && cause].filter(Boolean).join("、");
        return [question, more ? `${state}（${more}）` : state];
      })),
    },
    rows: [
      stop && `${stop.cause} ${stop.at?.toISOString()}`, suspendedAt?.toISOString() ?? null, passwordSuspendedAt?.toISOString() ?? null,
      user.confirmationSuspendedAt?.toISOString() ?? null, inUse?.id ?? null, issuance?.id ?? null, permission?.id ?? null, passkeySince?.toISOString() ?? null,
    ],
  };
}

/** A user whom the case itself registered: there was nobody to be seen at the entry. */
export const unseen: SeenStates = { words: {}, rows: [] };

/** The same questions at entry and now; "―" where the user is gone, and none where there was nobody before. */
export const compareStates = (then: SeenStates, now: SeenStates | undefined): TargetState[] =>
  Object.keys(then.words).length === 0 ? [] : Object.keys((now ?? then).words).map((question) => ({ question, then: then.words[question] ?? "―", now: now?.words[question] ?? "―" })); // in the questions' order: a stored object has lost it

export const isSame = (then: SeenStates, now: SeenStates | undefined): boolean =>
  now !== undefined && JSON.stringify(then.rows) === JSON.stringify(now.rows) && compareStates(then, now).every((state) => state.then === state.now);

/** What an approver looked at, the case as it was entered and the users as they are: sent back with the approval, and compared under the locks. */
export const seenFingerprint = (entered: unknown[], targets: { userId: string; states: SeenStates | undefined }[]): string =>
  fingerprint(JSON.stringify([entered, targets.map(({ userId, states }) => [userId, states ?? null])]));
