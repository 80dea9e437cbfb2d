import { hours, minutes, seconds } from "@/lib/platform/clock";
import { withinDeadline } from "@/lib/platform/database";
import { describe, log } from "@/lib/platform/log";
import { counter } from "@/lib/platform/prometheus.mjs";
import { onMailWritten } from "@/lib/platform/wake";
import { parseMailAddress } from "./address";
import { contentOf, giveUp, leaseDue, type LeasedMail, markSent, postpone } from "./store";
import { mailKinds, write } from "./templates";
import type { Mail, Outcome, Transport } from "./transport";
import { mailTransport } from "./transports";

const mailsAtOnce = 8;
const longestBackOff = minutes(10);
const longestRetryAfter = hours(1); // a provider's slip of the pen must not hold a link back for its whole validity

const ends = counter({
  name: "ichido_mails_total", help: "Attempts to send a mail, by its kind and what became of it; postponed ones are tried again.",
  labels: { kind: mailKinds, end: ["sent", "refused", "unknown", "withdrawn", "postponed"] },
});

/** The kind stands in the row; one that this version does not know counts as another. */
const count = (mail: LeasedMail, end: Parameters<typeof ends.add>[0]["end"]) => ends.add({ kind: mail.kind as (typeof mailKinds)[number], end });

type Timing = { lookEvery: number; attempt: number };

/** Milliseconds until the next attempt: 5 s, 10 s, 20 s … 10 min, a fifth more or less, so that an outage's mails do not come back as one. */
export const backOff = (attempts: number, random = Math.random()): number =>
  Math.min(seconds(5) * 2 ** (attempts - 1), longestBackOff) * (0.8 + 0.4 * random);

/**
 * Sends what the transactions wrote, for as long as the process runs, beside other processes that do the same.
 * `everyMinute` are the process's other recurring jobs. Answers the way to stop: what is under way is finished.
 */
export function startMailWorker({ everyMinute = [], transport = mailTransport(), timing = {} }: {
  everyMinute?: (() => Promise<void>)[];
  transport?: Transport;
  timing?: Partial<Timing>;
} = {}): () => Promise<void> {
  const { lookEvery, attempt } = { lookEvery: seconds(2), attempt: seconds(10), ...timing };
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  let wake = () => {};
  let woken = false;
  onMailWritten(() => { woken = true; wake(); });

  /** Until the time is over, or something was written, or a place became free. */
  const pause = (milliseconds: number) => new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => { clearTimeout(timer); resolve(); };
    if (woken || stopping.signal.aborted) wake();
  });

  const begin = (mail: LeasedMail) => {
    const delivery = deliver(mail, transport, attempt).finally(() => {
      underWay.delete(delivery);
      woken = true;
      wake();
    });
    underWay.add(delivery);
  };

  /** Takes no more than it can begin at once: a lease is for one attempt. What waits behind them is seen when one ends. */
  async function look() {
    const free = mailsAtOnce - underWay.size;
    if (free > 0) (await leaseDue(free, attempt / seconds(1))).forEach(begin);
  }

  async function run() {
    let outage = 0;
    while (!stopping.signal.aborted) {
      woken = false;
      try {
        await look();
        outage = 0;
        await pause(lookEvery);
      } catch (error) {
        outage += 1;
        log().error({ error: describe(error), outage }, "the mail worker cannot read its mails");
        woken = false; // what was written meanwhile is found at the next look
        await pause(Math.min(seconds(1) * 2 ** (outage - 1), seconds(5)));
      }
    }
  }

  const running = run();
  const stopJobs = startJobs(everyMinute);
  return async () => {
    stopping.abort();
    onMailWritten(() => {});
    wake();
    await Promise.all([running, stopJobs()]);
    await Promise.all(underWay);
  };
}

/** One after the other, now and every minute; a round that lasts longer leaves the next one out. */
function startJobs(jobs: (() => Promise<void>)[]): () => Promise<void> {
  let round: Promise<void> | undefined;
  const begin = () => { round ??= all().finally(() => { round = undefined; }); };
  async function all() {
    for (const job of jobs) {
      await withinDeadline(job(), minutes(1)).catch((error: unknown) => log().error({ error: describe(error), job: job.name }, "a recurring job failed"));
    }
  }
  begin();
  const timer = setInterval(begin, minutes(1));
  return async () => {
    clearInterval(timer);
    await round;
  };
}

/** One attempt and its entry in the books. Never rejects: what cannot be written down is tried again when the lease is over. */
async function deliver(mail: LeasedMail, transport: Transport, attemptLasts: number): Promise<void> {
  try {
    if (mail.linkIsDead) {
      await giveUp(mail, "withdrawn", "link_is_dead");
      return count(mail, "withdrawn");
    }
    if (mail.outcomeIsLost) return await end(mail, "unknown", "outcome_lost");
    const to = parseMailAddress(mail.recipient);
    if (!to) return await end(mail, "refused", "address");

    const outcome = await attemptOf(mail, to, transport, attemptLasts);
    await persistently(() => enter(mail, outcome));
  } catch (error) {
    log().error({ mail: mail.id, error: describe(error) }, "a mail's state could not be written; it is looked at again");
  }
}

async function attemptOf(mail: LeasedMail, to: string, transport: Transport, attemptLasts: number): Promise<Outcome> {
  let words: Mail;
  try {
    words = write(contentOf(mail), to);
  } catch (error) {
    log().error({ mail: mail.id, kind: mail.kind, error: describe(error) }, "a mail cannot be put into words");
    return { retry: "unreadable" };
  }
  // The transport is told to stop, and is not waited for if it does not.
  const timeout = AbortSignal.timeout(attemptLasts);
  const late = new Promise<Outcome>((resolve) => { timeout.addEventListener("abort", () => setTimeout(resolve, 100, { unknown: "timeout" }), { once: true }); });
  const answer = transport(words, { idempotencyKey: mail.id, signal: timeout }).catch((error: unknown): Outcome => {
    log().error({ mail: mail.id, error: describe(error) }, "the mail transport failed");
    return { unknown: "transport" };
  });
  return Promise.race([answer, late]);
}

async function enter(mail: LeasedMail, outcome: Outcome): Promise<void> {
  if (outcome === "sent") {
    log().info({ mail: mail.id, kind: mail.kind, attempts: mail.attempts }, "mail sent");
    await markSent(mail);
    return count(mail, "sent");
  }
  if ("refused" in outcome) return end(mail, "refused", outcome.refused);

  const problem = "retry" in outcome ? outcome.retry : outcome.unknown;
  const asked = "retry" in outcome ? seconds(outcome.afterSeconds ?? 0) : 0;
  const wait = Math.max(backOff(mail.attempts), Math.min(asked, longestRetryAfter));
  log().warn({ mail: mail.id, kind: mail.kind, attempts: mail.attempts, problem, seconds: Math.round(wait / 1_000) }, "mail postponed");
  await postpone(mail, wait / 1_000, problem, "retry" in outcome);
  count(mail, "postponed");
}

async function end(mail: LeasedMail, state: "refused" | "unknown", problem: string): Promise<void> {
  log().error({ mail: mail.id, kind: mail.kind, attempts: mail.attempts, problem, state }, "mail given up");
  await giveUp(mail, state, problem);
  count(mail, state);
}

/** A provider's yes is worth some patience with the database: forgotten, it costs a second attempt. */
async function persistently(work: () => Promise<void>): Promise<void> {
  for (let wait = seconds(0.5); ; wait *= 2) {
    try {
      return await work();
    } catch (error) {
      if (wait > seconds(4)) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
