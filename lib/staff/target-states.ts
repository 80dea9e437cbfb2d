import { statesOfUser } from "@/lib/corporation/user-states";
import { userClassNames } from "@/lib/corporation/user-classes";
import type { Standing } from "@/lib/login/standing";
import { fingerprint } from "@/lib/platform/keys";
import type { TargetState } from "./answers";

/** The answers to section 1's questions about one user, in words: what a case is decided on. */
export type SeenStates = Record<string, string>;

export function statesSeen(standing: Standing, now: Date): SeenStates {
  const states = statesOfUser(standing, now, [], { nameOf: () => undefined, revokedBy: null });
  return { 利用者区分: userClassNames[standing.user.userClass], ...Object.fromEntries(states.map(({ question, state }) => [question, state])) };
}

/** The same questions at entry and now; "―" where the user is gone. */
export const compareStates = (then: SeenStates, now: SeenStates | undefined): TargetState[] =>
  Object.keys(now ?? then).map((question) => ({ question, then: then[question] ?? "―", now: now?.[question] ?? "―" })); // in the questions' order: a stored object has lost it

/** What an approver looked at, the case as it was entered and the states as they are: sent back with the approval, and compared under the locks. */
export const seenFingerprint = (entered: unknown[], targets: { userId: string; states: SeenStates | undefined }[]): string =>
  fingerprint(JSON.stringify([entered, targets.map(({ userId, states }) => [userId, states ?? null])]));
