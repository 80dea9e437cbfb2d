/** The time as this device tells it, in milliseconds; the QA build's pair follows the demo's clock instead. */
export function now(): number {
  return Date.now();
}

/** Settles once now() may be shown to a person. */
export const clockReady: Promise<void> = Promise.resolve();
