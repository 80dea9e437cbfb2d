import { shownPasswordOf } from "@/lib/demo/accounts.qa";
import { json } from "@/lib/platform/http";

/** `GET /qa/api/one-time-password?loginId=haruki`: what that user's phone shows now, for scripts. */
export async function GET(request: Request): Promise<Response> {
  const found = await shownPasswordOf(new URL(request.url).searchParams.get("loginId") ?? "");
  return found ? json(found) : json({ problem: "No token of this user is set up." }, 404);
}
