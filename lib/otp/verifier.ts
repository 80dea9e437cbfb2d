import { policy } from "@/lib/policy";
import { sameText } from "@/lib/platform/keys";
import { withoutSeparators } from "@/lib/platform/separators";
import { type Algorithm, oneTimePassword, timeStepAt } from "./totp";

/** Our side of a token: `lastTimeStep` is the last accepted one, null before the first. */
type Authenticator = { key: Uint8Array; algorithm: Algorithm; lastTimeStep: number | null };

/** `drift` is the authenticator's clock against ours, in time steps. "stale" is a wrong one, and counts as such: it was right some minutes ago. */
type Verification =
  | { accepted: true; timeStep: number; drift: number }
  | { accepted: false; reason: "wrong" | "stale" }
  | { accepted: false; reason: "replayed"; timeStep: number };

/** Undefined unless it is exactly as many digits as are asked for, however they were typed. */
export function normalizeOneTimePassword(text: string): string | undefined {
  if (text.length > 40) return undefined;
  const plain = withoutSeparators(text);
  return /^[0-9]+$/.test(plain) && plain.length === policy.digits ? plain : undefined;
}

/** RFC 6238 5.2: the present time step, those before it for transmission delay, and the next one only in its last seconds before it begins. */
export function acceptedTimeSteps(now: Date): number[] {
  const present = timeStepAt(now, policy.timeStepSeconds);
  const steps = Array.from({ length: policy.acceptedStepsBack + 1 }, (_, back) => present - back);
  const next = timeStepAt(new Date(now.getTime() + policy.acceptedSecondsAhead * 1_000), policy.timeStepSeconds);
  return next > present ? [present + 1, ...steps] : steps;
}

/** Told from a guess, for whoever reads the log: so far behind the window a person was late, or the phone's clock is slow. In time steps. */
const staleSteps = 10;

/**
 * Decides; reads no clock, stores nothing. `presented` is normalised. Every time step of the window is computed and compared
 * in constant time, so that the answer's time tells nothing about which one it was.
 */
export function verify({ key, algorithm, lastTimeStep }: Authenticator, presented: string, now: Date): Verification {
  const present = timeStepAt(now, policy.timeStepSeconds);
  const matches = (timeStep: number) => sameText(oneTimePassword(key, timeStep, algorithm, policy.digits), presented);
  const window = acceptedTimeSteps(now);
  const matching = window.filter(matches);
  const fresh = matching.find((timeStep) => lastTimeStep === null || timeStep > lastTimeStep);
  if (fresh !== undefined) return { accepted: true, timeStep: fresh, drift: fresh - present };
  const [used] = matching;
  if (used !== undefined) return { accepted: false, reason: "replayed", timeStep: used };
  const behind = Array.from({ length: staleSteps }, (_, back) => Math.min(...window) - 1 - back);
  return { accepted: false, reason: behind.filter(matches).length > 0 ? "stale" : "wrong" };
}
