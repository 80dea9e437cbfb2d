import { z } from "zod";
import { decisionReasonField } from "@/lib/staff/case-fields";
import { returnCase } from "@/lib/staff/decide-case";
import { openCase } from "@/lib/staff/open-case";
import { actAsStaff, byStaff } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

const fields = z.object({ decisionReason: decisionReasonField });

export const POST = staffPost({ fields, back: "/staff/cases", guard: byStaff("decide_case") }, async ({ request, caller, session, params: { number = "" }, input: { decisionReason } }) => {
  const result = await actAsStaff(request, caller, session, openCase(session, "decide_case", number), (work, inHand) => returnCase(work, inHand, decisionReason));
  return result.ok ? { go: `/staff/cases/${encodeURIComponent(number)}` } : { refusal: result.refusal };
});
