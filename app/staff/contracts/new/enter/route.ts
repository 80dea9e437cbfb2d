import { inOneTransaction } from "@/lib/platform/transaction";
import { contractFields } from "@/lib/staff/case-fields";
import { enterContract, openEntry } from "@/lib/staff/cases";
import { requireStaff, staffActor } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

export const POST = staffPost({ fields: contractFields, back: "/staff/contracts/new" }, async ({ request, caller, input }) => {
  const session = await requireStaff(request, "enter_case");
  const result = await inOneTransaction(caller, openEntry(session, "enter_case", { number: input.number, contractNumber: "", loginIds: [] }), (work, entry) =>
    enterContract(work, entry, input), staffActor(session));
  if (result.ok) return { go: `/staff/cases/${result.value.number}` };
  return "fields" in result.refusal ? { fields: result.refusal.fields } : { refusal: result.refusal };
});
