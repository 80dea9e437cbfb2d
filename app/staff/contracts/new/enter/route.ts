import { contractFields } from "@/lib/staff/case-fields";
import { enterContract, openEntry } from "@/lib/staff/enter-case";
import { actAsStaff, byStaff } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: contractFields, back: "/staff/contracts/new", guard: byStaff("enter_case") }, async ({ request, caller, session, input }) => {
  const open = openEntry(session, "enter_case", { number: input.number, contractNumber: "", loginIds: [] });
  const result = await actAsStaff(request, caller, session, open, (work, entry) => enterContract(work, entry, input));
  if (result.ok) return { go: `/staff/cases/${result.value.number}` };
  return { fields: result.refusal.fields };
});
