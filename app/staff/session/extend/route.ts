import { z } from "zod";
import { requireAnyStaff, staffSessionAnswer } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: z.object({}), back: "/staff", guard: requireAnyStaff }, async ({ session }) =>
  ({ go: "/staff", extras: { session: staffSessionAnswer(session) } }));
