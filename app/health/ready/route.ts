import { readClock } from "@/lib/platform/clock";
import { database, withinDeadline } from "@/lib/platform/database";

export const dynamic = "force-dynamic";

/** The process can serve: its database answers. */
export async function GET(): Promise<Response> {
  const ready = await withinDeadline(readClock(database()), 3_000).then(() => true, () => false);
  return new Response(ready ? "ready\n" : "the database does not answer\n", { status: ready ? 200 : 503, headers: { "cache-control": "no-store" } });
}
