import { z } from "zod";
import { sessionAnswer } from "@/lib/login/session-life";
import { requireAnyStaff } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: z.object({}), back: "/staff", guard: requireAnyStaff }, async ({ session }) =>
  ({ go: "/staff", extras: { session: sessionAnswer(session) } }));
