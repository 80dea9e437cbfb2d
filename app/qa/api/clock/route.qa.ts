import { z } from "zod";
import { advanceClock, clockState, resetClock } from "@/lib/demo/clock.qa";
import { putScenario, type ScenarioName } from "@/lib/demo/scenarios.qa";
import { readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { json } from "@/lib/platform/http";
import { wakeMailWorker } from "@/lib/platform/wake";

const body = z.union([
  z.strictObject({ advanceSeconds: z.number().int().min(1).max(10 * 366 * 86_400) }),
  z.strictObject({ reset: z.literal(true) }),
]);

const present = async () => json({ now: (await readClock(database())).now });

export const dynamic = "force-dynamic";

export const GET = present;

/** Moves the clock of every process on this database forward, or puts it back together with the last scenario. */
export async function POST(request: Request): Promise<Response> {
  const parsed = body.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) return json({ problem: 'Send { "advanceSeconds": 1800 } or { "reset": true }.' }, 400);
  if ("reset" in parsed.data) {
    await resetClock(database());
    await putScenario((await clockState(database())).scenario as ScenarioName);
  } else {
    await advanceClock(database(), parsed.data.advanceSeconds);
  }
  wakeMailWorker();
  return present();
}
