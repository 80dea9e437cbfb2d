import { readClock } from "@/lib/platform/clock";
import { readCookie } from "@/lib/platform/cookies";
import { database, withinDeadline } from "@/lib/platform/database";
import { get } from "@/lib/platform/http";

/** The rules' clock, for the phone to compare its own with, and whether this browser is the one that logs in: then it is no second device. Open to anyone. */
export const GET = get(async ({ request }) => {
  const { now } = await withinDeadline(readClock(database()));
  return { now: now.getTime(), sameBrowser: Boolean(readCookie(request, "halfLogin") ?? readCookie(request, "session")) };
});
