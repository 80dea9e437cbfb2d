import { z } from "zod";
import { inOneTransaction } from "@/lib/platform/transaction";
import { openCase } from "@/lib/staff/cases";
import { requireStaff, staffActor } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { showSlips } from "@/lib/staff/slips";

export const POST = staffPost({ fields: z.object({}), back: "/staff/cases" }, async ({ request, caller, params }) => {
  const session = await requireStaff(request, "show_slips");
  const number = params.number ?? "";
  const result = await inOneTransaction(caller, openCase(session, "show_slips", number), showSlips, staffActor(session));
  if (!result.ok) return { refusal: result.refusal };
  return { go: `/staff/cases/${encodeURIComponent(number)}`, extras: { slips: result.value, issuedAt: session.now.toISOString() } };
});
