import { caseFields } from "@/lib/staff/case-fields";
import { needsApproval } from "@/lib/staff/case-kinds";
import { enterCase, openEntry } from "@/lib/staff/enter-case";
import { actAsStaff, byStaff } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: caseFields, back: "/staff/cases/new", guard: byStaff("enter_emergency_stop") }, async ({ request, caller, session, input }) => {
  const act = needsApproval(input.kind) ? "enter_case" : "enter_emergency_stop"; // the kind decides whose it is to enter: asked under the lock
  const result = await actAsStaff(request, caller, session, openEntry(session, act, input), (work, entry) => enterCase(work, entry, input));
  if (result.ok) return { go: `/staff/cases/${result.value.number}` };
  return "fields" in result.refusal ? { fields: result.refusal.fields } : { refusal: result.refusal };
});
