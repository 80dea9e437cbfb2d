import { z } from "zod";
import { requireAnySession, sessionAnswer } from "@/lib/login/guards";
import { post } from "@/lib/platform/http";

export const POST = post({ fields: z.object({}), back: "/" }, async ({ request }) =>
  ({ go: "/", extras: { session: sessionAnswer(await requireAnySession(request)) } }));
