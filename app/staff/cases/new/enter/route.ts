import { inOneTransaction } from "@/lib/platform/transaction";
import { caseFields } from "@/lib/staff/case-fields";
import { needsApproval } from "@/lib/staff/case-kinds";
import { enterCase, openEntry } from "@/lib/staff/cases";
import { requireStaff, staffActor } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: caseFields, back: "/staff/cases/new" }, async ({ request, caller, input }) => {
  const act = needsApproval(input.kind) ? "enter_case" : "enter_emergency_stop";
  const session = await requireStaff(request, act);
  const result = await inOneTransaction(caller, openEntry(session, act, input), (work, entry) => enterCase(work, entry, input), staffActor(session));
  if (result.ok) return { go: `/staff/cases/${result.value.number}` };
  return "fields" in result.refusal ? { fields: result.refusal.fields } : { refusal: result.refusal };
});
