import type { SessionAnswer } from "@/lib/platform/answer";
import { later, minutes } from "@/lib/platform/clock";
import { policy } from "@/lib/policy";

/* How long a session lasts: a customer's and a member of staff's. */

type Session = { now: Date; lastSeenAt: Date; expiresAt: Date };

/** `lastSeenAt` is written at most this often: the idle time may end early by as much, never late. */
export const seenEverySeconds = 30;

const idleEndsAt = ({ lastSeenAt }: Session): Date => later(lastSeenAt, minutes(policy.idleMinutes));

export function overdue(session: Session): "idle" | "absolute" | undefined {
  if (session.expiresAt <= session.now) return "absolute";
  return idleEndsAt(session) <= session.now ? "idle" : undefined;
}

export const sessionAnswer = (session: Session): SessionAnswer => ({
  now: session.now.toISOString(), idleEndsAt: idleEndsAt(session).toISOString(), endsAt: session.expiresAt.toISOString(),
});
