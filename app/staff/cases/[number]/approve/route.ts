import { z } from "zod";
import { proofFields, proofIn } from "@/lib/approval/prove";
import { approveCase, temporariesFor } from "@/lib/staff/decide-case";
import { openForApproval } from "@/lib/staff/open-case";
import { actAsStaff, byStaff } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

const fields = z.object({ seen: z.string().max(200).default(""), ...proofFields });

export const POST = staffPost({ fields, back: "/staff/cases", guard: byStaff("decide_case") }, async ({ request, caller, session, params: { number = "" }, input }) => {
  const proof = proofIn(input);
  const temporaries = await temporariesFor(session, number, proof);
  const result = await actAsStaff(request, caller, session, openForApproval(session, number), (work, open) => approveCase(work, open, { seen: input.seen, proof }, temporaries));
  return result.ok ? { go: `/staff/cases/${encodeURIComponent(number)}` } : { refusal: result.refusal };
});
