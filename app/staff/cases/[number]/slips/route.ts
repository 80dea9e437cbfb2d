import { z } from "zod";
import { openCase } from "@/lib/staff/open-case";
import { actAsStaff, byStaff } from "@/lib/staff/guards";
import { staffPost } from "@/lib/staff/http";
import { showSlips } from "@/lib/staff/slips";

/** Answered once, and in JSON only: a plain form's redirect would lose them. */
export const POST = staffPost({ fields: z.object({}), back: "/staff/cases", guard: byStaff("show_slips") }, async ({ request, caller, session, params: { number = "" } }) => {
  if (!request.headers.get("accept")?.includes("application/json")) return { refusal: { reason: "unreadable" } };
  const result = await actAsStaff(request, caller, session, openCase(session, "show_slips", number), showSlips);
  if (!result.ok) return { refusal: result.refusal };
  return { go: `/staff/cases/${encodeURIComponent(number)}`, extras: { slips: result.value, issuedAt: session.now.toISOString() } };
});
