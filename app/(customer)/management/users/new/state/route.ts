import { assignableClasses } from "@/lib/corporation/acts";
import { requireManager, viewerAnswer } from "@/lib/login/guards";
import { get } from "@/lib/platform/http";

export const GET = get(async ({ request }) => {
  const session = await requireManager(request);
  return { ...viewerAnswer(session), assignableClasses: assignableClasses(session.user) };
});
