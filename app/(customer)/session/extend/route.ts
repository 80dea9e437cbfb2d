import { z } from "zod";
import { requireAnySession } from "@/lib/login/guards";
import { sessionAnswer } from "@/lib/login/session-life";
import { post } from "@/lib/platform/http";

export const POST = post({ fields: z.object({}), back: "/" }, async ({ request }) =>
  ({ go: "/", extras: { session: sessionAnswer(await requireAnySession(request)) } }));
