import { z } from "zod";
import { userPage } from "@/lib/corporation/user-page";
import { requireManager, viewerAnswer } from "@/lib/login/guards";
import { get, NotAllowed } from "@/lib/platform/http";

export const GET = get(async ({ request, params }) => {
  const session = await requireManager(request);
  const id = z.uuid().safeParse(params.id);
  const shown = id.success ? await userPage(session, id.data) : undefined;
  if (!shown) throw new NotAllowed({ reason: "unknown_user" });
  return { ...viewerAnswer(session), shown };
});
