import { policy } from "@/lib/policy";
import { sameText } from "@/lib/platform/keys";
import { withoutSeparators } from "@/lib/platform/separators";
import { type Algorithm, oneTimePassword, timeStepAt } from "./totp";

/** Our side of a token: `lastTimeStep` is the last accepted one, null before the first. */
type Authenticator = { key: Uint8Array; algorithm: Algorithm; lastTimeStep: number | null };

/** `drift` is the authenticator's clock against ours, in time steps. */
type Verification =
  | { accepted: true; timeStep: number; drift: number }
  | { accepted: false; reason: "wrong" }
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

/**
 * Decides; reads no clock, stores nothing. `presented` is normalised. Every time step of the window is computed and compared
 * in constant time, so that the answer's time tells nothing about which one it was.
 */
export function verify({ key, algorithm, lastTimeStep }: Authenticator, presented: string, now: Date): Verification {
  const present = timeStepAt(now, policy.timeStepSeconds);
  const matching = acceptedTimeSteps(now).filter((timeStep) =>
    sameText(oneTimePassword(key, timeStep, algorithm, policy.digits), presented));
  const fresh = matching.find((timeStep) => lastTimeStep === null || timeStep > lastTimeStep);
  if (fresh !== undefined) return { accepted: true, timeStep: fresh, drift: fresh - present };
  const [used] = matching;
  return used === undefined ? { accepted: false, reason: "wrong" } : { accepted: false, reason: "replayed", timeStep: used };
}
