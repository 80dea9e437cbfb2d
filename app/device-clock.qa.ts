/** The QA build's devices follow the demo's clock, also through an offline reload. */
const storageKey = "ichido.qa-clock-offset";

let offset = 0;

export function now(): number {
  return Math.floor(Date.now() + offset);
}

async function follow() {
  const asked = Date.now();
  const answer = await fetch("/qa/api/clock", { cache: "no-store" });
  if (!answer.ok) return;
  const clock = (await answer.json()) as { now: string };
  const measured = Date.parse(clock.now) - (asked + Date.now()) / 2;
  // Half a round trip of noise must not make the countdown stutter.
  if (Math.abs(measured - offset) < 250) return;
  offset = measured;
  localStorage.setItem(storageKey, String(Math.round(offset)));
}

/** A failed poll is a phone offline: it goes on with the offset it knows. */
const followQuietly = () => follow().catch(() => undefined);

export const clockReady: Promise<void> =
  typeof window === "undefined"
    ? Promise.resolve()
    : (async () => {
        try {
          offset = Number(localStorage.getItem(storageKey)) || 0;
        } catch {
          offset = 0;
        }
        await followQuietly();
        setInterval(() => void followQuietly(), 1000);
      })();
