import { seconds } from "@/lib/platform/clock";
import { withinDeadline } from "@/lib/platform/database";
import { describe, log } from "@/lib/platform/log";
import { sealOneRound, SealingRefused } from "./seal";

/**
 * Seals every second for as long as the process runs, beside other processes that do the same: an event is in a block two seconds after the last transaction
 * that is older than it. One round at a time: one that hangs is given up, and the advisory lock keeps it from the next when it comes back. Answers the way to stop.
 */
export function startSealer({ every = seconds(1), deadline = seconds(9) } = {}): () => Promise<void> {
  const stopping = new AbortController();
  let wake = () => {};
  const pause = (milliseconds: number) => new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => { clearTimeout(timer); resolve(); };
    if (stopping.signal.aborted) wake();
  });

  async function run(): Promise<void> {
    let outage = 0;
    while (!stopping.signal.aborted) {
      let more = false;
      try {
        more = await withinDeadline(sealOneRound(), deadline);
        outage = 0;
      } catch (error) {
        outage += 1;
        log().error({ error: describe(error), outage, ...(error instanceof SealingRefused && { reason: error.message }) }, "the audit log could not be sealed");
      }
      if (!more) await pause(outage === 0 ? every : Math.min(every * 2 ** (outage - 1), seconds(5)));
    }
  }

  const running = run();
  return async () => {
    stopping.abort();
    wake();
    await running;
  };
}
