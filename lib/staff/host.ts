import { env } from "@/lib/platform/env";
import { NotAllowed } from "@/lib/platform/http";
import { isSameHost } from "@/lib/platform/staff-host.mjs";

/** The counter console is on its own host and nowhere else. The server process asks this first; whoever answers asks again. */
export function requireStaffHost(request: Request): void {
  const { STAFF_HOST } = env();
  if (STAFF_HOST && !isSameHost(request.headers.get("host"), STAFF_HOST)) throw new NotAllowed({ reason: "not_here" });
}
