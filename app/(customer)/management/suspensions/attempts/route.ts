import { chosenUsersField } from "@/lib/corporation/list-request";
import { requireManager } from "@/lib/login/guards";
import { get, NotAllowed } from "@/lib/platform/http";
import { attemptsOf } from "@/lib/suspension/attempts";

/** When and from where the wrong one-time passwords of the users chosen came. Another company's users have none, as who does not exist. */
export const GET = get(async ({ request }) => {
  const session = await requireManager(request);
  const chosen = chosenUsersField.safeParse(new URL(request.url).searchParams.get("users") ?? "");
  if (!chosen.success) throw new NotAllowed({ reason: "unknown_user" });
  return { attempts: Object.fromEntries(await attemptsOf(session.corporation.id, chosen.data)) };
});
