import { z } from "zod";
import { inOneTransaction } from "@/lib/platform/transaction";
import { approveCase, openCase, temporariesFor } from "@/lib/staff/cases";
import { requireStaff, staffActor } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";

const fields = z.object({ seen: z.string().max(200).default("") });

export const POST = staffPost({ fields, back: "/staff/cases" }, async ({ request, caller, params, input: { seen } }) => {
  const session = await requireStaff(request, "decide_case");
  const number = params.number ?? "";
  const temporaries = await temporariesFor(number);
  const result = await inOneTransaction(caller, openCase(session, "decide_case", number), (work, open) => approveCase(work, open, seen, temporaries), staffActor(session));
  return result.ok ? { go: `/staff/cases/${encodeURIComponent(number)}` } : { refusal: result.refusal };
});
