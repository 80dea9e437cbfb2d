import { z } from "zod";
import { inOneTransaction } from "@/lib/platform/transaction";
import { openCase, withdrawCase } from "@/lib/staff/cases";
import { requireStaff, staffActor } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: z.object({}), back: "/staff/cases" }, async ({ request, caller, params }) => {
  const session = await requireStaff(request, "withdraw_case");
  const number = params.number ?? "";
  const result = await inOneTransaction(caller, openCase(session, "withdraw_case", number), withdrawCase, staffActor(session));
  return result.ok ? { go: `/staff/cases/${encodeURIComponent(number)}` } : { refusal: result.refusal };
});
