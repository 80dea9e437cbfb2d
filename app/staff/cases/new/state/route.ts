import { z } from "zod";
import { caseForm } from "@/lib/staff/case-page";
import { requireStaff, staffViewer } from "@/lib/staff/guards";
import { staffGet } from "@/lib/staff/http";

const word = z.string().max(60).catch("");
const query = z.object({ contract: word, user: word, kind: word, again: word });

export const GET = staffGet(async ({ request }) => {
  const session = await requireStaff(request, "enter_emergency_stop");
  return { ...staffViewer(session), ...(await caseForm(session, query.parse(Object.fromEntries(new URL(request.url).searchParams)))) };
});
