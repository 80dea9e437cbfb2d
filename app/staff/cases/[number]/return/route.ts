import { z } from "zod";
import { inOneTransaction } from "@/lib/platform/transaction";
import { decisionReasonField } from "@/lib/staff/case-fields";
import { openCase, returnCase } from "@/lib/staff/cases";
import { requireStaff, staffActor } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

const fields = z.object({ decisionReason: decisionReasonField });

export const POST = staffPost({ fields, back: "/staff/cases" }, async ({ request, caller, params, input: { decisionReason } }) => {
  const session = await requireStaff(request, "decide_case");
  const number = params.number ?? "";
  const result = await inOneTransaction(caller, openCase(session, "decide_case", number), (work, open) => returnCase(work, open, decisionReason), staffActor(session));
  return result.ok ? { go: `/staff/cases/${encodeURIComponent(number)}` } : { refusal: result.refusal };
});
