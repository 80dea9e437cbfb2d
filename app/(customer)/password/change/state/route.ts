import { requireAnySession, sessionAnswer } from "@/lib/login/guards";
import { get } from "@/lib/platform/http";

export const GET = get(async ({ request }) => {
  const session = await requireAnySession(request);
  return { loginId: session.user.loginId, temporary: session.level === "password_change", session: sessionAnswer(session) };
});
