import { z } from "zod";
import { withdrawCase } from "@/lib/staff/decide-case";
import { openCase } from "@/lib/staff/open-case";
import { actAsStaff, byStaff } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: z.object({}), back: "/staff/cases", guard: byStaff("withdraw_case") }, async ({ request, caller, session, params: { number = "" } }) => {
  const result = await actAsStaff(request, caller, session, openCase(session, "withdraw_case", number), withdrawCase);
  return result.ok ? { go: `/staff/cases/${encodeURIComponent(number)}` } : { refusal: result.refusal };
});
